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
  return /^[\w./-]+$/.test(word) ? word : inQuotes(word);
}

/**
 * Any word of a command line, options too, so that a shell leaves it as it is.
 *
 * @example
 * ```ts
 * import { quotedWord } from "./quoted.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(["--k", "a=1,b=x:y", "logs/*.csv", ""].map(quotedWord), ["--k", "a=1,b=x:y", "'logs/*.csv'", "''"]);
 * ```
 */
export const quotedWord = (word: string): string =>
  /^(?![~=])[\w./,:=@%+~-]+$/.test(word) ? word : inQuotes(word);

const inQuotes = (word: string) => `'${word.replace(/'/g, `'\\''`)}'`;
