/**
 * Converts between dense ids and original ids, and hints at ids that may be meant.
 *
 * @module
 */
import pl, { type DataFrame } from "nodejs-polars";
import { InputError, UnknownIdError } from "../errors.ts";
import { found } from "../options/arguments.ts";
import { distance } from "fastest-levenshtein";

/** The original ids of a dataset's users or items: the i-th, from 1, belongs to the dense id i. They are read when first needed. */
export class OriginalIds {
  readonly #read: () => readonly string[];
  #ids?: readonly string[];
  #denseIds?: ReadonlyMap<string, number>;

  /**
   * @param folder The dataset's folder, for messages.
   * @param read Reads the original ids, in the order of the dense ids.
   */
  constructor(readonly kind: "user" | "item", readonly folder: string, read: () => readonly string[]) {
    this.#read = read;
  }

  get #all(): readonly string[] {
    return this.#ids ??= this.#read();
  }

  get #index(): ReadonlyMap<string, number> {
    return this.#denseIds ??= new Map(this.#all.map((id, i) => [id, i + 1]));
  }

  /**
   * Returns the original id of a dense one.
   *
   * @throws {InputError} if there is none.
   */
  of(dense: number): string {
    const id = typeof dense === "number" ? this.#all[dense - 1] : undefined;
    if (id === undefined) throw this.#noSuch(dense);
    return id;
  }

  #noSuch(dense: unknown): InputError {
    const { kind } = this,
      given = typeof dense === "number"
        ? String(dense)
        : typeof dense === "string"
        ? `"${dense}"`
        : found(dense);
    return new InputError(
      `Cannot give the id of the ${kind} ${given} of the dataset ${this.folder}: its ${kind}s are numbered from 1 to ${this.#all.length}; give a number of these, as ${kind}Index returns it for an id`,
    );
  }

  has(id: string): boolean {
    return this.#index.has(id);
  }

  /**
   * Returns the dense id of an original one.
   *
   * @param why Why it may not exist, appended to the message. If omitted, an id that differs by one letter may be suggested.
   * @throws {UnknownIdError} if there is none.
   */
  dense(id: string, why = ""): number {
    const dense = this.#index.get(id);
    if (dense !== undefined) return dense;
    // The id of a dropped user may differ by one letter from that of another user, who must not get the recommendations instead.
    const { meant, such } = idHint(id, this.#all, this.kind, why === "");
    throw new UnknownIdError(
      `Cannot find ${this.kind} "${id}"${meant} in the dataset ${this.folder}${why}${such}`,
      this.kind,
      [id],
    );
  }
}

/**
 * Returns the only id that differs from `id` in case, in signs between letters, or in zeros before a number; else, with `slips`, the only
 * one that differs by one letter. Numbered ids are all close to each other, so if two are equally near, none is suggested.
 *
 * @example
 * ```ts
 * import { nearId } from "./original_ids.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(nearId("U1", ["u0001", "u0002"], true), "u0001");
 * assert.equal(nearId("u0003", ["u0001", "u0002"], true), undefined);
 * ```
 */
export function nearId(id: string, ids: Iterable<string>, slips: boolean): string | undefined {
  const bare = bareId(id), alike: string[] = [], near: string[] = [];
  for (const other of ids) {
    if (bareId(other) === bare) alike.push(other);
    else if (slips && distance(id, other) === 1) near.push(other);
  }
  const [one, ...others] = alike.length > 0 ? alike : near;
  return others.length === 0 ? one : undefined;
}

const ASCII = /^[\x20-\x7e]*$/;

/** An id without case, signs, invisible characters, and zeros before a number. An id of signs alone is kept. */
const bareId = (id: string): string =>
  (ASCII.test(id)
    ? id.toLowerCase().replace(/[^a-z0-9]+/g, "").replace(/(?<![0-9])0+(?=[0-9])/g, "")
    : seen(id).toLowerCase().replace(/[^\p{L}\p{M}\p{N}]+/gu, "").replace(/(?<!\p{N})0+(?=\p{N})/gu, "")) ||
  id;

/** For an id that does not exist: the one that may be meant, in parentheses; else an example, as `; its users have ids such as "u0001"`. */
export function idHint(
  id: string,
  ids: readonly string[],
  kind: string,
  slips: boolean,
): { meant: string; such: string } {
  const near = nearId(id, ids, slips);
  if (near !== undefined) {
    return {
      meant: ` (did you mean ${seen(near) === seen(id) ? withCodes(near) : JSON.stringify(near)}?)`,
      such: "",
    };
  }
  const such = ids.length === 0 ? "" : `; its ${kind}s have ids such as ${JSON.stringify(ids[0])}`;
  return { meant: "", such };
}

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
 * import { lookAlikes } from "./original_ids.ts";
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
