/**
 * What may come at the cursor: names to import, options of a call, texts that are values, files, and what the kernel itself knows, in order.
 *
 * @module
 */
import type { Api, Members } from "../../../pipeline/notebook/documentation/api.ts";
import type { Place } from "./code.ts";
import { importable, MODULES } from "./importable.ts";
import { filesFor } from "./files.ts";
import { type Known, optionsAt, valueAt } from "./inspection.ts";

/** Words, and the stretch of code that they take the place of, in UTF-16 units. */
export interface Completion {
  matches: string[];
  from: number;
  to: number;
}

/**
 * What the library knows better than the kernel; undefined where it does not.
 *
 * @param folder The notebook's, from which paths are taken.
 */
export function completion(
  api: Api,
  place: Place,
  cursor: number,
  known: Known,
  folder: string,
): Completion | undefined {
  const prefix = place.word.slice(0, cursor - place.from);
  const of = (words: string[]): Completion => ({
    matches: words.filter((word) => word.startsWith(prefix)),
    from: place.from,
    to: cursor,
  });
  if (place.module) {
    const modules = of([...MODULES]);
    return modules.matches.length > 0 ? modules : undefined;
  }
  if (place.index) return of([]);
  if (place.text) {
    const value = valueAt(api, place, known), texts = of([...value?.texts ?? []]);
    if (texts.matches.length > 0 || value?.isFree === false) return texts;
    const from = place.from + prefix.lastIndexOf("/") + 1;
    return { matches: filesFor(folder, prefix), from, to: cursor };
  }
  if (place.importing) return of(importable(api));
  if (!place.call || !place.keys) return undefined;
  const free = optionsAt(api, place, known).map(({ name }) => name)
    .filter((name) => !place.keys!.includes(name));
  return free.length > 0 ? of([...new Set(free)].sort((a, b) => a.localeCompare(b))) : undefined;
}

/** Members of every object, which are not offered. */
const PLUMBING = new Set(["constructor", ...Object.getOwnPropertyNames(Object.prototype)]);

/** The name that a word of the kernel's ends with: `select` of `search.select`. */
const nameOf = (word: string): string => word.split(".").at(-1)!;

/**
 * The kernel's own words in order. Of an object of the library's only what is documented of it; of others without the plumbing, unless it was
 * begun to be typed.
 *
 * @param members What the object has, by what is known of it. An object without them is another one by now.
 */
export function tidied(matches: readonly string[], prefix: string, members?: Members): string[] {
  const names = new Set(matches.map(nameOf));
  const isOurs = members?.always.every((name) => names.has(name) || !name.startsWith(prefix));
  const isOffered = isOurs
    ? (name: string) => members!.names.includes(name)
    : (name: string) => !PLUMBING.has(name) || prefix !== "" && name.startsWith(prefix);
  return matches.filter((word) => isOffered(nameOf(word))).sort((a, b) => a.localeCompare(b));
}
