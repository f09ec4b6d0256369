/**
 * Paths for programs that interpret patterns.
 *
 * @module
 */
import { resolve } from "node:path";

/**
 * Returns a path that Polars reads as exactly this file. Polars takes `*`, `?` and `[` in a path for a pattern, `~` for the home
 * folder, and `s3://` and the like for locations on the network.
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
