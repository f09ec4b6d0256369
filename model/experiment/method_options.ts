/**
 * The options of one method's training, from its description: flags, help, checks, presets.
 *
 * @module
 */
import { z } from "zod";
import { InputError } from "../../pipeline/contract/errors.ts";
import { checkConfig, type checkOptions } from "../../pipeline/terminal/config.ts";
import type { OptionGroups } from "../../pipeline/terminal/options.ts";
import { optionsOf } from "../../pipeline/terminal/schema_options.ts";
import type { MethodDescription } from "../methods/neural.ts";
import { withMethodDefaults } from "../methods/neural.ts";
import { DESCRIPTIONS } from "../methods/registry.ts";
import { noSuchMethod } from "../train/methods.ts";
import { AUTOMLP, checkJob, jobSchema, jobShape, pick, runShape, trainShape } from "./options.ts";
import type { JobOptions, MethodJobOptions } from "./job_options.ts";
import type { MethodName } from "../methods/method_options.ts";
import { optionsOfPreset, type PresetName } from "../presets/presets.ts";

type Description = MethodDescription<z.ZodRawShape>;
type Shape = Record<string, z.ZodType>;

/**
 * Returns a method's description.
 *
 * @param beside Other names that may be given in the same place.
 * @throws {InputError} if there is no method of that name.
 */
export function describedMethod(name: string, beside: readonly string[] = []): Description {
  const found = DESCRIPTIONS.find((description) => description.name === name);
  if (found) return found as unknown as Description;
  throw name === AUTOMLP
    ? new InputError(
      "AutoMLP is searched before it is trained: deno task pipeline does both, deno task search and retrain one each",
    )
    : noSuchMethod(name, [...beside, ...DESCRIPTIONS.map(({ name }) => name)]);
}

/** The options of a method's training in the groups of `--help`: its sizes and choices, and those of every training. */
export function methodGroups(description: Description) {
  const { title, shape } = description;
  return { [title]: shape as Shape, "Training": withMethodDefaults(trainShape, description) as Shape };
}

/** The options of every method's training, for `--help` if no method is named: where methods differ, it says so. */
export function optionsOfAnyMethod(): OptionGroups {
  const [first, ...others] = DESCRIPTIONS.map((description) =>
    optionsOf({ Training: withMethodDefaults(trainShape, description) as Shape }).Training
  );
  const isSame = (key: string) => others.every((other) => other[key].fallback === first[key].fallback);
  return {
    "Training": Object.fromEntries(
      Object.entries(first).map(([key, option]) => [
        key,
        isSame(key) ? option : { ...option, fallback: "by the method" },
      ]),
    ),
  };
}

/** The schema of the options of a method's training. */
export function methodSchema(description: Description) {
  return z.strictObject({
    ...Object.assign({}, ...Object.values(methodGroups(description))) as Shape,
    ...runShape,
  });
}

/** The given options that a method has too. */
export const knownOf = (description: Description, given: object): Record<string, unknown> =>
  pick(methodSchema(description).shape, given);

const { method: _method, sizes: _sizes, ...automlpShape } = jobShape;
const automlpSchema = z.strictObject(automlpShape);

/** Names of the options that the job has for at least one method. */
export const JOB_OPTIONS: ReadonlySet<string> = new Set([
  "method",
  ...[automlpShape, ...DESCRIPTIONS.map(({ shape }) => shape)].flatMap((shape) => Object.keys(shape)),
]);

/**
 * Returns the options of the job of a method.
 *
 * @param given One flat list, like flags: options of every training and of the method itself. Omitted options have the method's
 * defaults.
 * @param check Checks options by the names under which they were given: as flags, or in a program ({@link checkOptions}).
 * @throws {InputError} if there is no such method or option, a value is not valid, or options contradict each other.
 */
export function jobOf(
  method: string,
  given: Record<string, unknown>,
  check: typeof checkOptions = checkConfig,
): JobOptions {
  if (method === AUTOMLP) {
    const options = jobSchema.parse(check(automlpSchema, given));
    checkJob(options);
    return options;
  }
  const description = describedMethod(method, [AUTOMLP]);
  const values = check(methodSchema(description), given) as Record<string, unknown>;
  return jobSchema.parse({
    ...pick({ ...trainShape, ...runShape }, values),
    method,
    sizes: pick(description.shape, values),
  });
}

/** @throws {InputError} if the sizes of a method do not fit together, whatever the data. */
export function checkSizes({ method, sizes }: Pick<JobOptions, "method" | "sizes">): void {
  if (method !== AUTOMLP) describedMethod(method).check?.(sizes);
}

/**
 * Returns the options of a method that suit a dataset known by name.
 *
 * @throws {InputError} if there is no such preset, or it has no options for the method.
 * @example
 * ```ts
 * import { prepare, presetFor, train } from "automlp";
 *
 * const { dataset } = await prepare({ dataset: "demo", out: await Deno.makeTempDir() });
 * const sasrec = await train("sasrec", dataset, { ...presetFor("ml-100k", "sasrec"), epochs: 1 });
 * console.log(sasrec);
 * ```
 */
export function presetFor<M extends MethodName>(preset: PresetName, method: M): MethodJobOptions<M> {
  return optionsOfPreset(preset, method) as MethodJobOptions<M>;
}
