/**
 * The configurations of a space: drawn one by one, or all of them.
 *
 * @module
 */
import { InputError } from "../../pipeline/contract/errors.ts";
import { RandomStream } from "../../pipeline/contract/random.ts";
import type { Space } from "./space.ts";

/** Significant digits of a drawn number, enough for a configuration and easy to read; and all the digits that a number has. */
const DIGITS = 3, ALL_DIGITS = 17;

/**
 * Draws a configuration from a space. It depends only on the seed and its number, so a resumed tuning draws the same.
 *
 * @param index Number of the configuration, from 0.
 */
export function drawPoint(
  space: Space,
  seed: number,
  index: number,
  digits: number = DIGITS,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(space).map(([key, dimension]) => {
      // A stream for each option, so that adding an option to the space does not change the draws of the others.
      const random = new RandomStream(seed, `tune/${key}`);
      random.seek(index);
      return [key, draw(dimension, random, digits)];
    }),
  );
}

/**
 * Returns the configuration that a tuning begins with: for each option its default, or what the space has nearest to it. Without a default
 * that is near or far, as of a text, that is the first value of the space.
 *
 * @param defaults Default values by option.
 * @param declared The space that the method declares, whose scales say what is near in a list.
 */
export const firstPoint = (
  space: Space,
  defaults: Record<string, unknown>,
  declared: Space = {},
): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(space).map(([key, dimension]) => [key, nearest(dimension, defaults[key], declared[key])]),
  );

/** The value of an option's space that is its default, or nearest to it. */
function nearest(dimension: Space[string], value: unknown, declared: Space[string] | undefined): unknown {
  if (has(dimension, value)) return value;
  if (!Array.isArray(dimension)) {
    const { min, max, whole } = dimension;
    const within = typeof value === "number" ? Math.min(max, Math.max(min, value)) : min;
    return whole ? Math.round(within) : within;
  }
  const isByOrder = declared !== undefined && !Array.isArray(declared) && declared.scale === "log";
  const at = (number: number) => isByOrder ? Math.log(number) : number;
  const distance = (other: unknown) =>
    typeof value === "number" && typeof other === "number" ? Math.abs(at(other) - at(value)) : 0;
  return dimension.reduce((best, other) => distance(other) < distance(best) ? other : best);
}

/** Returns the space with each default added that a list of numbers lacks, as happens on small data. */
export const withDefaultsIn = (space: Space, defaults: Record<string, unknown>): Space =>
  Object.fromEntries(
    Object.entries(space).map(([key, dimension]) => {
      const value = defaults[key], isList = Array.isArray(dimension) && typeof dimension[0] === "number";
      if (!isList || typeof value !== "number" || has(dimension, value)) return [key, dimension];
      return [key, [...dimension as number[], value].sort((a, b) => a - b)];
    }),
  );

function has(dimension: Space[string], value: unknown): boolean {
  if (Array.isArray(dimension)) return (dimension as unknown[]).includes(value);
  return typeof value === "number" && value >= dimension.min && value <= dimension.max;
}

function draw(dimension: Space[string], random: RandomStream, digits: number): unknown {
  if (Array.isArray(dimension)) return dimension[random.below(dimension.length)];
  const { min, max, scale, whole } = dimension, share = random.float();
  // Each whole number, including the ends, covers half a step on either side of it.
  const [low, high] = whole ? [min - 0.5, max + 0.5] : [min, max];
  const value = scale === "log" ? low * (high / low) ** share : low + (high - low) * share;
  return whole ? Math.min(max, Math.max(min, Math.round(value))) : Number(value.toPrecision(digits));
}

/** Number of configurations in a space: Infinity if it has a range of numbers that are not whole. */
export const sizeOf = (space: Space): number =>
  Object.values(space).map((dimension) => {
    if (Array.isArray(dimension)) return dimension.length;
    return dimension.whole ? dimension.max - dimension.min + 1 : Infinity;
  }).reduce((product, size) => product * size, 1);

/**
 * Returns the configurations of a tuning by their numbers: the first, then drawn ones, each once. Repeated draws are skipped, so that there
 * are as many as {@link sizeOf} says.
 *
 * @returns A function from a number, from 0, to a configuration, which depends only on the arguments.
 */
export function pointsOf(
  space: Space,
  seed: number,
  first: Record<string, unknown>,
): (index: number) => Record<string, unknown> {
  const points = [first], known = new Set([JSON.stringify(first)]);
  const isEndless = sizeOf(space) === Infinity;
  let draws = 0, digits = DIGITS;
  return (index) => {
    while (points.length <= index) {
      const point = drawPoint(space, seed, ++draws, digits), text = JSON.stringify(point);
      // A narrow range has few values with so few digits, so more digits are drawn; with all digits, a repeated value is accepted.
      if (known.has(text) && !(isEndless && digits === ALL_DIGITS)) {
        digits = Math.min(digits + 1, ALL_DIGITS);
        continue;
      }
      digits = DIGITS;
      known.add(text);
      points.push(point);
    }
    return points[index];
  };
}

/**
 * Returns all configurations of a space, with the last option changing fastest.
 *
 * @throws {InputError} if one of its options has a range: a grid needs values.
 */
export function gridOf(space: Space): Record<string, unknown>[] {
  return Object.entries(space).reduce<Record<string, unknown>[]>((points, [key, dimension]) => {
    if (!Array.isArray(dimension)) {
      throw new InputError(
        `Cannot lay a grid over ${key}: it is a range; name its values in a file for --space, as in ${key}: [${dimension.min}, ${dimension.max}]`,
      );
    }
    return points.flatMap((point) => dimension.map((value) => ({ ...point, [key]: value })));
  }, [{}]);
}
