/**
 * The values of a column of the item table, one a row: text without white space around it, missing where empty.
 *
 * @module
 */
import pl, { type DataFrame } from "nodejs-polars";

/** Missing instead of empty text. */
const nullIfEmpty = (column: string) =>
  pl.when(pl.col(column).eq(pl.lit(""))).then(pl.lit(null)).otherwise(pl.col(column));

/** A column as `row` (u32, from 0) and `value` (string or null), in the table's order. */
export function columnValues(items: DataFrame, column: string): DataFrame {
  return pl.DataFrame({ value: items.getColumn(column).cast(pl.String) })
    .lazy()
    .withColumn(pl.col("value").str.strip())
    .select(nullIfEmpty("value").alias("value"))
    .withRowIndex("row")
    .collectSync();
}

/**
 * The same where each text holds several values: one row for each value of each item, each value once an item.
 * Empty parts are null, and an item without any value has one row with null.
 *
 * @param values From {@link columnValues}.
 */
export function splitValues(values: DataFrame, separator: string): DataFrame {
  return values.lazy()
    .withColumn(pl.col("value").str.split(separator))
    .explode("value")
    .withColumn(pl.col("value").str.strip())
    .select("row", nullIfEmpty("value").alias("value"))
    .unique(["row", "value"], "first", true)
    .collectSync();
}
