/**
 * Order and split by DuckDB: all rows are sorted once, on disk if they do not fit into memory, and their positions in the file are
 * their row numbers.
 *
 * @module
 */
import type { Arrange } from "../stages/split.ts";
import { placed, timeOrder, toSort } from "../text/split.ts";
import type { DuckDbRunner } from "./runner.ts";

/** Orders and splits interactions. */
export const arrangeOnDisk = (runner: DuckDbRunner): Arrange => async (arrangement) => {
  const table = "interactions";
  const inSource = await runner.sorted(toSort(arrangement), `user, ${timeOrder(arrangement)}`);
  const rows = await runner.keepInOrder(table, placed(runner.dialect, inSource.numbered, arrangement));
  return { table, rows, inSource };
};
