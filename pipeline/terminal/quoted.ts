/**
 * A word of a command line as a shell takes it.
 *
 * @module
 */

/**
 * A path as one word.
 *
 * @example
 * ```ts
 * import { quoted } from "./quoted.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(["runs/a", "my run"].map(quoted), ["runs/a", "'my run'"]);
 * ```
 */
export const quoted = (path: string): string =>
  /^[\w./-]+$/.test(path) ? path : `'${path.replace(/'/g, `'\\''`)}'`;
