/**
 * The density of a dataset, computed in one place so that it is the same wherever it is shown.
 *
 * @module
 */
import { percent } from "../../display/text/percent.ts";

/** Number of users, items, interactions and pairs. */
interface Counts {
  users: number;
  items: number;
  interactions: number;
  /** Distinct pairs of a user and an item that interact. */
  pairs?: number;
}

/** Share of all user–item pairs that interact at least once. */
export const densityOf = ({ users, items, pairs }: Counts & { pairs: number }): number =>
  pairs / (users * items);

/** The density as a table row. Datasets of earlier versions do not count pairs: for these it includes repeats, and the label says so. */
export const densityRow = ({ pairs, ...counts }: Counts): [label: string, value: string] =>
  pairs === undefined
    ? ["interactions per pair", percent(densityOf({ ...counts, pairs: counts.interactions }))]
    : ["density", percent(densityOf({ ...counts, pairs }))];
