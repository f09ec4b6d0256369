/**
 * Converts between dense ids and original ids, and hints at ids that may be meant.
 *
 * @module
 */
import { InputError, UnknownIdError } from "../errors.ts";
import { found } from "../options/arguments.ts";
import { distance } from "fastest-levenshtein";
import { seen, withCodes } from "./look_alike.ts";

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
