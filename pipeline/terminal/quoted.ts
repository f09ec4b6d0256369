/**
 * A word of a command line as a shell takes it.
 *
 * @module
 */

/**
 * A path as one word, which no command takes for an option.
 *
 * @example
 * ```ts
 * import { quoted } from "./quoted.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(["runs/a", "my run", "-a"].map(quoted), ["runs/a", "'my run'", "./-a"]);
 * ```
 */
export function quoted(path: string): string {
  const word = path.startsWith("-") ? `./${path}` : path;
  return /^[\w./-]+$/.test(word) ? word : `'${word.replace(/'/g, `'\\''`)}'`;
}
