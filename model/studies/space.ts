/**
 * Spaces that configurations are searched in: for each option the values that it may have, or a range.
 *
 * @module
 */
import { z } from "zod";
import type { Describes } from "../../pipeline/contract/options/describes.ts";
import { didYouMean, InputError } from "../../pipeline/contract/errors.ts";
import { firstRepeated } from "../../pipeline/contract/options/first_repeated.ts";
import { inPlainWords } from "../../pipeline/contract/options/plain_words.ts";
import { checkConfig, checkOptions } from "../../pipeline/terminal/config.ts";
import { runShape } from "../experiment/options.ts";
import type { JobSizes, JobTrainingInput } from "../experiment/job_options.ts";
import type { MethodName } from "../methods/method_options.ts";
import { optionsOfMethod } from "./plan.ts";

/** The values of an option: each as likely as the other. */
const valuesSchema = z.array(z.union([z.number(), z.string(), z.boolean()])).min(
  1,
  "must have a value at least",
);
const rangeSchema = z.strictObject({
  min: z.number(),
  max: z.number(),
  scale: z.enum(["linear", "log"]).default("linear"),
  whole: z.boolean().default(false),
})
  .refine(({ min, max }) => min < max, "max must be above min")
  .refine(({ min, scale }) => scale === "linear" || min > 0, "a range by order of magnitude begins above 0");

/** What values an option may have. */
const dimensionSchema = z.union([valuesSchema, rangeSchema], {
  error: "must be a list of values, or a range such as { min: 0.001, max: 0.01, scale: log }",
});
true satisfies Describes<typeof rangeSchema, Required<DimensionRange>, DimensionRange>;

/** A range, from which is drawn evenly: by value, or by order of magnitude. A {@link Dimension} may be one. */
export interface DimensionRange {
  /** Its begin; above 0 with `scale: "log"`. */
  min: number;
  /** Its end, above `min`. */
  max: number;
  /** By value (the default), or by order of magnitude. */
  scale?: "linear" | "log";
  /** Whether whole numbers only are drawn. Default: false. */
  whole?: boolean;
}

/** The values that an option may have, each as likely as the other, or a range of them. A {@link SearchSpace} has one for each option. */
export type Dimension<Value extends Choice = Choice> = readonly Value[] | DimensionRange;

/** What an option's value may be where it is searched. Of a {@link Dimension}. */
export type Choice = number | string | boolean;

/** By option of the method `M`, the values that it is to be searched in: what {@link tune} takes. */
export type SearchSpace<M extends MethodName = MethodName> = {
  [K in keyof Searchable<M>]?: Dimension<Extract<Searchable<M>[K], Choice>>;
};

/** The options of the method `M` in which trials may differ. Those of a {@link SearchSpace}. */
export type Searchable<M extends MethodName = MethodName> =
  & Omit<JobTrainingInput, "epochs" | "metric" | "protocol" | "keepSeen" | "ks">
  & JobSizes[M];

/** By option, the values that are searched. `space` of a {@link Tuning}. */
export type Space = Record<string, Choice[] | Required<DimensionRange>>;

/** The space that a method's options declare, each beside its default. */
export function declaredSpace(method: string): Space {
  const declared = Object.entries(optionsOfMethod(method)).flatMap(([key, schema]) => {
    const { space } = (schema as z.ZodType).meta() ?? {};
    return space === undefined ? [] : [[key, dimensionSchema.parse(space)] as const];
  });
  return Object.fromEntries(declared);
}

/** What all trials have in common: how far they are trained, by what they are compared, and what says nothing of a method. */
const COMMON: readonly string[] = [
  ...["method", "sizes", "epochs", "metric", "protocol", "keepSeen", "ks", "until", "startFrom"],
  ...Object.keys(runShape),
];

/**
 * Checks a space that a user gives.
 *
 * @param file Where it is from, for messages; left out, it is given in a program.
 * @throws {InputError} if it is empty, names an option that the method has not or that is none of a single trial, or has values that do not fit.
 */
export function checkSpace(method: string, space: Record<string, unknown>, file?: string): Space {
  const known = optionsOfMethod(method), keys = Object.keys(space), named = file ?? "the space";
  const refuse = (what: string): never => {
    throw new InputError(`Cannot tune ${method}: ${what}`);
  };
  if (keys.length === 0) {
    refuse(`the space${file ? ` in ${file}` : ""} is empty; name options and their values`);
  }
  for (const key of keys) {
    if (!Object.hasOwn(known, key)) {
      refuse(`${named} names ${key}, which it has not${didYouMean(key, Object.keys(known))}`);
    }
    if (COMMON.includes(key)) refuse(`${named} names ${key}, in which trials may not differ; leave it out`);
  }
  const schema = z.object(Object.fromEntries(keys.map((key) => [key, dimensionSchema])));
  const checked = (file ? checkConfig(schema, space, file) : checkOptions(schema, space)) as Space;
  for (const [key, dimension] of Object.entries(checked)) {
    for (const value of Array.isArray(dimension) ? dimension : [dimension.min, dimension.max]) {
      const wrong = misfit(known[key], value);
      if (wrong) refuse(`${named} has ${value} for ${key}, which does not fit: ${wrong}`);
    }
    if (Array.isArray(dimension)) {
      const twice = firstRepeated(dimension);
      if (twice !== undefined) refuse(`${named} has ${twice} for ${key} twice; name each value once`);
    } else if (!dimension.whole && misfit(known[key], between(dimension))) {
      refuse(`${named} has a range for ${key}, which is a whole number; add whole: true to it`);
    }
  }
  return checked;
}

/** Why a value does not fit an option; undefined where it does. */
const misfit = (option: unknown, value: unknown): string | undefined =>
  (option as z.ZodType).safeParse(value, { error: inPlainWords }).error?.issues[0].message;

/** A number within a range that is no whole one. */
const between = ({ min, max }: Pick<DimensionRange, "min" | "max">): number =>
  Math.floor(min) + 0.5 < max ? Math.max(min, Math.floor(min) + 0.5) : (min + max) / 2;
