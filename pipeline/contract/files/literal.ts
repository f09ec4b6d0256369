/**
 * Paths for programs that take patterns.
 *
 * @module
 */
import { resolve } from "node:path";

/**
 * A path that Polars reads as this file and no other. Polars takes `*`, `?` and `[` in a path for a pattern, `~` for the home
 * folder, and `s3://` and the like for places on the net.
 *
 * @example
 * ```ts
 * import { literalPath } from "./literal.ts";
 * import assert from "node:assert/strict";
 * assert(literalPath("/data/exp[1]/a.parquet") === "/data/exp[[]1]/a.parquet");
 * ```
 */
export const literalPath = (path: string): string => resolve(path).replace(/[[*?]/g, "[$&]");

/** The same for calls that take `glob: false`. */
export const absolutePath = (path: string): string => resolve(path);
