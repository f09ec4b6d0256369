/**
 * The density of a dataset, computed in one place so that it is the same wherever it is shown.
 *
 * @module
 */
import { percent } from "../../display/text/percent.ts";

/** Number of users, items and pairs. */
interface Counts {
  users: number;
  items: number;
  /** Distinct pairs of a user and an item that interact. */
  pairs: number;
}

/** Share of all user–item pairs that interact at least once. */
export const densityOf = ({ users, items, pairs }: Counts): number => pairs / (users * items);

/** The density as a table row. */
export const densityRow = (counts: Counts): [label: string, value: string] => [
  "density",
  percent(densityOf(counts)),
];
