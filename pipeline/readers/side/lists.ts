/**
 * Lists of a side table as text, if a value contains the character that usually separates values.
 *
 * @module
 */
import pl, { type Expr } from "nodejs-polars";
import { BEHIND } from "../../contract/values/lists.ts";

/** Adds {@link BEHIND} after the last of the values, which have it between them; empty fields stay empty. */
export function endedLists(joined: Expr): Expr {
  return pl.when(joined.isNull().or(joined.eq(pl.lit("")))).then(joined)
    .otherwise(pl.concatString([joined, pl.lit(BEHIND)], "")) as unknown as Expr;
}
