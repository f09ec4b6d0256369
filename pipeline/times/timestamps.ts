/**
 * Reads timestamps: whole numbers, decimal numbers, ISO 8601 dates, or a format of the data's own.
 *
 * @module
 */
import pl, { type DataFrame, type Expr, type Series } from "nodejs-polars";
import type { Replacement, TimeFormat } from "./format.ts";
import { type DateUnit, isDate, PER_MILLISECOND } from "../contract/values/date_units.ts";
import { MILLISECONDS_BEYOND_NANOSECONDS } from "./units.ts";

/** How dates look that are read without being told how they are written. */
export interface DateFormat {
  look: RegExp;
  /** For Polars. */
  strptime: string;
  /** What makes ISO 8601 of it where it is not yet, for engines that read that alone. */
  toIso: readonly Replacement[];
  /** What makes of it what `strptime` says, where it is not yet. */
  toStrptime: readonly Replacement[];
}

const DAY = String.raw`^\d{4}-\d{2}-\d{2}`, MINUTE = String.raw`([01]\d|2[0-3]):[0-5]\d`;
// Engines differ in whether they take 24:00:00, 23:59:60 or +24:00: here, no clock shows them.
const TIME = String.raw`${MINUTE}:[0-5]\d(\.\d+)?`, ZONE = String.raw`[+-]([01]\d|2[0-3]):?[0-5]\d`;
const dateFormat = (look: string, strptime: string, ...toIso: Replacement[]): DateFormat => ({
  look: new RegExp(look),
  strptime,
  toIso,
  toStrptime: [],
});
/** Distances from UTC, of which that of UTC itself is `Z`, as RFC 3339 has it. */
const withAnyZone = (between: string): DateFormat => ({
  ...dateFormat(`${DAY}${between}${TIME}(Z|${ZONE})$`, `%Y-%m-%d${between}%H:%M:%S%.f%z`),
  toStrptime: [{ pattern: /Z$/, parts: ["+00:00"] }],
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
  withAnyZone("T"),
  withAnyZone(" "),
];

/** Times as numbers. */
export interface ParsedTimes {
  times: Series;
  /** Of times that were dates: since 1970. Left out, numbers are as they were given. */
  unit?: DateUnit;
  /** How many have nanoseconds that are left out, because some other is of a year that nanoseconds do not reach. */
  cut?: number;
}

/** Behind a time's seconds: whole microseconds that are no milliseconds, and nanoseconds that are no microseconds. */
export const HAS_MICROSECONDS = /\.\d{3}\d{0,2}[1-9]/, HAS_NANOSECONDS = /\.\d{6}\d{0,2}[1-9]/;

/**
 * The column as numbers, dates as milliseconds since 1970, or more finely where one of them is finer. Null where a text is no time at all.
 *
 * @param format How all times are written; left out, they are numbers or ISO 8601.
 */
export function parseTimestamps(column: Series, format?: TimeFormat): ParsedTimes {
  if (format) return ofFormat(column, format);
  if (isDate(column)) return inFinestUnit(column);
  if (column.isFloat()) return { times: wholeIfPossible(column) };
  if (!column.isString()) return { times: column.cast(pl.Int64) };

  const missing = column.nullCount();
  const integers = column.cast(pl.Int64, false);
  if (integers.nullCount() === missing) return { times: integers };
  const stripped = column.str.strip() as Series;
  const numbers = stripped.cast(pl.Float64, false);
  if (numbers.nullCount() === missing) return { times: wholeIfPossible(numbers) };

  const texts = stripped.alias("text").toFrame(), dates = mostDates(texts, missing, numbers.nullCount());
  if (dates) return inFinestUnit(dates, texts);
  // What is no time at all makes no fractions of whole numbers.
  return { times: integers.nullCount() === numbers.nullCount() ? integers : wholeIfPossible(numbers) };
}

/** The same where a number is no date. @param column Text. */
export function parseDates(column: Series, format?: TimeFormat): ParsedTimes {
  if (format) return ofFormat(column, format);
  const texts = (column.str.strip() as Series).alias("text").toFrame();
  return inFinestUnit(mostDates(texts, column.nullCount(), Infinity)!, texts);
}

/** Texts as dates by the one of {@link DATES} that leaves out the fewest; undefined where each leaves out as many as that, or more. */
function mostDates(texts: DataFrame, missing: number, tooMany: number): Series | undefined {
  let best: Series | undefined, fewest = tooMany;
  for (const { look, strptime, toStrptime } of DATES) {
    const dates = datesOf(texts, look, replaced(toStrptime), strptime), nulls = dates.nullCount();
    if (nulls < fewest) [best, fewest] = [dates, nulls];
    if (fewest === missing) break;
  }
  return best;
}

/** Times in a format of the data's own. */
function ofFormat(column: Series, { text, look, replacements, zoned }: TimeFormat): ParsedTimes {
  const iso = replaced(replacements);
  const texts = (column.cast(pl.String).str.strip() as Series).alias("text").toFrame();
  const dates = datesOf(texts, look, iso, `%Y-%m-%dT%H:%M:%S%.f${zoned ? "%z" : ""}`);
  return inFinestUnit(dates, text.includes("%f") ? texts.select(iso.alias("text")) : undefined);
}

/** The texts, after one replacement after the other. */
const replaced = (replacements: readonly Replacement[]): Expr =>
  replacements.reduce<Expr>(
    (text, { pattern, parts }) =>
      text.str.replace(
        pattern.source,
        parts.map((part) => typeof part === "number" ? `\${${part}}` : part.replaceAll("$", "$$$$")).join(""),
      ),
    pl.col("text"),
  );

/** Dates among texts that look like this; null elsewhere. */
const datesOf = (texts: DataFrame, look: RegExp, date: Expr, strptime: string): Series =>
  texts.select(
    pl.when(pl.col("text").str.contains(look.source)).then(date.str.strptime(pl.Datetime(), strptime))
      .otherwise(pl.lit(null)).alias("time"),
  ).getColumn("time");

/**
 * Dates as numbers, counted as finely as needs be: what is cut off could be what orders a user's interactions.
 *
 * @param texts What the dates were read of, with `text`: Polars reads microseconds, and of what is finer nothing.
 */
function inFinestUnit(dates: Series, texts?: DataFrame): ParsedTimes {
  const finest = (dates.dtype as { timeUnit?: string }).timeUnit === "ns" ? "ns" : "us";
  const counts = dates.cast(pl.Datetime(finest)).cast(pl.Int64).alias("count"), count = pl.col("count");
  const isNot = (multiple: number) => anyOf(counts.toFrame(), count.modulo(whole(multiple)).neq(whole(0)));
  if (finest === "ns" && isNot(1e3)) return { times: counts, unit: "nanoseconds" };
  const cut = texts ? countNanoseconds(counts, texts) : 0;
  if (cut > 0 && !anyOf(counts.toFrame(), isBeyondNanoseconds)) {
    return { times: withNanoseconds(counts, texts!), unit: "nanoseconds" };
  }
  if (isNot(finest === "ns" ? 1e6 : 1e3)) {
    return { times: dates.cast(pl.Datetime("us")).cast(pl.Int64), unit: "microseconds", cut };
  }
  return { times: dates.cast(pl.Datetime("ms")).cast(pl.Int64), unit: "milliseconds", cut };
}

const whole = (n: number) => pl.lit(n).cast(pl.Int64);
const anyOf = (frame: DataFrame, condition: Expr): boolean =>
  Boolean(frame.select(condition.fillNull(pl.lit(false)).any().alias("any")).row(0)[0]);

const isBeyondNanoseconds = pl.col("count").abs()
  .gtEq(whole(MILLISECONDS_BEYOND_NANOSECONDS * PER_MILLISECOND.microseconds));

/** How many texts that are dates have nanoseconds. */
function countNanoseconds(microseconds: Series, texts: DataFrame): number {
  const has = pl.col("text").str.contains(HAS_NANOSECONDS.source).and(pl.col("count").isNotNull());
  return Number(texts.withColumn(microseconds).select(has.sum().alias("n")).row(0)[0]);
}

const withNanoseconds = (microseconds: Series, texts: DataFrame): Series =>
  texts.withColumn(microseconds).select(
    pl.col("count").mul(whole(1e3)).add(
      pl.col("text").str.extract(String.raw`\.\d{6}(\d{1,3})`, 1).str.padEnd(3, "0").cast(pl.Int64).fillNull(
        whole(0),
      ),
    ).alias("time"),
  ).getColumn("time");

/** Int64 where every number is whole and within its bounds, so that times compare exactly; else Float64. */
function wholeIfPossible(numbers: Series): Series {
  const column = numbers.cast(pl.Float64);
  const n = pl.col("n");
  const [whole] = column.alias("n").toFrame().select(
    n.abs().lt(pl.lit(2 ** 63)).and(n.floor().eq(n)).fillNull(pl.lit(true)).all().alias("whole"),
  ).row(0) as boolean[];
  return whole ? column.cast(pl.Int64) : column;
}
