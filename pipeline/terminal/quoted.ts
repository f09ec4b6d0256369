/**
 * Quoting words of a command line for a shell.
 *
 * @module
 */

/**
 * Quotes a path as one word that no command mistakes for an option.
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
 * Quotes any word of a command line, including options, so that a shell leaves it unchanged.
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
