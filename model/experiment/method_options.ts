/**
 * The options of one method's training, from its own description: flags, help, check.
 *
 * @module
 */
import { z } from "zod";
import { didYouMean, InputError } from "../../pipeline/contract/errors.ts";
import { checkConfig } from "../../pipeline/terminal/config.ts";
import type { OptionGroups } from "../../pipeline/terminal/options.ts";
import { optionsOf } from "../../pipeline/terminal/schema_options.ts";
import type { MethodDescription } from "../methods/neural.ts";
import { DESCRIPTIONS } from "../methods/registry.ts";
import { AUTOMLP, type JobOptions, jobShape } from "./options.ts";

type Description = MethodDescription<z.ZodRawShape>;

/** Options of the job that do not belong to AutoMLP alone. */
export const TRAINING_KEYS = [
  ...[
    "loss",
    "trainNegatives",
    "trainDistribution",
    "logitAdjustment",
    "scoreRegularisation",
    "rate",
    "schedule",
    "batchSize",
  ] as const,
  ...["epochs", "patience", "metric", "protocol", "ks"] as const,
  ...["budget", "resume", "strict", "backend", "threads"] as const,
] satisfies readonly (keyof JobOptions)[];

/**
 * A method's description.
 *
 * @throws {InputError} if there is none of that name.
 */
export function describedMethod(name: string): Description {
  const found = DESCRIPTIONS.find((description) => description.name === name);
  if (found) return found as unknown as Description;
  const known = DESCRIPTIONS.map(({ name }) => name);
  throw new InputError(
    name === AUTOMLP
      ? "AutoMLP is searched before it is trained: deno task pipeline does both, deno task search and retrain one each"
      : `Cannot train "${name}": there is no such method${didYouMean(name, known)}; there are ${
        known.join(", ")
      }`,
  );
}

/** The flags of a method's own sizes and choices, under its title. */
export const methodFlags = ({ title, shape }: Description): OptionGroups =>
  optionsOf({ [title]: shape as Record<string, z.ZodType> });

/** What a training of the method may be given: its sizes and choices, and what every training has. */
export function methodSchema({ shape, loss, training = {} }: Description) {
  const defaults: Record<string, unknown> = {
    loss,
    batchSize: training.batchSize,
    rate: training.rate,
    trainNegatives: training.trainNegatives,
    trainDistribution: training.trainDistribution,
  };
  const own = TRAINING_KEYS.map((key) => {
    const schema: z.ZodType = jobShape[key], value = defaults[key];
    return [key, value === undefined ? schema : schema.default(value)];
  });
  return z.strictObject({ ...shape, ...Object.fromEntries(own) });
}

/** The options of the job that trains a method, from its own. */
export function methodJob(description: Description, given: Record<string, unknown>): JobOptions {
  const values = checkConfig(methodSchema(description), given) as Record<string, unknown>;
  const pick = (own: boolean) =>
    Object.fromEntries(Object.entries(values).filter(([key]) => (key in description.shape) === own));
  return z.object(jobShape).parse({ ...pick(false), method: description.name, sizes: pick(true) });
}
