/**
 * Hints for an id that does not exist: which existing id may be meant, or what ids look like.
 *
 * @module
 */
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
    if (isBareIdOf(other, bare)) alike.push(other);
    else if (slips && isOneLetterFrom(id, other)) near.push(other);
  }
  const [one, ...others] = alike.length > 0 ? alike : near;
  return others.length === 0 ? one : undefined;
}

/** An id without case, signs, invisible characters, and zeros before a number. An id of signs alone is kept. */
const bareId = (id: string): string =>
  seen(id).toLowerCase().replace(/[^\p{L}\p{M}\p{N}]+/gu, "").replace(/(?<!\p{N})0+(?=\p{N})/gu, "") || id;

const ASCII = /^[\0-\x7f]*$/;
const CASE = 32,
  ZERO = "0".charCodeAt(0),
  NINE = "9".charCodeAt(0),
  A = "a".charCodeAt(0),
  Z = "z".charCodeAt(0);

/**
 * Whether `bareId(id) === bare`. An id in ASCII is compared letter by letter up to the first that differs: among 200,000 items this takes
 * a tenth of the time, which a service spends on each request that names an item it does not have.
 */
function isBareIdOf(id: string, bare: string): boolean {
  if (!ASCII.test(id)) return bareId(id) === bare;
  let at = 0, afterDigit = false, zero = false;
  for (let i = 0; i < id.length; i++) {
    const code = id.charCodeAt(i), letter = code | CASE;
    const isDigit = code >= ZERO && code <= NINE;
    if (!isDigit && !(letter >= A && letter <= Z)) continue;
    if (zero && !isDigit && bare.charCodeAt(at++) !== ZERO) return false; // a zero that was the whole number
    zero = code === ZERO && !afterDigit;
    if (zero) continue;
    if (bare.charCodeAt(at++) !== (isDigit ? code : letter)) return false;
    afterDigit = isDigit;
  }
  if (zero && bare.charCodeAt(at++) !== ZERO) return false;
  return at > 0 ? at === bare.length : bareId(id) === bare;
}

/** Whether one letter more, less or other makes one id the other. */
function isOneLetterFrom(id: string, other: string): boolean {
  const longer = Math.max(id.length, other.length), shorter = Math.min(id.length, other.length);
  if (longer - shorter > 1) return false;
  let start = 0, end = 0;
  while (start < shorter && id[start] === other[start]) start++;
  while (end < shorter - start && id[id.length - 1 - end] === other[other.length - 1 - end]) end++;
  return longer - start - end === 1;
}

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
