/**
 * An id that there is not: which one of those that there are was meant, or how they look.
 *
 * @module
 */
import { seen, withCodes } from "./look_alike.ts";
import { distance } from "fastest-levenshtein";

/**
 * The one id that differs from `id` in case, signs between letters, or zeros before a number; else, with `slips`, the one that differs in
 * one letter. Ids that are numbered are all near each other: where two are as near, none is meant.
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
    else if (slips && Math.abs(other.length - id.length) < 2 && distance(id, other) === 1) near.push(other);
  }
  const [one, ...others] = alike.length > 0 ? alike : near;
  return others.length === 0 ? one : undefined;
}

/** What is left of an id without case, signs, what nobody sees, and zeros before a number. An id of signs alone stays. */
const bareId = (id: string): string =>
  seen(id).toLowerCase().replace(/[^\p{L}\p{M}\p{N}]+/gu, "").replace(/(?<!\p{N})0+(?=\p{N})/gu, "") || id;

/** Where there is no such id: the one that was meant, in parentheses, and else how ids look, as `; its users have ids such as "u0001"`. */
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
