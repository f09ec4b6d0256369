/**
 * How much of all that could be is there: the same in every place that says it.
 *
 * @module
 */
import { percent } from "../display/percent.ts";

/** How many there are of each. */
interface Counts {
  users: number;
  items: number;
  interactions: number;
}

/** Share of all user–item pairs that interact. Repeats count each time. */
export const densityOf = ({ users, items, interactions }: Counts): number => interactions / (users * items);

/** The same as a row of a table. */
export const densityRow = (counts: Counts): [label: string, value: string] => [
  "density",
  percent(densityOf(counts)),
];
