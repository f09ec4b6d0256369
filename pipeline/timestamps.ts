/**
 * Reads timestamps: whole numbers, decimal numbers, or ISO 8601 dates.
 *
 * @module
 */
import pl, { type Series } from "nodejs-polars";

/** ISO 8601 without and with a time, and the variants that databases and spreadsheets write. */
const DATE_FORMATS = [
  "%Y-%m-%dT%H:%M:%S%.f",
  "%Y-%m-%d %H:%M:%S%.f",
  "%Y-%m-%dT%H:%M:%S%.fZ",
  "%Y-%m-%dT%H:%M:%S%.f%:z",
  "%Y-%m-%d %H:%M:%S%.f%:z",
  "%Y-%m-%d",
];

/** The column as numbers, and what a user should know of how it was read. Null where a text is no time at all. */
export function parseTimestamps(column: Series): { column: Series; warnings: string[] } {
  if (column.isDateTime() || column.dtype.toString().includes("Date")) {
    return { column: column.cast(pl.Datetime("ms")).cast(pl.Int64), warnings: [] };
  }
  if (column.isFloat()) return { column: wholeIfPossible(column), warnings: [] };
  if (!column.isString()) return { column: column.cast(pl.Int64), warnings: [] };

  const missing = column.nullCount();
  const integers = column.cast(pl.Int64, false);
  if (integers.nullCount() === missing) return { column: integers, warnings: [] };
  const stripped = column.str.strip() as Series;
  const numbers = stripped.cast(pl.Float64, false);
  if (numbers.nullCount() === missing) return { column: wholeIfPossible(numbers), warnings: [] };

  const frame = stripped.alias("text").toFrame();
  for (const format of DATE_FORMATS) {
    const zoned = format.endsWith("%:z");
    const type = zoned ? pl.Datetime("ms", "UTC") : pl.Datetime("ms");
    const dates = tryParse(() =>
      frame.select(pl.col("text").str.strptime(type, format).cast(pl.Int64).alias("timestamp")).getColumn(0)
    );
    if (dates && dates.nullCount() < numbers.nullCount()) {
      return { column: dates, warnings: ["timestamps are dates; they were read as milliseconds since 1970 (UTC)"] };
    }
  }
  return { column: numbers, warnings: [] };
}

function tryParse(parse: () => Series): Series | undefined {
  try {
    return parse();
  } catch {
    return undefined; // Polars refuses a format in which no value parses
  }
}

/** Int64 where every number is finite and whole, so that times compare exactly; else Float64. */
function wholeIfPossible(numbers: Series): Series {
  const column = numbers.cast(pl.Float64);
  const [whole] = column.alias("n").toFrame().select(
    pl.col("n").isFinite().and(pl.col("n").floor().eq(pl.col("n"))).fillNull(pl.lit(true)).all().alias("whole"),
  ).row(0) as boolean[];
  return whole ? column.cast(pl.Int64) : column;
}
