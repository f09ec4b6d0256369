/**
 * Codes for columns with values from a set: one value per item (`categorical`) or several (`multi`).
 *
 * @module
 */
import pl, { type DataFrame } from "nodejs-polars";
import type { EncodedColumn } from "./column.ts";
import type { FeatureSpec } from "./spec.ts";
import { columnValues, separatorOf, splitValues } from "./values.ts";

/** Encodes a `categorical` or `multi` column. */
export function encodeCategories(items: DataFrame, spec: FeatureSpec): EncodedColumn {
  const multi = spec.kind === "multi";
  const separator = spec.separator ?? separatorOf(items, spec.name);
  const minCount = spec.minCount ?? 1;
  const texts = columnValues(items, spec.name);
  const values = multi ? splitValues(texts, separator) : texts;
  const { vocabulary, rare } = numberValues(values, minCount);
  const coded = values.lazy()
    .join(vocabulary.lazy().select("value", "code"), { on: "value", how: "left", maintainOrder: "left" });
  const column = multi
    ? coded.groupBy("row", true).agg(pl.col("code").dropNulls().sort()).collectSync().getColumn("code")
    : coded.select(pl.col("code").fillNull(pl.lit(0)).cast(pl.UInt32)).collectSync().getColumn("code");
  const name = `${spec.name}_${multi ? "codes" : "code"}`;
  return {
    column: column.rename(name),
    vocabulary,
    info: {
      name: spec.name,
      kind: multi ? "multi" : "categorical",
      column: name,
      values: vocabulary.height,
      ...(multi ? { separator } : {}),
      minCount,
      /** Number of distinct values that too few items have. */
      rare,
      /** Number of items without any value. */
      missing: items.height - values.filter(pl.col("value").isNotNull()).getColumn("row").nUnique(),
    },
  };
}

/**
 * Gives each value a code, from 1: first numbers, by size, then text, in the order of its code points.
 *
 * @param values A table with `row` and `value`, each pair once.
 */
function numberValues(values: DataFrame, minCount: number): { vocabulary: DataFrame; rare: number } {
  const counts = values.lazy()
    .filter(pl.col("value").isNotNull())
    .groupBy("value")
    .agg(pl.len().cast(pl.UInt32).alias("items"))
    .withColumn(pl.col("value").cast(pl.Float64, false).alias("number"))
    .collectSync();
  const vocabulary = counts.lazy()
    .filter(pl.col("items").gtEq(minCount))
    .sort(["number", "value"], false, true)
    .withRowIndex("code", 1)
    .select(pl.col("code").cast(pl.UInt32), "value", "items")
    .collectSync();
  return { vocabulary, rare: counts.height - vocabulary.height };
}
