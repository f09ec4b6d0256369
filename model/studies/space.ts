/**
 * Spaces that configurations are searched in: for each option the values that it may have, or a range.
 *
 * @module
 */
import { z } from "zod";
import type { Describes } from "../../pipeline/contract/describes.ts";
import { didYouMean, InputError } from "../../pipeline/contract/errors.ts";
import { inPlainWords } from "../../pipeline/contract/plain_words.ts";
import { RandomStream } from "../../pipeline/contract/random.ts";
import { checkConfig } from "../../pipeline/terminal/config.ts";
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
export const dimensionSchema = z.union([valuesSchema, rangeSchema], {
  error: "must be a list of values, or a range such as { min: 0.001, max: 0.01, scale: log }",
});
true satisfies Describes<
  typeof rangeSchema,
  DimensionRange,
  Omit<DimensionRange, "scale" | "whole"> & Partial<DimensionRange>
>;

/** A range, from which is drawn evenly: by value, or by order of magnitude. A {@link Dimension} may be one. */
export interface DimensionRange {
  /** Its begin; above 0 with `scale: "log"`. */
  min: number;
  /** Its end, above `min`. */
  max: number;
  /** By value (the default), or by order of magnitude. */
  scale: "linear" | "log";
  /** Whether whole numbers only are drawn. Default: false. */
  whole: boolean;
}

/** The values that an option may have, each as likely as the other, or a range of them. {@link Space} has one for each option. */
export type Dimension = (number | string | boolean)[] | DimensionRange;

/** Options for which methods declare where they are to be searched; not each method has each. Part of the options of {@link tune}. */
export interface DeclaredDimensions {
  /** Learning rate. */
  rate?: Dimension;
  /** Examples in a batch. */
  batchSize?: Dimension;
  /** Size of the embeddings. */
  dim?: Dimension;
  /** Share of the inputs that a training step sets to zero. */
  dropout?: Dimension;
  /** Number of layers. */
  layers?: Dimension;
  /** Heads of the attention. */
  heads?: Dimension;
  /** Hidden size of the network. */
  hidden?: Dimension;
}

/** By option, the values that it is searched in. What {@link tune} searches. */
export type Space = Record<string, Dimension>;

/** The space that a method's options declare, each beside its default. */
export function declaredSpace(method: string): Space {
  const declared = Object.entries(optionsOfMethod(method)).flatMap(([key, schema]) => {
    const { space } = (schema as z.ZodType).meta() ?? {};
    return space === undefined ? [] : [[key, dimensionSchema.parse(space)] as const];
  });
  return Object.fromEntries(declared);
}

/**
 * Checks a space that a user gives.
 *
 * @param from Where it is from, for messages.
 * @throws {InputError} if it is empty, names an option that the method has not, or holds no values.
 */
export function checkSpace(method: string, space: Record<string, unknown>, from: string): Space {
  const known = optionsOfMethod(method), keys = Object.keys(space);
  if (keys.length === 0) {
    throw new InputError(
      `Cannot tune ${method}: the space in ${from} is empty; name options and their values`,
    );
  }
  for (const key of keys) {
    if (key in known) continue;
    throw new InputError(
      `Cannot tune ${method}: ${from} names ${key}, which it has not${didYouMean(key, Object.keys(known))}`,
    );
  }
  const checked = checkConfig(
    z.object(Object.fromEntries(keys.map((key) => [key, dimensionSchema]))),
    space,
    from,
  ) as Space;
  for (const [key, dimension] of Object.entries(checked)) {
    const values = Array.isArray(dimension) ? dimension : [dimension.min, dimension.max];
    for (const value of values) {
      const parsed = (known[key] as z.ZodType).safeParse(value, { error: inPlainWords });
      if (parsed.success) continue;
      throw new InputError(
        `Cannot tune ${method}: ${from} has ${value} for ${key}, which does not fit: ${
          parsed.error.issues[0].message
        }`,
      );
    }
  }
  return checked;
}

/**
 * A configuration drawn from a space: a function of the seed and its number alone, so that a tuning that was cut off goes on with the same.
 *
 * @param index From 0.
 */
export function drawPoint(space: Space, seed: number, index: number): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(space).map(([key, dimension]) => {
      // A stream for each option: another option in the space does not change what this one draws.
      const random = new RandomStream(seed, `tune/${key}`);
      random.seek(index);
      return [key, draw(dimension, random)];
    }),
  );
}

/**
 * The configuration that a tuning begins with: of each option what it is where nobody tunes it, if the space has that, else what is drawn. So what
 * is found is never behind the defaults by chance.
 *
 * @param defaults By option.
 */
export const firstPoint = (
  space: Space,
  seed: number,
  defaults: Record<string, unknown>,
): Record<string, unknown> => ({
  ...drawPoint(space, seed, 0),
  ...Object.fromEntries(
    Object.entries(space).filter(([key, dimension]) => has(dimension, defaults[key]))
      .map(([key]) => [key, defaults[key]]),
  ),
});

/** The space with the defaults that its lists of numbers lack, as on small data. */
export const withDefaultsIn = (space: Space, defaults: Record<string, unknown>): Space =>
  Object.fromEntries(
    Object.entries(space).map(([key, dimension]) => {
      const value = defaults[key], isList = Array.isArray(dimension) && typeof dimension[0] === "number";
      if (!isList || typeof value !== "number" || has(dimension, value)) return [key, dimension];
      return [key, [...dimension as number[], value].sort((a, b) => a - b)];
    }),
  );

function has(dimension: Dimension, value: unknown): boolean {
  if (Array.isArray(dimension)) return (dimension as unknown[]).includes(value);
  return typeof value === "number" && value >= dimension.min && value <= dimension.max;
}

function draw(dimension: Dimension, random: RandomStream): unknown {
  if (Array.isArray(dimension)) return dimension[random.below(dimension.length)];
  const { min, max, scale, whole } = dimension, share = random.float();
  const value = scale === "log" ? min * (max / min) ** share : min + (max - min) * share;
  // Three digits are as much as a configuration needs, and can be read.
  return whole ? Math.round(value) : Number(value.toPrecision(3));
}

/**
 * All configurations of a space, the last option changing first.
 *
 * @throws {InputError} if one of its options has a range: a grid needs values.
 */
export function gridOf(space: Space): Record<string, unknown>[] {
  return Object.entries(space).reduce<Record<string, unknown>[]>((points, [key, dimension]) => {
    if (!Array.isArray(dimension)) {
      throw new InputError(
        `Cannot lay a grid over ${key}: it is a range; name its values in a file for --space, as in ${key}: [1, 2]`,
      );
    }
    return points.flatMap((point) => dimension.map((value) => ({ ...point, [key]: value })));
  }, [{}]);
}
