/**
 * Sizes as people write them: `2GiB`, `500MiB`.
 *
 * @module
 */
import { z } from "zod";

/** Bytes; units count by 1024, with or without the `i`. Undefined for what is no size. */
export function parseSize(text: string): number | undefined {
  const found = /^(\d+(?:\.\d+)?)\s*([kmgt])i?b$/i.exec(text.trim());
  return found ? Number(found[1]) * 1024 ** (1 + "kmgt".indexOf(found[2].toLowerCase())) : undefined;
}

/** An option's size in bytes, given as such or as {@link parseSize} reads it. */
export const size = z.union([
  z.number().positive(),
  z.string().transform((text, context) => {
    const bytes = parseSize(text);
    if (bytes !== undefined) return bytes;
    context.addIssue({ code: "custom", message: 'must be a size such as "2GiB" or "500MiB"' });
    return z.NEVER;
  }),
]);

/** A size of memory as {@link parseSize} reads it: `512MiB`, `2GiB`. */
export function formatSize(bytes: number): string {
  const power = Math.max(0, UNITS.findLastIndex((_, power) => bytes >= 1024 ** power));
  return `${Number((bytes / 1024 ** power).toFixed(power < 3 ? 0 : 1))}${UNITS[power]}`;
}

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"];
