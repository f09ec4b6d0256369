/**
 * The errors that users can cause or meet. Each is one line that says what was attempted, what is wrong and what to do, and carries the
 * exit code of the command.
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
  UnknownIdError,
} from "./errors/classes.ts";

/**
 * Returns the known word nearest to `word`, if one is near enough to be meant: a third of its letters may differ, or it is the only
 * known word that begins with `word`.
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

/** Splits a name into its words: the same for `batchSize`, `batch-size` and `batch_size`. */
const partsOf = (name: string): string[] =>
  name.replace(/(?<=[a-z\d])(?=[A-Z])/g, "_").toLowerCase().split(/[_-]+/);

const beginsWith = (parts: string[], others: string[]) => others.every((other, i) => parts[i] === other);
const endsWith = (parts: string[], others: string[]) =>
  beginsWith(parts.slice(Math.max(0, parts.length - others.length)), others);

/**
 * Returns the known name that may be meant by `name`: the nearest one, or the only one that `name` begins or ends with, or that ends with
 * `name`.
 *
 * @example
 * ```ts
 * import { meantName } from "./errors.ts";
 * import assert from "node:assert/strict";
 * const known = ["dropout", "rate", "embeddedFeatures"];
 * const meant = ["learning_rate", "dropoutRate", "features", "lr"].map((name) => meantName(name, known));
 * assert.deepEqual(meant, ["rate", "dropout", "embeddedFeatures", undefined]);
 * ```
 */
export function meantName(name: string, known: Iterable<string>): string | undefined {
  const names = [...known], near = nearestWord(name, names), own = partsOf(name);
  if (near !== undefined) return near;
  const rules = [
    (parts: string[]) => beginsWith(own, parts),
    (parts: string[]) => endsWith(own, parts),
    (parts: string[]) => endsWith(parts, own),
  ];
  return rules.map((fits) => names.filter((known) => known.length > 2 && fits(partsOf(known))))
    .find((found) => found.length === 1)?.[0];
}

/**
 * Returns ` (did you mean "x"?)`, or an empty text if no known word is near.
 *
 * @param hints What to say for certain other words, by the word in lower case: `pandas reads parquet`.
 */
export function didYouMean(
  word: string,
  known: Iterable<string>,
  hints: Readonly<Record<string, string>> = {},
): string {
  const key = word.toLowerCase();
  if (Object.hasOwn(hints, key)) return ` (${hints[key]})`;
  const near = meantName(word, known);
  return near === undefined ? "" : ` (did you mean "${near}"?)`;
}
