/**
 * Sizes as people write them: `2GiB`, `500MiB`.
 *
 * @module
 */
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
