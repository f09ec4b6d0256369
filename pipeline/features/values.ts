/**
 * The values of a column of the item table, one a row: text without white space around it, missing where empty.
 *
 * @module
 */
import pl, { type DataFrame, type Expr } from "nodejs-polars";
import { BEHIND, BETWEEN } from "../contract/values/lists.ts";

/** Missing instead of empty text. */
const nullIfEmpty = () =>
  pl.when(pl.col("value").eq(pl.lit(""))).then(pl.lit(null)).otherwise(pl.col("value")).alias("value");

/** A column by itself, as text: its name is none that Polars takes for a pattern. */
const textsOf = (items: DataFrame, column: string): DataFrame =>
  pl.DataFrame({ value: items.getColumn(column).cast(pl.String) });

/** What is between the values of a column where nobody says it. */
export const separatorOf = (items: DataFrame, column: string): string =>
  textsOf(items, column).filter(pl.col("value").str.contains(BEHIND, true)).height > 0 ? BEHIND : BETWEEN;

const withoutEnd = (text: Expr): Expr => text.str.replace(`${BEHIND}$`, "");

/** A table of ids and side columns as it is kept: once it is known where values end, the last end says nothing more. */
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

/** A column as `row` (u32, from 0) and `value` (string or null), in the table's order. */
export function columnValues(items: DataFrame, column: string): DataFrame {
  return textsOf(items, column)
    .lazy()
    .withColumn(withoutEnd(pl.col("value").str.strip()).alias("value"))
    .select(nullIfEmpty())
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
    .select("row", nullIfEmpty())
    .unique(["row", "value"], "first", true)
    .collectSync();
}
