/**
 * Hints for an id that does not exist: which existing id may be meant, or what ids look like.
 *
 * @module
 */
import { distance } from "fastest-levenshtein";
import { seen, withCodes } from "./look_alike.ts";

/**
 * Returns the only id that differs from `id` in case, in signs between letters, or in zeros before a number; else, with `slips`, the only
 * one that differs by one letter. Numbered ids are all close to each other, so if two are equally near, none is suggested.
 *
 * @example
 * ```ts
 * import { nearId } from "./near_id.ts";
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

/** An id without case, signs, invisible characters, and zeros before a number. An id of signs alone is kept. */
const bareId = (id: string): string =>
  seen(id).toLowerCase().replace(/[^\p{L}\p{M}\p{N}]+/gu, "").replace(/(?<!\p{N})0+(?=\p{N})/gu, "") || id;

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
