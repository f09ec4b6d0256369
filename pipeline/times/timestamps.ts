/**
 * Reads timestamps: whole numbers, decimal numbers, ISO 8601 dates, or a format of the data's own.
 *
 * @module
 */
import pl, { type DataFrame, type Expr, type Series } from "nodejs-polars";
import type { Replacement, TimeFormat } from "./format.ts";

/** How dates look that are read without being told how they are written. */
export interface DateFormat {
  look: RegExp;
  /** For Polars. */
  strptime: string;
  /** What makes ISO 8601 of it where it is not yet, for engines that read that alone. */
  toIso: readonly Replacement[];
}

const DAY = String.raw`^\d{4}-\d{2}-\d{2}`, MINUTE = String.raw`([01]\d|2[0-3]):[0-5]\d`;
// Engines differ in whether they take 24:00:00, 23:59:60 or +24:00: here, no clock shows them.
const TIME = String.raw`${MINUTE}:[0-5]\d(\.\d+)?`, ZONE = String.raw`[+-]([01]\d|2[0-3]):?[0-5]\d`;
const dateFormat = (look: string, strptime: string, ...toIso: Replacement[]): DateFormat => ({
  look: new RegExp(look),
  strptime,
  toIso,
});
const WITH_SECONDS: Replacement = { pattern: /(..)$/, parts: [1, ":00"] };

/**
 * ISO 8601, and what databases and spreadsheets write, in the order in which they are tried. Looks are checked apart, because Polars takes a
 * format that fits the beginning of a text. No zone counts as UTC.
 */
export const DATES: readonly DateFormat[] = [
  dateFormat(`${DAY}T${TIME}$`, "%Y-%m-%dT%H:%M:%S%.f"),
  dateFormat(`${DAY} ${TIME}$`, "%Y-%m-%d %H:%M:%S%.f"),
  dateFormat(`${DAY}T${TIME}Z$`, "%Y-%m-%dT%H:%M:%S%.fZ"),
  dateFormat(`${DAY}T${TIME}${ZONE}$`, "%Y-%m-%dT%H:%M:%S%.f%z"),
  dateFormat(`${DAY} ${TIME}${ZONE}$`, "%Y-%m-%d %H:%M:%S%.f%z"),
  dateFormat(`${DAY}$`, "%Y-%m-%d"),
  dateFormat(`${DAY} ${TIME}Z$`, "%Y-%m-%d %H:%M:%S%.fZ"),
  dateFormat(`${DAY} ${TIME} UTC$`, "%Y-%m-%d %H:%M:%S%.f UTC", { pattern: / UTC$/, parts: ["Z"] }),
  dateFormat(`${DAY} ${MINUTE}$`, "%Y-%m-%d %H:%M", WITH_SECONDS),
  dateFormat(`${DAY}T${MINUTE}$`, "%Y-%m-%dT%H:%M", WITH_SECONDS),
];

/**
 * The column as numbers, dates as milliseconds since 1970. Null where a text is no time at all.
 *
 * @param format How all times are written; left out, they are numbers or ISO 8601.
 */
export function parseTimestamps(column: Series, format?: TimeFormat): Series {
  if (format) return ofFormat(column, format);
  if (column.isDateTime() || column.dtype.toString().includes("Date")) {
    return milliseconds(column);
  }
  if (column.isFloat()) return wholeIfPossible(column);
  if (!column.isString()) return column.cast(pl.Int64);

  const missing = column.nullCount();
  const integers = column.cast(pl.Int64, false);
  if (integers.nullCount() === missing) return integers;
  const stripped = column.str.strip() as Series;
  const numbers = stripped.cast(pl.Float64, false);
  if (numbers.nullCount() === missing) return wholeIfPossible(numbers);

  const texts = stripped.alias("text").toFrame();
  let best: Series = numbers;
  for (const { look, strptime } of DATES) {
    const dates = datesOf(texts, look, pl.col("text"), strptime);
    if (dates.nullCount() < best.nullCount()) best = milliseconds(dates);
    if (best.nullCount() === missing) break;
  }
  return best;
}

/** Times in a format of the data's own. */
function ofFormat(column: Series, { look, replacements, zoned }: TimeFormat): Series {
  const iso = replacements.reduce<Expr>(
    (text, { pattern, parts }) =>
      text.str.replace(
        pattern.source,
        parts.map((part) => typeof part === "number" ? `\${${part}}` : part.replaceAll("$", "$$$$")).join(""),
      ),
    pl.col("text"),
  );
  const texts = (column.cast(pl.String).str.strip() as Series).alias("text").toFrame();
  return milliseconds(datesOf(texts, look, iso, `%Y-%m-%dT%H:%M:%S%.f${zoned ? "%z" : ""}`));
}

/** Dates among texts that look like this; null elsewhere. */
const datesOf = (texts: DataFrame, look: RegExp, date: Expr, strptime: string): Series =>
  texts.select(
    pl.when(pl.col("text").str.contains(look.source)).then(date.str.strptime(pl.Datetime(), strptime))
      .otherwise(pl.lit(null)).alias("time"),
  ).getColumn("time");

const milliseconds = (times: Series): Series => times.cast(pl.Datetime("ms")).cast(pl.Int64);

/** Int64 where every number is whole and within its bounds, so that times compare exactly; else Float64. */
function wholeIfPossible(numbers: Series): Series {
  const column = numbers.cast(pl.Float64);
  const n = pl.col("n");
  const [whole] = column.alias("n").toFrame().select(
    n.abs().lt(pl.lit(2 ** 63)).and(n.floor().eq(n)).fillNull(pl.lit(true)).all().alias("whole"),
  ).row(0) as boolean[];
  return whole ? column.cast(pl.Int64) : column;
}
