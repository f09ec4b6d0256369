/**
 * What may come at the cursor: names to import, options of a call, and what the kernel itself knows, in order.
 *
 * @module
 */
import type { Api } from "./api.ts";
import type { Place } from "./code.ts";
import { type Known, optionsAt } from "./inspection.ts";

/** Words, and the stretch of code that they take the place of, in UTF-16 units. */
export interface Completion {
  matches: string[];
  from: number;
  to: number;
}

/** What the library knows better than the kernel; undefined where it does not. */
export function completion(api: Api, place: Place, cursor: number, known: Known): Completion | undefined {
  const prefix = place.word.slice(0, cursor - place.from);
  const of = (words: string[]): Completion => ({
    matches: words.filter((word) => word.startsWith(prefix)),
    from: place.from,
    to: cursor,
  });
  if (place.importing) return of(api.names());
  if (!place.call || !place.keys) return undefined;
  const free = optionsAt(api, place.call, known).map(({ name }) => name)
    .filter((name) => !place.keys!.includes(name));
  return free.length > 0 ? of([...new Set(free)].sort((a, b) => a.localeCompare(b))) : undefined;
}

/** Members of every object, which nobody looks for. */
const PLUMBING = new Set(["constructor", ...Object.getOwnPropertyNames(Object.prototype)]);

/** The kernel's own words in order, without the plumbing unless it was begun to be typed. */
export const tidied = (matches: readonly string[], prefix: string): string[] =>
  matches.filter((word) => {
    const name = word.split(".").at(-1)!;
    return !PLUMBING.has(name) || prefix !== "" && name.startsWith(prefix);
  }).sort((a, b) => a.localeCompare(b));
