/**
 * How the few people on a page are named: pages are passed on, and ids are not for everybody.
 *
 * @module
 */
import type { Same } from "../../pipeline/contract/options/describes.ts";

/** The ways to name people: by their original ids, by numbers that the page assigns, or not at all. */
export const SHOWN_PEOPLE = ["ids", "numbers", "none"] as const;

/** How a report names the few people that it shows: by their ids, as person 1, person 2 …, or not at all. Part of {@link JobInput}. */
export type ShownPeople = "ids" | "numbers" | "none";
true satisfies Same<ShownPeople, (typeof SHOWN_PEOPLE)[number]>;

/**
 * Returns people with the names to show. A number says nothing about a person except the order on the page.
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
