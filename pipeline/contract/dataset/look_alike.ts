/**
 * Ids that look the same and are not: `é` is one letter, or an `e` with an accent behind it; some characters nobody sees. They are taken
 * as they are, for ids are never changed, but hardly anybody means two things by them.
 *
 * @module
 */
import pl, { type DataFrame } from "nodejs-polars";

/** What nobody sees: soft hyphens, marks of direction, zero-width spaces. Joiners make other letters and emoji of their neighbours. */
const HIDDEN = /[\u00ad\u034f\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]/gu;
const SPACES = /[\u00a0\u2000-\u200a\u202f\u205f\u3000]/gu;

/** An id as it is seen. */
export const seen = (id: string): string =>
  id.normalize("NFC").replaceAll(HIDDEN, "").replaceAll(SPACES, " ").normalize("NFC");

/**
 * Characters that {@link seen} may change, or some of them: accents and signs of vowels, what is hidden, spaces, parts of Korean syllables, and letters
 * that are in Unicode twice. In what the regular expressions of JavaScript and Rust have in common.
 */
export const AMBIGUOUS =
  "[\\p{M}\\p{Cf}\\u{a0}\\u{2000}-\\u{200a}\\u{2028}-\\u{202f}\\u{205f}-\\u{206f}\\u{3000}\\u{1100}-\\u{11ff}" +
  "\\u{374}\\u{37e}\\u{387}\\u{1f00}-\\u{1fff}\\u{2126}\\u{212a}\\u{212b}\\u{2329}\\u{232a}\\u{2adc}" +
  "\\u{958}-\\u{95f}\\u{9dc}-\\u{9df}\\u{a33}-\\u{a5e}\\u{b5c}\\u{b5d}\\u{f43}-\\u{f69}" +
  "\\u{f900}-\\u{faff}\\u{fb1d}-\\u{fb4e}\\u{1d15e}-\\u{1d1c0}\\u{2f800}-\\u{2fa1d}]";
const AMBIGUOUS_LETTERS = new RegExp(AMBIGUOUS, "gu");

/** An id in quotes, what can be taken for something else by its code: `"Cafe\u{301}"`. */
export const withCodes = (id: string): string =>
  JSON.stringify(id).replaceAll(
    AMBIGUOUS_LETTERS,
    (letter) => `\\u{${letter.codePointAt(0)!.toString(16)}}`,
  );

/** Ids that look like others: how many, and one of each kind. */
export interface LookAlikes {
  count: number;
  /** Such an id. */
  id: string;
  /** One that looks like it. */
  other: string;
}

/**
 * Ids that look like another one of them.
 *
 * @param ids `id` (String), each once.
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
  // An id that looks as it is written stands for all that look like it.
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
 * Ids of which others have one that looks the same.
 *
 * @param ids `id` (String): ids that are not among the others.
 * @param others `id` (String).
 */
export function lookAlikesAmong(ids: DataFrame, others: DataFrame): LookAlikes | undefined {
  const there = new Map(ambiguousOf(others).map((id) => [seen(id), id]));
  const here = there.size > 0 ? texts(ids) : ambiguousOf(ids); // a plain one looks like itself alone
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

/** Which of the texts are ids. */
const among = (ids: DataFrame, looks: readonly string[]): string[] =>
  texts(
    ids.lazy().select("id").join(pl.DataFrame([pl.Series("id", [...new Set(looks)], pl.String)]).lazy(), {
      on: "id",
      how: "semi",
    }).collectSync(),
  );
