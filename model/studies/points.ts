/**
 * The configurations of a space: drawn one after another, or all of them.
 *
 * @module
 */
import { InputError } from "../../pipeline/contract/errors.ts";
import { RandomStream } from "../../pipeline/contract/random.ts";
import type { Space } from "./space.ts";

/** Digits of a drawn number: as many as a configuration needs, and can be read; and all that a number has. */
const DIGITS = 3, ALL_DIGITS = 17;

/**
 * A configuration drawn from a space: a function of the seed and its number alone, so that a resumed tuning draws the same.
 *
 * @param index From 0.
 */
export function drawPoint(
  space: Space,
  seed: number,
  index: number,
  digits: number = DIGITS,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(space).map(([key, dimension]) => {
      // A stream for each option: another option in the space does not change what this one draws.
      const random = new RandomStream(seed, `tune/${key}`);
      random.seek(index);
      return [key, draw(dimension, random, digits)];
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

function has(dimension: Space[string], value: unknown): boolean {
  if (Array.isArray(dimension)) return (dimension as unknown[]).includes(value);
  return typeof value === "number" && value >= dimension.min && value <= dimension.max;
}

function draw(dimension: Space[string], random: RandomStream, digits: number): unknown {
  if (Array.isArray(dimension)) return dimension[random.below(dimension.length)];
  const { min, max, scale, whole } = dimension, share = random.float();
  // Of whole numbers each has what lies up to half a step around it, the ends too.
  const [low, high] = whole ? [min - 0.5, max + 0.5] : [min, max];
  const value = scale === "log" ? low * (high / low) ** share : low + (high - low) * share;
  return whole ? Math.min(max, Math.max(min, Math.round(value))) : Number(value.toPrecision(digits));
}

/** How many configurations a space has: without end where it has a range of numbers that are not whole. */
export const sizeOf = (space: Space): number =>
  Object.values(space).map((dimension) => {
    if (Array.isArray(dimension)) return dimension.length;
    return dimension.whole ? dimension.max - dimension.min + 1 : Infinity;
  }).reduce((product, size) => product * size, 1);

/**
 * The configurations of a tuning by their numbers: the first, then those that are drawn, each once. What is drawn again is passed over, so that there are
 * as many as {@link sizeOf} says.
 *
 * @returns From a number, from 0, to a configuration: a function of the arguments alone.
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
      // A narrow range has few values of so many digits; of all that a number has it is taken as it comes.
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
 * All configurations of a space, the last option changing first.
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
