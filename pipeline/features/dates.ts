/**
 * Dates as features: days since 1970, encoded like numbers.
 *
 * @module
 */
import pl, { type DataFrame, type Series } from "nodejs-polars";
import { InputError } from "../contract/errors.ts";
import { PER_MILLISECOND } from "../contract/values/date_units.ts";
import { parseTimeFormat } from "../times/format.ts";
import { likelyFormats } from "../times/likely_formats.ts";
import { parseDates } from "../times/timestamps.ts";
import { withoutValue } from "../contract/values/nothing.ts";
import type { EncodedColumn } from "./column.ts";
import { encodeParsed } from "./numbers.ts";
import type { FeatureSpec } from "./spec.ts";
import { columnValues } from "./values.ts";

const MILLISECONDS_A_DAY = 86_400_000;

/** Encodes a `date` column. */
export const encodeDates = (items: DataFrame, spec: FeatureSpec): EncodedColumn =>
  encodeParsed(daysOf(items, spec), spec, { kind: "date", say: dateOf });

/**
 * Whether all values of a column are ISO 8601 dates.
 *
 * @param values Text, null if missing.
 */
export const areDates = (values: Series): boolean => parsesWhole(values.head(1)) && parsesWhole(values); // the first one settles most

const parsesWhole = (values: Series) => parseDates(values).times.nullCount() === values.nullCount();

/** Returns the column in days since 1970, as Float64; missing values are null. */
function daysOf(items: DataFrame, { name, format }: FeatureSpec): Series {
  const values = columnValues(items, name),
    known = format === undefined ? undefined : parseTimeFormat(format);
  const { times, unit } = parseDates(values.getColumn("value"), known);
  const days = pl.DataFrame({ times: times.cast(pl.Float64) })
    .select(pl.col("times").div(PER_MILLISECOND[unit!] * MILLISECONDS_A_DAY).alias("days")).getColumn("days");
  const wrong = values.withColumn(days).filter(pl.col("value").isNotNull().and(pl.col("days").isNull()));
  if (wrong.height === 0) return days;
  const { row, value } = wrong.head(1).toRecords()[0];
  throw new InputError(
    `Cannot encode feature "${name}" as date: ${wrong.height} of ${items.height} items have text that is no date${
      format === undefined ? "" : ` of the format ${format}`
    }, the first "${value}" (item "${items.getColumn("id").get(Number(row))}"); ${
      withoutValue(wrong.getColumn("value"))
    }${hintFor(String(value), name)}`,
  );
}

/** Further advice about a text that is not a date like the others. */
function hintFor(text: string, name: string): string {
  if (areDates(pl.Series("date", [text], pl.String))) {
    return "; it is a date, but most are written differently, and all have to be written in one way";
  }
  const like = likelyFormats(text).map((format) => `${name}:date:${format}`);
  // Only on the command line do commas separate features.
  const comma = like.some((spec) => spec.includes(","))
    ? " (on the command line, with \\, for its comma)"
    : "";
  return like.length > 0 ? `, or say how they are written: it looks like ${like.join(" or ")}${comma}` : "";
}

/** Formats as `2024-05-01`, with the time if it is not midnight. */
function dateOf(days: number): string {
  const text = new Date(Math.round(days * MILLISECONDS_A_DAY)).toISOString();
  return text.replace(/T00:00:00\.000Z$/, "").replace(".000Z", "Z");
}
