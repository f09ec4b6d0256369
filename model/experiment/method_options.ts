/**
 * The options of one method's training, from its own description: flags, help, check.
 *
 * @module
 */
import { z } from "zod";
import { InputError } from "../../pipeline/contract/errors.ts";
import { checkConfig, type checkOptions } from "../../pipeline/terminal/config.ts";
import type { OptionGroups } from "../../pipeline/terminal/options.ts";
import { optionsOf } from "../../pipeline/terminal/schema_options.ts";
import type { MethodDescription } from "../methods/neural.ts";
import { withMethodDefaults } from "../methods/options.ts";
import { DESCRIPTIONS } from "../methods/registry.ts";
import { noSuchMethod } from "../train/methods.ts";
import { AUTOMLP, checkJob, jobSchema, jobShape, pick, runShape, trainShape } from "./options.ts";
import type { JobOptions } from "./job_options.ts";

type Description = MethodDescription<z.ZodRawShape>;
type Shape = Record<string, z.ZodType>;

/**
 * A method's description.
 *
 * @param beside Names that may be given where this one is.
 * @throws {InputError} if there is none of that name.
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

/** The options of a method's training in the groups of `--help`: its sizes and choices, and what every training has. */
export function methodGroups(description: Description) {
  const { title, shape } = description;
  return { [title]: shape as Shape, "Training": withMethodDefaults(trainShape, description) as Shape };
}

/** The options that every method's training has, for `--help` where none is named: of what methods differ in, it says that. */
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

/** What a training of the method may be given. */
export function methodSchema(description: Description) {
  return z.strictObject({
    ...Object.assign({}, ...Object.values(methodGroups(description))) as Shape,
    ...runShape,
  });
}

/** Of what was asked for, what a method has too. */
export const knownOf = (description: Description, given: object): Record<string, unknown> =>
  pick(methodSchema(description).shape, given);

const { method: _method, sizes: _sizes, ...automlpShape } = jobShape;
const automlpSchema = z.strictObject(automlpShape);

/**
 * The options of the job of a method.
 *
 * @param given In one list, as flags are: what every training has, and what the method has by itself. What is left out is the method's
 * default.
 * @param check How options are called where they were given: as flags, or in a program ({@link checkOptions}).
 * @throws {InputError} if there is no such method or option, a value does not fit, or options contradict each other.
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

/** @throws {InputError} if the sizes of a method do not go together, whatever the data. */
export function checkSizes({ method, sizes }: Pick<JobOptions, "method" | "sizes">): void {
  if (method !== AUTOMLP) describedMethod(method).check?.(sizes);
}
