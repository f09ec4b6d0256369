/**
 * Features that are numbers or are parsed to numbers: standardised, or as codes of buckets that hold about the same number of items.
 *
 * @module
 */
import pl, { type DataFrame, type Series } from "nodejs-polars";
import { LIKELY_COMMA } from "../contract/values/decimals.ts";
import { InputError } from "../contract/errors.ts";
import { withoutValue } from "../contract/values/nothing.ts";
import { emptyVocabulary, type EncodedColumn } from "./column.ts";
import type { FeatureSpec } from "./spec.ts";
import { columnValues } from "./values.ts";

/** Encodes a `numeric` column. */
export const encodeNumbers = (items: DataFrame, spec: FeatureSpec): EncodedColumn =>
  encodeParsed(parseNumbers(items, spec.name), spec, { kind: "numeric", say: String });

/** What the numbers represent. */
export interface NumberKind {
  kind: "numeric" | "date";
  /** Formats a number for the names of buckets. */
  say: (value: number) => string;
}

/**
 * Encodes numbers.
 *
 * @param numbers Float64, null if missing.
 */
export function encodeParsed(numbers: Series, spec: FeatureSpec, what: NumberKind): EncodedColumn {
  // Floating-point sums depend on the order of their terms. Sorted numbers make them independent of the order of rows.
  const sorted = numbers.dropNulls().sort();
  return spec.encoding === "buckets"
    ? intoBuckets(numbers, sorted, spec, what)
    : standardise(numbers, sorted, spec, what);
}

/** Returns the column as Float64; missing values, and those that other programs wrote as `NaN`, are null. */
function parseNumbers(items: DataFrame, name: string): Series {
  const parsed = columnValues(items, name).lazy()
    .withColumn(pl.col("value").cast(pl.Float64, false).alias("number"))
    .collectSync();
  const wrong = parsed.filter(
    pl.col("value").isNotNull().and(pl.col("number").isInfinite().fillNull(pl.lit(true))),
  );
  if (wrong.height > 0) {
    const { row, value } = wrong.head(1).toRecords()[0];
    throw new InputError(
      `Cannot encode feature "${name}" as numeric: ${wrong.height} of ${items.height} items have text that is no ` +
        `finite number, the first "${value}" (item "${items.getColumn("id").get(Number(row))}"); ` +
        `${withoutValue(wrong.getColumn("value"))}, or use ${name}:categorical${
          LIKELY_COMMA.test(String(value))
            ? "; a column of numbers with decimal commas is read with decimal: comma"
            : ""
        }`,
    );
  }
  const numbers = pl.when(pl.col("number").isNan()).then(pl.lit(null)).otherwise(pl.col("number"));
  return parsed.select(numbers.alias("number")).getColumn("number");
}

function standardise(
  numbers: Series,
  sorted: Series,
  { name }: FeatureSpec,
  { kind }: NumberKind,
): EncodedColumn {
  const mean = sorted.length > 0 ? sorted.mean()! : 0;
  const deviations = pl.DataFrame({ number: sorted }).select(pl.col("number").minus(mean).pow(2).mean());
  const std = sorted.length > 0 ? Math.sqrt(deviations.getColumn("number").get(0)) : 0;
  if (!Number.isFinite(std)) {
    throw new InputError(
      `Cannot encode feature "${name}" as ${kind}: its numbers, from ${sorted.get(0)} to ${
        sorted.get(sorted.length - 1)
      }, are too far apart to be standardised; leave empty in the item table what is no value, or use ${name}:numeric:buckets=10`,
    );
  }
  const column = `${name}_value`;
  const frame = pl.DataFrame({ number: numbers }).select(
    pl.col("number").minus(mean).div(std > 0 ? std : 1).fillNull(pl.lit(0)).cast(pl.Float32).alias(column),
  );
  return {
    column: frame.getColumn(column),
    vocabulary: emptyVocabulary(),
    info: {
      name,
      kind,
      encoding: "standardise",
      column,
      values: 0,
      mean,
      /** Population standard deviation. */
      std,
      missing: numbers.length - sorted.length,
    },
  };
}

function intoBuckets(
  numbers: Series,
  sorted: Series,
  { name, buckets }: FeatureSpec,
  { kind, say }: NumberKind,
): EncodedColumn {
  if (!(Number.isInteger(buckets) && buckets! >= 2)) {
    throw new InputError(
      `Cannot encode feature "${name}" in ${buckets} buckets: it takes a whole number, at least 2`,
    );
  }
  const edges = bucketEdges(sorted.toTypedArray() as Float64Array, buckets!);
  const table = pl.DataFrame([
    pl.Series("code", Uint32Array.from(edges, (_, i) => i + 1)),
    pl.Series("edge", Float64Array.from(edges)),
    pl.Series("value", edges.map((edge, i) => bucketName(edge, edges[i + 1], sorted, say)), pl.String),
  ]);
  const rows = pl.DataFrame({ number: numbers }).lazy().withRowIndex("row").collectSync();
  const found = rows.filter(pl.col("number").isNotNull())
    .sort("number")
    .joinAsof(table, { leftOn: "number", rightOn: "edge", strategy: "backward" });
  const column = `${name}_code`;
  const coded = rows.lazy()
    .join(found.lazy().select("row", "code"), { on: "row", how: "left", maintainOrder: "left" })
    .select(pl.col("code").fillNull(pl.lit(0)).cast(pl.UInt32).alias(column))
    .collectSync();
  return {
    column: coded.getColumn(column),
    vocabulary: found.lazy()
      .groupBy(["code", "value"])
      .agg(pl.len().cast(pl.UInt32).alias("items"))
      .sort("code")
      .collectSync(),
    info: {
      name,
      kind,
      encoding: "buckets",
      column,
      values: edges.length,
      /** The smallest number of each bucket; the last bucket extends to the largest number. */
      edges,
      missing: numbers.length - sorted.length,
    },
  };
}

/** Returns the name of a bucket: `[1990, 1995)`; the last one is closed. */
function bucketName(
  edge: number,
  next: number | undefined,
  sorted: Series,
  say: (value: number) => string,
): string {
  return next === undefined
    ? `[${say(edge)}, ${say(sorted.get(sorted.length - 1))}]`
    : `[${say(edge)}, ${say(next)})`;
}

/**
 * Returns the smallest number of each bucket, ascending: quantiles that occur among the numbers, each once, so that no bucket is
 * empty. There are fewer than `buckets` if numbers repeat.
 */
function bucketEdges(sorted: Float64Array, buckets: number): number[] {
  const cuts = Array.from({ length: buckets }, (_, i) => sorted[Math.floor((i * sorted.length) / buckets)]);
  return sorted.length > 0 ? [...new Set(cuts)] : [];
}
