/** Shapes of options that several rooms use: sizes, texts of a form, lists without repetition. */
import { z } from "zod";

/** Parses a size to bytes; units are powers of 1024, with or without the `i`. Undefined if it is not a size. */
export function parseSize(text: string): number | undefined {
  const found = /^(\d+(?:\.\d+)?)\s*([kmgt])i?b$/i.exec(text.trim());
  return found ? Number(found[1]) * 1024 ** (1 + "kmgt".indexOf(found[2].toLowerCase())) : undefined;
}

/** The schema of an option that is a size, given in bytes or as a text for {@link parseSize}. */
export const size = z.union([
  z.number().positive(),
  z.string().transform((text, context) => {
    const bytes = parseSize(text);
    if (bytes !== undefined) return bytes;
    context.addIssue({ code: "custom", message: 'must be a size such as "2GiB" or "500MiB"' });
    return z.NEVER;
  }),
]);

/** Formats a size in bytes so that {@link parseSize} can read it: `512MiB`, `2GiB`. */
export function formatSize(bytes: number): string {
  const power = Math.max(0, UNITS.findLastIndex((_, power) => bytes >= 1024 ** power));
  return `${Number((bytes / 1024 ** power).toFixed(power < 3 ? 0 : 1))}${UNITS[power]}`;
}

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"];

/**
 * Returns the schema of a text with a more specific type, such as `NDCG@10` or a name. The form itself is checked where the text is
 * used, because that code can suggest the nearest valid one.
 *
 * @example
 * ```ts
 * import { textOf } from "./shapes.ts";
 *
 * const size: `${number}GiB` = textOf<`${number}GiB`>().parse("2GiB");
 * console.log(size);
 * ```
 */
export const textOf = <T extends string>(): z.ZodType<T, T> => z.string() as unknown as z.ZodType<T, T>;

/**
 * Returns the first value that equals an earlier one; undefined if all differ.
 *
 * @example
 * ```ts
 * import { firstRepeated } from "./shapes.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(firstRepeated([3, 5, 8, 5, 3]), 5);
 * assert.equal(firstRepeated(["user", "item"]), undefined);
 * ```
 */
export function firstRepeated<T>(values: Iterable<T>): T | undefined {
  const before = new Set<T>();
  for (const value of values) {
    if (before.has(value)) return value;
    before.add(value);
  }
}

/** The options `T`, where those named `K` have a default and are therefore always present, as in a {@link PrepareConfig}. */
export type Filled<T, K extends keyof T> = Omit<T, K> & Required<Pick<T, K>>;
