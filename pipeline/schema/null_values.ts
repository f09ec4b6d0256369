/**
 * Words that programs write in place of a missing value: `NULL`, `\N`, `-1`.
 *
 * @module
 */
import pl, { type Expr } from "nodejs-polars";
import type { DroppedRows } from "../contract/stage/dropped.ts";

/** Whether a column has no value: it is null, empty, or one of the words. The result is never null. */
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
