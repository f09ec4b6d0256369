/**
 * How the few people that pages show are called: a page is passed on, and ids are not for everybody.
 *
 * @module
 */
import type { Same } from "../../pipeline/contract/options/describes.ts";

/** By their original ids, by numbers of the page's own, or not shown at all. */
export const SHOWN_PEOPLE = ["ids", "numbers", "none"] as const;

/** How the few people of a report are shown: by their ids, as person 1, person 2 …, or not at all. Part of {@link JobInput}. */
export type ShownPeople = "ids" | "numbers" | "none";
true satisfies Same<ShownPeople, (typeof SHOWN_PEOPLE)[number]>;

/**
 * People as they are to be shown. A number says nothing of a person but the order on the page.
 *
 * @param how Default: by their ids.
 * @example
 * ```ts
 * import { peopleAs } from "./shown_people.ts";
 * import assert from "node:assert/strict";
 *
 * const people = [{ user: "ann", took: "tea" }, { user: "ben", took: "cup" }];
 * assert.deepEqual(peopleAs(people, "numbers"), [{ user: "person 1", took: "tea" }, { user: "person 2", took: "cup" }]);
 * assert.deepEqual(peopleAs(people, "none"), []);
 * ```
 */
export function peopleAs<P extends { user: string }>(people: readonly P[], how: ShownPeople = "ids"): P[] {
  if (how === "none") return [];
  return people.map((person, i) => how === "ids" ? person : { ...person, user: `person ${i + 1}` });
}
