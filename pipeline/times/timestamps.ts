/**
 * Reads timestamps: whole numbers, decimal numbers, ISO 8601 dates, or a custom format.
 *
 * @module
 */
import pl, { type DataFrame, type Expr, type Series } from "nodejs-polars";
import type { Replacement, TimeFormat } from "./format.ts";
import { type DateUnit, isDate, PER_MILLISECOND } from "../contract/values/date_units.ts";
import { MILLISECONDS_BEYOND_NANOSECONDS } from "./units.ts";

/** A format of dates that is recognized without being specified. */
export interface DateFormat {
  look: RegExp;
  /** The format for Polars. */
  strptime: string;
  /** Replacements that turn it into ISO 8601 if it is not already, for engines that read only that. */
  toIso: readonly Replacement[];
  /** Replacements that turn it into what `strptime` expects, if it is not already. */
  toStrptime: readonly Replacement[];
}

const DAY = String.raw`^\d{4}-\d{2}-\d{2}`, MINUTE = String.raw`([01]\d|2[0-3]):[0-5]\d`;
// Engines differ in whether they accept 24:00:00, 23:59:60 or +24:00; here, these are not times.
const TIME = String.raw`${MINUTE}:[0-5]\d(\.\d+)?`, ZONE = String.raw`[+-]([01]\d|2[0-3]):?[0-5]\d`;
const dateFormat = (look: string, strptime: string, ...toIso: Replacement[]): DateFormat => ({
  look: new RegExp(look),
  strptime,
  toIso,
  toStrptime: [],
});
/** A format with offsets from UTC, where UTC itself may be `Z`, as in RFC 3339. */
const withAnyZone = (between: string): DateFormat => ({
  ...dateFormat(`${DAY}${between}${TIME}(Z|${ZONE})$`, `%Y-%m-%d${between}%H:%M:%S%.f%z`),
  toStrptime: [{ pattern: /Z$/, parts: ["+00:00"] }],
});
const WITH_SECONDS: Replacement = { pattern: /(..)$/, parts: [1, ":00"] };

/**
 * The formats of ISO 8601, databases and spreadsheets, in the order in which they are tried. The pattern is checked separately, because
 * Polars accepts a format that matches only the beginning of a text. Times without a zone are UTC.
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
  /** Unit of times that were dates, since 1970. If omitted, the numbers are as they were given. */
  unit?: DateUnit;
  /** Number of times whose nanoseconds are cut off, because another time is in a year that nanoseconds cannot represent. */
  cut?: number;
}

/** Patterns of fractions of a second: microseconds that are not whole milliseconds, and nanoseconds that are not whole microseconds. */
export const HAS_MICROSECONDS = /\.\d{3}\d{0,2}[1-9]/, HAS_NANOSECONDS = /\.\d{6}\d{0,2}[1-9]/;

/**
 * Returns the column as numbers, with dates as milliseconds since 1970, or in a finer unit if any of them is finer. Null where a text is
 * not a time.
 *
 * @param format The format of all times; if omitted, they are numbers or ISO 8601.
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
  // A text that is not a time must not turn whole numbers into fractions.
  return { times: integers.nullCount() === numbers.nullCount() ? integers : wholeIfPossible(numbers) };
}

/**
 * Does the same for dates only: a number is not a date.
 *
 * @param column Text.
 */
export function parseDates(column: Series, format?: TimeFormat): ParsedTimes {
  if (format) return ofFormat(column, format);
  const texts = (column.str.strip() as Series).alias("text").toFrame();
  return inFinestUnit(mostDates(texts, column.nullCount(), Infinity)!, texts);
}

/** Returns which of some texts are times, each by itself: a finite number, or a date in any of {@link DATES}. */
export function areTimes(column: readonly string[]): boolean[] {
  const texts = pl.DataFrame([pl.Series("text", [...column], pl.String).str.strip() as Series]);
  const among = DATES.map(({ look, strptime, toStrptime }) =>
    datesOf(texts, look, replaced(toStrptime), strptime)
  );
  const numbers = texts.getColumn("text").cast(pl.Float64, false).toArray() as (number | null)[];
  const dates = among.map((series) => series.isNotNull().toArray() as boolean[]);
  return numbers.map((number, i) =>
    number !== null && Number.isFinite(number) || dates.some((are) => are[i])
  );
}

/** Returns texts as dates in the format of {@link DATES} that fails for the fewest; undefined if each fails for `tooMany` or more. */
function mostDates(texts: DataFrame, missing: number, tooMany: number): Series | undefined {
  let best: Series | undefined, fewest = tooMany;
  for (const { look, strptime, toStrptime } of DATES) {
    const dates = datesOf(texts, look, replaced(toStrptime), strptime), nulls = dates.nullCount();
    if (nulls < fewest) [best, fewest] = [dates, nulls];
    if (fewest === missing) break;
  }
  return best;
}

/** Reads times in a custom format. */
function ofFormat(column: Series, { text, look, replacements, zoned }: TimeFormat): ParsedTimes {
  const iso = replaced(replacements);
  const texts = (column.cast(pl.String).str.strip() as Series).alias("text").toFrame();
  const dates = datesOf(texts, look, iso, `%Y-%m-%dT%H:%M:%S%.f${zoned ? "%z" : ""}`);
  return inFinestUnit(dates, text.includes("%f") ? texts.select(iso.alias("text")) : undefined);
}

/** The texts after applying the replacements in order. */
const replaced = (replacements: readonly Replacement[]): Expr =>
  replacements.reduce<Expr>(
    (text, { pattern, parts }) =>
      text.str.replace(
        pattern.source,
        parts.map((part) => typeof part === "number" ? `\${${part}}` : part.replaceAll("$", "$$$$")).join(""),
      ),
    pl.col("text"),
  );

/** Returns the texts that match `look` as dates; null for the others. */
const datesOf = (texts: DataFrame, look: RegExp, date: Expr, strptime: string): Series =>
  texts.select(
    pl.when(pl.col("text").str.contains(look.source)).then(date.str.strptime(pl.Datetime(), strptime))
      .otherwise(pl.lit(null)).alias("time"),
  ).getColumn("time");

/**
 * Returns dates as numbers, in a unit as fine as necessary, because a fraction that is cut off might decide the order of a user's
 * interactions.
 *
 * @param texts The texts that the dates were read from, in the column `text`, because Polars reads nothing finer than microseconds.
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

/** Counts the texts that are dates with nanoseconds. */
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

/** Converts to Int64 if every number is whole and in its range, so that times compare exactly; else to Float64. */
function wholeIfPossible(numbers: Series): Series {
  const column = numbers.cast(pl.Float64);
  const n = pl.col("n");
  const [whole] = column.alias("n").toFrame().select(
    n.abs().lt(pl.lit(2 ** 63)).and(n.floor().eq(n)).fillNull(pl.lit(true)).all().alias("whole"),
  ).row(0) as boolean[];
  return whole ? column.cast(pl.Int64) : column;
}
