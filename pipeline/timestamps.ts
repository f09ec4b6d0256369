/**
 * Reads timestamps: whole numbers, decimal numbers, or ISO 8601 dates.
 *
 * @module
 */
import pl, { type Series } from "nodejs-polars";

const DAY = String.raw`^\d{4}-\d{2}-\d{2}`, TIME = String.raw`\d{2}:\d{2}:\d{2}(\.\d+)?`;

/**
 * ISO 8601, and what databases write: how it looks, how Polars reads it. Looks are checked apart, because Polars takes a
 * format that fits the beginning of a text. No zone counts as UTC.
 */
const DATE_FORMATS: [look: string, format: string][] = [
  [`${DAY}T${TIME}$`, "%Y-%m-%dT%H:%M:%S%.f"],
  [`${DAY} ${TIME}$`, "%Y-%m-%d %H:%M:%S%.f"],
  [`${DAY}T${TIME}Z$`, "%Y-%m-%dT%H:%M:%S%.fZ"],
  [`${DAY}T${TIME}[+-]\\d{2}:?\\d{2}$`, "%Y-%m-%dT%H:%M:%S%.f%z"],
  [`${DAY} ${TIME}[+-]\\d{2}:?\\d{2}$`, "%Y-%m-%d %H:%M:%S%.f%z"],
  [`${DAY}$`, "%Y-%m-%d"],
];

/** How texts look that are read as dates, in the order in which they are tried. */
export const DATE_LOOKS: readonly string[] = DATE_FORMATS.map(([look]) => look);

/** The column as numbers, dates as milliseconds since 1970. Null where a text is no time at all. */
export function parseTimestamps(column: Series): Series {
  if (column.isDateTime() || column.dtype.toString().includes("Date")) {
    return column.cast(pl.Datetime("ms")).cast(pl.Int64);
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
  const dates = DATE_FORMATS.map(([look, format]) =>
    texts.select(
      pl.when(pl.col("text").str.contains(look)).then(pl.col("text").str.strptime(pl.Datetime(), format))
        .otherwise(pl.lit(null)).alias("time"),
    ).getColumn("time")
  ).reduce((best, parsed) => parsed.nullCount() < best.nullCount() ? parsed : best);
  return dates.nullCount() < numbers.nullCount() ? dates.cast(pl.Datetime("ms")).cast(pl.Int64) : numbers;
}

/** Int64 where every number is whole and within its bounds, so that times compare exactly; else Float64. */
function wholeIfPossible(numbers: Series): Series {
  const column = numbers.cast(pl.Float64);
  const n = pl.col("n");
  const [whole] = column.alias("n").toFrame().select(
    n.abs().lt(pl.lit(2 ** 63)).and(n.floor().eq(n)).fillNull(pl.lit(true)).all().alias("whole"),
  ).row(0) as boolean[];
  return whole ? column.cast(pl.Int64) : column;
}
