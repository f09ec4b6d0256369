/**
 * Lists of a side table as text, where a value holds what usually stands between values.
 *
 * @module
 */
import pl, { type Expr } from "nodejs-polars";
import { BEHIND } from "../../contract/values/lists.ts";

/** Values with {@link BEHIND} between them, and then behind the last, too; what is empty stays so. */
export function endedLists(joined: Expr): Expr {
  return pl.when(joined.isNull().or(joined.eq(pl.lit("")))).then(joined)
    .otherwise(pl.concatString([joined, pl.lit(BEHIND)], "")) as unknown as Expr;
}
