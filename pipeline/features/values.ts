/**
 * The values of a column of the item table, one per row: text without surrounding white space, missing if empty.
 *
 * @module
 */
import pl, { type DataFrame, type Expr } from "nodejs-polars";
import { BEHIND, BETWEEN } from "../contract/values/lists.ts";

/** Replaces empty text by a missing value. */
const nullIfEmpty = () =>
  pl.when(pl.col("value").eq(pl.lit(""))).then(pl.lit(null)).otherwise(pl.col("value")).alias("value");

/** Returns a column by itself, as text, under a name that Polars does not take for a pattern. */
const textsOf = (items: DataFrame, column: string): DataFrame =>
  pl.DataFrame({ value: items.getColumn(column).cast(pl.String) });

/** Returns the separator between the values of a column, if none is specified. */
export const separatorOf = (items: DataFrame, column: string): string =>
  textsOf(items, column).filter(pl.col("value").str.contains(BEHIND, true)).height > 0 ? BEHIND : BETWEEN;

const withoutEnd = (text: Expr): Expr => text.str.replace(`${BEHIND}$`, "");

/** Returns a table of ids and side columns in the form in which it is stored: without the last terminator, which is no longer needed. */
export function withoutEnds(table: DataFrame): DataFrame {
  const texts = table.columns.filter((name) =>
    name !== "id" && table.getColumn(name).dtype.equals(pl.String)
  );
  const apart = texts.filter((name) => separatorOf(table, name) === BEHIND);
  return table.withColumns(
    ...apart.map((name) =>
      textsOf(table, name).select(withoutEnd(pl.col("value"))).getColumn("value").rename(name)
    ),
  );
}

/** Returns a column as `row` (u32, from 0) and `value` (string or null), in the table's order. */
export function columnValues(items: DataFrame, column: string): DataFrame {
  return textsOf(items, column)
    .lazy()
    .withColumn(withoutEnd(pl.col("value").str.strip()).alias("value"))
    .select(nullIfEmpty())
    .withRowIndex("row")
    .collectSync();
}

/**
 * Splits texts that hold several values: returns one row for each value of each item, each value once per item.
 * Empty parts are null, and an item without any value has one row with null.
 *
 * @param values The result of {@link columnValues}.
 */
export function splitValues(values: DataFrame, separator: string): DataFrame {
  return values.lazy()
    .withColumn(pl.col("value").str.split(separator))
    .explode("value")
    .withColumn(pl.col("value").str.strip())
    .select("row", nullIfEmpty())
    .unique(["row", "value"], "first", true)
    .collectSync();
}
