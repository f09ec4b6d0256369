/**
 * Search spaces of configurations: for each option, the values that it may have, or a range.
 *
 * @module
 */
import { z } from "zod";
import type { Describes } from "../../pipeline/contract/options/describes.ts";
import { didYouMean, InputError } from "../../pipeline/contract/errors.ts";
import { firstRepeated } from "../../pipeline/contract/options/shapes.ts";
import { inPlainWords } from "../../pipeline/contract/options/plain_words.ts";
import { checkConfig, checkOptions } from "../../pipeline/terminal/config.ts";
import { runShape } from "../experiment/options.ts";
import type { JobSizes, JobTrainingInput } from "../experiment/job_options.ts";
import type { MethodName } from "../methods/method_options.ts";
import { optionsOfMethod } from "./plan.ts";

/** The values of an option, all equally likely. */
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

/** The values that an option may have. */
const dimensionSchema = z.union([valuesSchema, rangeSchema], {
  error: "must be a list of values, or a range such as { min: 0.001, max: 0.01, scale: log }",
});
true satisfies Describes<typeof rangeSchema, Required<DimensionRange>, DimensionRange>;

/** A range that values are drawn from evenly, by value or by order of magnitude. One form of a {@link Dimension}. */
export interface DimensionRange {
  /** Lower end; above 0 with `scale: "log"`. */
  min: number;
  /** Upper end, above `min`. */
  max: number;
  /** Whether values are drawn evenly by value (`linear`, the default) or by order of magnitude (`log`). */
  scale?: "linear" | "log";
  /** Whether only whole numbers are drawn. Default: false. */
  whole?: boolean;
}

/** The values that an option may have, all equally likely, or a range of them. A {@link SearchSpace} has one for each option. */
export type Dimension<Value extends Choice = Choice> = readonly Value[] | DimensionRange;

/** The type of a value in a {@link Dimension}. */
export type Choice = number | string | boolean;

/** The values to search for each option of the method `M`, as {@link tune} takes them. */
export type SearchSpace<M extends MethodName = MethodName> = {
  [K in keyof Searchable<M>]?: Dimension<Extract<Searchable<M>[K], Choice>>;
};

/** The options of the method `M` in which trials may differ, and which a {@link SearchSpace} may name. */
export type Searchable<M extends MethodName = MethodName> =
  & Omit<JobTrainingInput, "epochs" | "metric" | "protocol" | "validationUsers" | "keepSeen" | "ks">
  & JobSizes[M];

/** The values that are searched, by option: `space` of a {@link Tuning}. */
export type Space = Record<string, Choice[] | Required<DimensionRange>>;

/** Returns the space that a method's options declare, each beside its default. */
export function declaredSpace(method: string): Space {
  const declared = Object.entries(optionsOfMethod(method)).flatMap(([key, schema]) => {
    const { space } = (schema as z.ZodType).meta() ?? {};
    return space === undefined ? [] : [[key, dimensionSchema.parse(space)] as const];
  });
  return Object.fromEntries(declared);
}

/** Options that all trials share: how far they are trained, what they are compared by, and options that are not about a method. */
const COMMON: readonly string[] = [
  ...[
    "method",
    "sizes",
    "epochs",
    "metric",
    "protocol",
    "validationUsers",
    "keepSeen",
    "ks",
    "until",
    "startFrom",
  ],
  ...Object.keys(runShape),
];

/**
 * Checks a space that a user gives.
 *
 * @param file The file that it is from, for messages; left out if it is given in a program.
 * @throws {InputError} if it is empty, names an option that the method does not have or in which trials may not differ, or has values that
 * do not fit.
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

/** Why a value does not fit an option; undefined if it does. */
const misfit = (option: unknown, value: unknown): string | undefined =>
  (option as z.ZodType).safeParse(value, { error: inPlainWords }).error?.issues[0].message;

/** A number within a range that is not whole. */
const between = ({ min, max }: Pick<DimensionRange, "min" | "max">): number =>
  Math.floor(min) + 0.5 < max ? Math.max(min, Math.floor(min) + 0.5) : (min + max) / 2;
