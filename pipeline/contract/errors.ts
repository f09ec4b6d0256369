/**
 * The errors a user can cause or meet. Each is one line that says action, state and wish, and carries the exit code
 * that a command ends with.
 *
 * @module
 */
import { distance } from "fastest-levenshtein";

export {
  AutoMLPError,
  checkInterrupt,
  EXIT,
  hideStacks,
  InputError,
  Interrupted,
  RunError,
  shownMessage,
} from "./errors/classes.ts";

/**
 * The known word nearest to `word`, if one is near enough to be what was meant: a third of its letters may differ, or it is the
 * one known word that begins so.
 *
 * @example
 * ```ts
 * import { nearestWord } from "./errors.ts";
 * import assert from "node:assert/strict";
 * assert(nearestWord("min-usr", ["min-user", "min-item", "seed"]) === "min-user");
 * assert(nearestWord("xyz", ["min-user"]) === undefined);
 * ```
 */
export function nearestWord(word: string, words: Iterable<string>): string | undefined {
  const known = [...words];
  const begun = known.filter((candidate) => candidate.toLowerCase().startsWith(word.toLowerCase()));
  if (begun.length === 1) return begun[0];
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(word.length / 3)) + 1;
  for (const candidate of known) {
    const d = distance(word.toLowerCase(), candidate.toLowerCase());
    if (d < bestDistance) [best, bestDistance] = [candidate, d];
  }
  return best;
}

/**
 * ` (did you mean "x"?)`, or nothing where no known word is near.
 *
 * @param hints What to say of other words, by these in small letters: `pandas reads parquet`.
 */
export function didYouMean(
  word: string,
  known: Iterable<string>,
  hints: Readonly<Record<string, string>> = {},
): string {
  const key = word.toLowerCase();
  if (Object.hasOwn(hints, key)) return ` (${hints[key]})`;
  const near = nearestWord(word, known);
  return near === undefined ? "" : ` (did you mean "${near}"?)`;
}
