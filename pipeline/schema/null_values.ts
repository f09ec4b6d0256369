/**
 * Words that stand for no value, as programs write them where there is none: `NULL`, `\N`, `-1`.
 *
 * @module
 */
import pl, { type Expr } from "nodejs-polars";
import type { DroppedRows } from "../contract/stage/dropped.ts";

/** Whether there is nothing in a column: it is null, empty, or one of the words. Never null. */
export function isNothing(column: string, words: readonly string[]): Expr {
  const text = pl.col(column).cast(pl.String);
  return text.isNull().or(text.isIn(["", ...words]).fillNull(pl.lit(false)));
}

/** Rows left out because they have no user or no item. */
export const withoutIds = (words: readonly string[], rows: number): DroppedRows => ({
  reason: "no user or no item",
  rows,
  option: { name: "nullValues", value: words.join(",") },
});
