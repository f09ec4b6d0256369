/**
 * The few people of a report: what they had, what is recommended to them, what they took.
 *
 * @module
 */
import { formatCell, isolated } from "../../pipeline/display/table.ts";
import { shortened } from "../../pipeline/display/text/shortened.ts";
import { visible } from "../../pipeline/display/text/visible.ts";
import type { Insights, Person } from "../records/insights.ts";
import type { RunMetrics } from "../records/records.ts";
import { correctionNote } from "./results.ts";
import type { Same } from "../../pipeline/contract/options/describes.ts";

/** An item's title in a list, shortened because shops put whole descriptions into titles. */
export const titleHtml = (title: string): string => isolated(shortened(title));

/** Number of people in the short form of a report. */
const FEW = 5;

/** Insights with only the people that the short form shows. */
export const aFewPeople = (insights: Insights): Insights => ({
  ...insights,
  people: insights.people.slice(0, FEW),
});

/** The caption of these people in the short form. */
export const fewPeopleCaption = (insights: Insights, metrics: RunMetrics | undefined): string =>
  [`A few people, drawn at random. ${peopleNote(insights)}`, correctionNote(metrics) ?? []].flat().join(" ");

/** A block for each person, side by side if there is room: the history, the recommended list, and in it what was taken. */
export const peopleHtml = ({ people }: Insights): string =>
  `<div style="${GRID}">${
    people.map((person) => `<div style="min-width:0">${personHtml(person)}</div>`).join("")
  }</div>`;

const GRID =
  "display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,18rem),1fr));gap:1.2em 2.5em;" +
  "margin:.2em 0 1em;text-align:left;overflow-wrap:anywhere";
const LIST = "margin:.2em 0;padding-left:3.6em";

function personHtml(person: Person): string {
  const { user, recommended, rank } = person, at = placeOf(person), shown = titleHtml;
  const list = recommended.map((title, i) =>
    `<li>${i === at ? `<strong>✓ ${shown(title)}</strong>` : shown(title)}</li>`
  );
  // Its number in the list is its rank.
  const beyond = at === undefined && !isAgain(person)
    ? [`<li value="${rank}">${shown(person.took)}: taken</li>`]
    : [];
  return `<div><strong>${isolated(user)}</strong> had ${historyOf(person, isolated)}; took <strong>${
    tookOf(person, isolated)
  }</strong>, rank ${formatCell(rank)}</div><ol style="${LIST}">${[...list, ...beyond].join("")}</ol>`;
}

/** A paragraph for each person, for a terminal, which is too narrow for rows with so many titles. */
export const peopleText = ({ people }: Insights): string =>
  people.map((person) =>
    [
      visible(person.user),
      `  had: ${historyOf(person, visible)}`,
      `  recommended: ${visible(listOf(person))}`,
      `  took: ${tookOf(person, visible)}, rank ${formatCell(person.rank)}`,
    ].join("\n")
  ).join("\n");

const historyOf = ({ earlier, history }: Person, shown: (title: string) => string) =>
  `${earlier > 0 ? `(${formatCell(earlier)} earlier) ` : ""}${
    history.map((title) => shown(shortened(title))).join(" → ")
  }`;

const listOf = (person: Person) => {
  const at = placeOf(person), titles = person.recommended.map(shortened);
  return titles.map((title, i) => i === at ? `✓ ${title}` : title).join(" · ");
};

/** The place of the taken item in the list, from 0; undefined if it is not in it. If two items share a title, the rank says which. */
function placeOf({ recommended, took, rank }: Person): number | undefined {
  const at = recommended[rank - 1] === took ? rank - 1 : recommended.indexOf(took);
  return at < 0 ? undefined : at;
}

const tookOf = (person: Person, shown: (title: string) => string) =>
  `${shown(shortened(person.took))}${isAgain(person) ? " (again)" : ""}`;

/** Whether a person took something they had taken before: it is ranked among unseen items, but never recommended. */
const isAgain = ({ history, recommended, took, rank }: Person) =>
  !recommended.includes(took) && (history.includes(took) || rank <= recommended.length);

/** The note that explains the lists of people. */
export const peopleNote = ({ people }: Insights): string =>
  `✓: it was taken. What was taken and is not in the list has its rank.${
    people.some(isAgain) ? " Again: they had it before, which has a rank, but is not recommended." : ""
  }`;

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
 * import { peopleAs } from "./people.ts";
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
