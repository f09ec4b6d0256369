/**
 * How much of all that could be is there: the same in every place that says it.
 *
 * @module
 */
import { percent } from "../../display/text/percent.ts";

/** How many there are of each. */
interface Counts {
  users: number;
  items: number;
  interactions: number;
  /** Of a user and an item that interact, however often. */
  pairs?: number;
}

/** Share of all user–item pairs that interact, however often. */
export const densityOf = ({ users, items, pairs }: Counts & { pairs: number }): number =>
  pairs / (users * items);

/** The same as a row of a table; of a dataset of before, which does not count pairs, with its repeats, and called so. */
export const densityRow = ({ pairs, ...counts }: Counts): [label: string, value: string] =>
  pairs === undefined
    ? ["interactions per pair", percent(densityOf({ ...counts, pairs: counts.interactions }))]
    : ["density", percent(densityOf({ ...counts, pairs }))];
