/**
 * Ids that look the same but differ: `é` is one letter, or an `e` followed by an accent; some characters are invisible. They are taken
 * as they are, because ids are never changed, but they are hardly ever meant as two different things.
 *
 * @module
 */
import pl, { type DataFrame } from "nodejs-polars";

/**
 * Invisible characters: soft hyphens, direction marks, zero-width spaces. Joiners are not among them: they turn their neighbors into other
 * letters and emoji.
 */
const HIDDEN = /[\u00ad\u034f\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]/gu;
const SPACES = /[\u00a0\u2000-\u200a\u202f\u205f\u3000]/gu;

/** Returns an id as it looks. */
export const seen = (id: string): string =>
  id.normalize("NFC").replaceAll(HIDDEN, "").replaceAll(SPACES, " ").normalize("NFC");

/**
 * A pattern for characters, some or all of which {@link seen} changes: accents and vowel signs, invisible characters, spaces, parts of
 * Korean syllables, and letters that are in Unicode twice. It uses only what the regular expressions of JavaScript and Rust have in common.
 */
export const AMBIGUOUS =
  "[\\p{M}\\p{Cf}\\u{a0}\\u{2000}-\\u{200a}\\u{2028}-\\u{202f}\\u{205f}-\\u{206f}\\u{3000}\\u{1100}-\\u{11ff}" +
  "\\u{374}\\u{37e}\\u{387}\\u{1f00}-\\u{1fff}\\u{2126}\\u{212a}\\u{212b}\\u{2329}\\u{232a}\\u{2adc}" +
  "\\u{958}-\\u{95f}\\u{9dc}-\\u{9df}\\u{a33}-\\u{a5e}\\u{b5c}\\u{b5d}\\u{f43}-\\u{f69}" +
  "\\u{f900}-\\u{faff}\\u{fb1d}-\\u{fb4e}\\u{1d15e}-\\u{1d1c0}\\u{2f800}-\\u{2fa1d}]";
const AMBIGUOUS_LETTERS = new RegExp(AMBIGUOUS, "gu");

/** Returns an id in quotes, with the codes of characters that can be mistaken for others: `"Cafe\u{301}"`. */
export const withCodes = (id: string): string =>
  JSON.stringify(id).replaceAll(
    AMBIGUOUS_LETTERS,
    (letter) => `\\u{${letter.codePointAt(0)!.toString(16)}}`,
  );

/** Ids that look like others: their number, and an example of both. */
export interface LookAlikes {
  count: number;
  /** An example of such an id. */
  id: string;
  /** An id that looks like it. */
  other: string;
}

/**
 * Finds ids that look like another one among them.
 *
 * @param ids A table with `id` (String), each once.
 * @example
 * ```ts
 * import pl from "nodejs-polars";
 * import { lookAlikes } from "./look_alike.ts";
 * import assert from "node:assert/strict";
 *
 * const ids = pl.DataFrame({ id: ["Caf\u00e9", "Cafe\u0301", "Tea"] });
 * assert.deepEqual(lookAlikes(ids), { count: 1, id: "Cafe\u0301", other: "Caf\u00e9" });
 * ```
 */
export function lookAlikes(ids: DataFrame): LookAlikes | undefined {
  const ambiguous = ambiguousOf(ids);
  if (ambiguous.length === 0) return undefined;
  const looks = ambiguous.map(seen), first = new Map<string, string>();
  // An id that looks exactly as it is written represents all that look like it.
  for (const plain of among(ids, looks)) first.set(plain, plain);
  let found: LookAlikes | undefined;
  ambiguous.forEach((id, i) => {
    const other = first.get(looks[i]);
    if (other === undefined) first.set(looks[i], id);
    else if (other !== id) found = { id, other, ...found, count: (found?.count ?? 0) + 1 };
  });
  return found;
}

/**
 * Finds ids that look like an id of another table.
 *
 * @param ids A table with `id` (String): ids that are not in the other table.
 * @param others The other table, with `id` (String).
 */
export function lookAlikesAmong(ids: DataFrame, others: DataFrame): LookAlikes | undefined {
  const there = new Map(ambiguousOf(others).map((id) => [seen(id), id]));
  const here = there.size > 0 ? texts(ids) : ambiguousOf(ids); // a plain id looks only like itself
  const looks = here.map(seen), plain = new Set(among(others, looks));
  let found: LookAlikes | undefined;
  here.forEach((id, i) => {
    const other = plain.has(looks[i]) ? looks[i] : there.get(looks[i]);
    if (other !== undefined) found = { id, other, ...found, count: (found?.count ?? 0) + 1 };
  });
  return found;
}

const texts = (ids: DataFrame) => ids.getColumn("id").toArray() as string[];
const ambiguousOf = (ids: DataFrame) => texts(ids.filter(ids.getColumn("id").str.contains(AMBIGUOUS)));

/** Returns which of the texts are ids. */
const among = (ids: DataFrame, looks: readonly string[]): string[] =>
  texts(
    ids.lazy().select("id").join(pl.DataFrame([pl.Series("id", [...new Set(looks)], pl.String)]).lazy(), {
      on: "id",
      how: "semi",
    }).collectSync(),
  );
