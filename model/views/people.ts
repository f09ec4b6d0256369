/**
 * A few people: what they had, what is recommended to them after it, and what they took.
 *
 * @module
 */
import { formatCell, type Table } from "../../pipeline/display/table.ts";
import { visible } from "../../pipeline/display/visible.ts";
import type { Insights, Person } from "../records/insights.ts";

/** People that the short form of a report shows. */
const FEW = 5;

/** Those that the short form shows. */
export const aFewPeople = (insights: Insights): Insights => ({
  ...insights,
  people: insights.people.slice(0, FEW),
});

/** What the short form says above them. */
export const fewPeopleCaption = (insights: Insights): string =>
  `A few people, drawn at random. ${peopleNote(insights)}`;

/** A row for each person. */
export const peopleTable = ({ people }: Insights): Table => ({
  columns: ["user", "newest of the history, oldest first", "recommended, best first", "took", "its rank"],
  rows: people.map((person) => [person.user, historyOf(person), listOf(person), tookOf(person), person.rank]),
});

/** A paragraph for each person, for a terminal: rows with so many titles are wider than one. */
export const peopleText = ({ people }: Insights): string =>
  people.map((person) =>
    [
      visible(person.user),
      `  had: ${visible(historyOf(person))}`,
      `  recommended: ${visible(listOf(person))}`,
      `  took: ${visible(tookOf(person))}, rank ${formatCell(person.rank)}`,
    ].join("\n")
  ).join("\n");

const historyOf = ({ earlier, history }: Person) =>
  `${earlier > 0 ? `(${formatCell(earlier)} earlier) ` : ""}${history.join(" → ")}`;

const listOf = ({ recommended, took }: Person) =>
  recommended.map((title) => title === took ? `✓ ${title}` : title).join(" · ");

const tookOf = (person: Person) => isAgain(person) ? `${person.took} (again)` : person.took;

/** Whether somebody took what had been taken before: it is ranked among what was not, and never recommended. */
const isAgain = ({ recommended, took, rank }: Pick<Person, "recommended" | "took" | "rank">) =>
  rank <= recommended.length && !recommended.includes(took);

/** What the table of people does not say by itself. */
export const peopleNote = ({ people }: Insights): string =>
  `✓: it was recommended.${
    people.some(isAgain) ? " Again: they had it before, which has a rank, but is not recommended." : ""
  }`;
