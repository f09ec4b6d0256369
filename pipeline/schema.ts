/**
 * Stage 2, schema: turns the text that a reader found into typed interactions, and reports where each bad row is and what is wrong
 * with it.
 *
 * @module
 */
import pl, { type DataType, type Expr } from "nodejs-polars";
import type { DataFrame } from "./contract/frame.ts";
import type { DroppedRows } from "./contract/stage/dropped.ts";
import type { Decimal } from "./contract/values/decimals.ts";
import { InputError } from "./contract/errors.ts";
import { boundOfFloat32 } from "./contract/values/float32.ts";
import type { Ties } from "./contract/values/ties.ts";
import type { ColumnRole, RowLocator } from "./contract/stage/location.ts";
import { StageReport } from "./contract/stage/report.ts";
import { flawsAmong } from "./contract/stage/row_flaws.ts";
import type { InteractionsFrame, StageContext, StageResult } from "./contract/stage.ts";
import { stageResult } from "./contract/stage/result.ts";
import {
  commonFault,
  describeBadRow,
  duplicated,
  type Fault,
  faultsOf,
  noRatings,
  noRowLeft,
  ratedBelow,
  rejectedFrame,
  rejectedRows,
  repeated,
  skipped,
  type TimeFacts,
  timeWarnings,
} from "./schema/faults.ts";
import { parseTimeFormat } from "./times/format.ts";
import { parseTimestamps } from "./times/timestamps.ts";
import { countingRows } from "./schema/counting_rows.ts";
import { outside, periodOf, timesSaid } from "./schema/period.ts";
import { isFrom, type PointInTime } from "./times/point_in_time.ts";
import type { DateUnit } from "./contract/values/date_units.ts";
import { MILLISECONDS_ABOVE, SECONDS_ABOVE } from "./times/units.ts";

/** Options of {@link checkSchema}. */
export interface SchemaOptions extends StageContext {
  /** What to do with a bad row: `error` (default) stops the job, `skip` sets the row aside and counts it. */
  onBadRow?: "error" | "skip";
  /**
   * Which interactions of the same user with the same item to keep: all (default), the first or the last in time; `error` refuses
   * duplicates; `same-time` keeps one of those at the same time, for a log that was delivered twice.
   */
  duplicates?: "keep" | "same-time" | "first" | "last" | "error";
  /** Events that count as interactions, as they are written in the column of events: `["purchase"]`. Default: all. */
  events?: readonly string[];
  /** Words that mean no value: rows whose user or item is one of them, or empty, are left out. Default: none; an empty one is a bad row. */
  nullValues?: readonly string[];
  /** Interactions before this time are left out: a date, or a number in the data's unit. Default: none. */
  timeFrom?: PointInTime;
  /** Interactions at this time and later are left out. See `timeFrom`. */
  timeBefore?: PointInTime;
  /** Rows with a rating below it do not count as interactions. Needs a rating column. */
  minRating?: number;
  /**
   * Which of several interactions at the same time comes first: by the order of the source (default), its reverse, or by rating (`item`).
   */
  ties?: Ties;
  /** Format of times, such as `%d.%m.%Y %H:%M`. Default: numbers or ISO 8601. */
  timeFormat?: string;
  /** Decimal separator of ratings that are text. Default: `point`. */
  decimal?: Decimal;
  /** The reader's locator. Without it, messages name a bad row by its number in the frame. */
  locate?: RowLocator;
  /** Returns the source's name of a column. */
  columnName?: (role: ColumnRole) => string;
}

/** What {@link checkSchema} returns. */
export interface SchemaResult extends StageResult {
  /** The bad rows set aside: `file`, `line`, `column`, `reason`, `text`. No rows with `onBadRow: "error"`. */
  rejected: DataFrame;
  /** If times were dates: the unit that they are counted in now, since 1970. */
  timeUnit?: DateUnit;
}

/** The expression that is true for the rows of a frame with a certain fault. */
function foundIn(
  frame: DataFrame,
  { kind, role, flaw }: Fault,
  { parsed, rating }: { parsed: Expr; rating: Expr },
): Expr {
  switch (kind) {
    case "flaw":
      return pl.col(flaw);
    case "missing":
      return /String|Categorical/.test(String(frame.getColumn(role).dtype))
        ? pl.col(role).isNull().or(pl.col(role).eq(pl.lit("")))
        : pl.col(role).isNull();
    case "not a number": {
      if (role === "timestamp") return parsed.isNull();
      return rating.isNull().or(rating.cast(pl.Float32).isFinite().not());
    }
    case "not finite":
      return parsed.cast(pl.Float64).isFinite().not();
  }
}

/**
 * Checks each row and converts the columns to their types.
 *
 * @param frame Interactions as a reader returns them: `user`, `item`, `rating`?, `timestamp`, `event`?, `ragged`?, `misquoted`?,
 * `unparsed`?.
 * @returns A frame with `user`, `item` (Categorical), `rating`? (Float32), `timestamp` (Int64 if all are whole, else Float64; dates as
 * milliseconds since 1970, or as micro- or nanoseconds if any of them is that fine), in the order of the source.
 * @example
 * ```ts
 * import pl from "nodejs-polars";
 * import { checkSchema } from "automlp";
 * import assert from "node:assert/strict";
 *
 * const log = pl.DataFrame({ user: ["a", "a"], item: ["x", "y"], timestamp: ["7", "soon"] });
 * const { frame, rejected } = await checkSchema(log, { onBadRow: "skip" });
 * assert(frame.height === 1);
 * assert(rejected.getColumn("reason").get(0) === "timestamp neither a number nor a date");
 * ```
 * @throws {InputError} for the first bad row (with `onBadRow: "error"`) or the first duplicate (with
 * `duplicates: "error"`); for `minRating` without ratings or `events` without events; for an empty period; if no row is left.
 */
export async function checkSchema(
  frame: InteractionsFrame,
  options: SchemaOptions = {},
): Promise<SchemaResult> {
  const started = performance.now(), rowsIn = frame.height;
  const { frame: result, rejected, dropped, timeUnit, cut, warnings, why } = await keptRows(frame, options);
  if (result.height === 0) throw noRowLeft(rowsIn, dropped, why);
  const distinct = result.select(
    pl.col("user").nUnique().alias("users"),
    pl.col("item").nUnique().alias("items"),
  ).row(0) as number[];
  const report = new StageReport({
    stage: "schema",
    rowsIn,
    rowsOut: result.height,
    dropped,
    counts: { users: distinct[0], items: distinct[1] },
    warnings: [
      ...warnings,
      ...timeWarnings({ ...timeFacts(result), areDates: timeUnit !== undefined, cut }, options.ties),
    ],
    seconds: (performance.now() - started) / 1000,
  });
  return stageResult({ frame: result, report, rejected, ...(timeUnit && { timeUnit }) });
}

/** The rows that are kept, and what became of the others. */
export interface KeptRows extends Pick<SchemaResult, "frame" | "rejected" | "timeUnit"> {
  dropped: DroppedRows[];
  /** Number of times whose nanoseconds are cut off. */
  cut: number;
  /** Warnings about events. */
  warnings: string[];
  /** If no row is kept: the time range of the rows outside the period, or what is wrong with most rows. */
  why?: string;
}

/**
 * Does the same without a report; here it is no error if no row is left.
 *
 * @throws {InputError} as {@link checkSchema} does.
 */
export async function keptRows(frame: InteractionsFrame, options: SchemaOptions = {}): Promise<KeptRows> {
  const { onBadRow = "error", duplicates = "keep", minRating, decimal = "point" } = options;
  const timeFormat = options.timeFormat === undefined ? undefined : parseTimeFormat(options.timeFormat);
  const hasRating = frame.columns.includes("rating");
  if (minRating !== undefined && !hasRating) throw noRatings();
  const counting = countingRows(frame, options), { dropped, warnings } = counting;
  frame = counting.frame;
  const { times, unit: timeUnit, cut = 0 } = parseTimestamps(frame.getColumn("timestamp"), timeFormat);
  frame = frame.withColumn(times.alias("_time"));

  const checks = faultsOf({ hasRating, flaws: flawsAmong(frame.columns), timeFormat, decimal });
  const read = { parsed: pl.col("_time"), rating: ratingOf(frame, decimal) };
  const code = checks.reduceRight(
    (otherwise: Expr, fault, i) =>
      pl.when(foundIn(frame, fault, read)).then(pl.lit(i + 1)).otherwise(otherwise) as Expr,
    pl.lit(0) as Expr,
  ).cast(pl.UInt8).alias("_fault");
  const columns = [
    pl.col("user"),
    pl.col("item"),
    ...(hasRating ? [oneZero(read.rating, pl.Float32).alias("rating")] : []),
    (times.isFloat() ? oneZero(pl.col("_time"), pl.Float64) : pl.col("_time")).alias("timestamp"),
  ];
  let typed = frame.lazy().select(pl.col("_row"), ...columns, code).collectSync();
  const bad = typed.filter(pl.col("_fault").gt(pl.lit(0))).select("_row", "_fault");
  let rejected = rejectedFrame([]), common: string | undefined;
  if (bad.height > 0) {
    const rows = Array.from(bad.getColumn("_row").toTypedArray() as Uint32Array);
    const found = Array.from(bad.getColumn("_fault").toTypedArray() as Uint8Array, (c) => checks[c - 1]);
    if (onBadRow === "error") {
      throw new InputError(await describeBadRow(rows[0], found[0], rows.length, options));
    }
    rejected = await rejectedRows(rows, found, options);
    if (rows.length === typed.height) common = await commonFault(rows, found, options);
    dropped.push(...skipped(checks, rejected));
    typed = typed.filter(pl.col("_fault").eq(pl.lit(0)));
  }
  typed = typed.drop("_fault");

  const inPeriod = await ofPeriod(typed, options, timeUnit);
  typed = inPeriod.frame;
  dropped.push(...inPeriod.dropped);
  if (minRating !== undefined) {
    const before = typed.height;
    typed = typed.filter(pl.col("rating").gtEq(pl.lit(boundOfFloat32(minRating))));
    dropped.push(ratedBelow(minRating, before - typed.height));
  }
  if (duplicates !== "keep") {
    const before = typed.height;
    typed = await withoutDuplicates(typed, duplicates, options);
    dropped.push(repeated(duplicates, before - typed.height));
  }
  return {
    frame: typed.drop("_row"),
    rejected,
    dropped,
    timeUnit,
    cut,
    warnings,
    why: common ?? inPeriod.why,
  };
}

/** Returns the rows within the requested period, and what became of the others. */
async function ofPeriod(
  frame: DataFrame,
  options: SchemaOptions,
  unit: DateUnit | undefined,
): Promise<Pick<KeptRows, "frame" | "dropped" | "why">> {
  const largest = () => Number(frame.select(pl.col("timestamp").cast(pl.Float64).abs().max()).row(0)[0]);
  const period = frame.height > 0 ? await periodOf(options, unit ?? largest) : undefined;
  if (!period) return { frame, dropped: [] };
  const begun = period.from === undefined ? frame : frame.filter(isFrom(period.from));
  const kept = period.before === undefined ? begun : begun.filter(isFrom(period.before).not());
  const rows = { early: frame.height - begun.height, late: begun.height - kept.height };
  const dropped = outside(options, rows);
  if (kept.height > 0) return { frame: kept, dropped };
  const time = pl.col("timestamp").cast(pl.Float64);
  const [first, last] = frame.select(time.min().alias("first"), time.max().alias("last")).row(0) as number[];
  return { frame: kept, dropped, why: timesSaid(first, last, unit) };
}

/**
 * Ratings as 64-bit numbers, as Polars parses them from text. With a decimal comma, a text with a point (which may group thousands) is
 * not a number.
 */
function ratingOf(frame: DataFrame, decimal: Decimal): Expr {
  const rating = pl.col("rating");
  if (!frame.columns.includes("rating") || !frame.getColumn("rating").isString()) {
    return rating.cast(pl.Float64);
  }
  const text = rating.str.strip();
  const plain = decimal === "comma"
    ? text.str.replaceAll(".", "_", true).str.replaceAll(",", ".", true)
    : text;
  return (plain as Expr).cast(pl.Float64, false);
}

/** Replaces minus zero by zero: they are equal in every order, but would differ in a dataset's hash. */
function oneZero(column: Expr, type: DataType): Expr {
  const number = column.cast(type, false);
  return pl.when(number.eq(pl.lit(0))).then(pl.lit(0).cast(type)).otherwise(number) as unknown as Expr;
}

/** Keeps one interaction of each pair of user and item: the first or the last in time; or, with `same-time`, the last at each time. */
async function withoutDuplicates(
  typed: DataFrame,
  keep: "same-time" | "first" | "last" | "error",
  options: SchemaOptions,
): Promise<DataFrame> {
  if (keep === "error") {
    const repeated = typed.filter(pl.struct([pl.col("user"), pl.col("item")]).isDuplicated()).select(
      "_row",
      "user",
      "item",
    );
    if (repeated.height === 0) return typed;
    const [row, user, item] = repeated.row(0) as [number, string, string];
    const [place] = await options.locate?.([row]) ?? [];
    const where = place ? `first at ${place.file}: line ${place.line}` : `first in row ${row + 1}`;
    throw duplicated(user, item, where, repeated.height);
  }
  const byRating = options.ties === "item" && typed.columns.includes("rating");
  const rows = options.ties === "reverse" ? typed.lazy().reverse() : typed.lazy();
  return rows.sort(byRating ? ["timestamp", "rating"] : ["timestamp"], false, true, true)
    .unique(
      keep === "same-time"
        ? { subset: ["user", "item", "timestamp"], keep: "last", maintainOrder: true }
        : { subset: ["user", "item"], keep, maintainOrder: true },
    )
    .sort("_row").collectSync();
}

function timeFacts(frame: DataFrame): Omit<TimeFacts, "areDates" | "cut"> {
  const time = pl.col("timestamp"), size = time.cast(pl.Float64).abs();
  const [milliseconds, seconds, allEqual] = frame.select(
    size.gt(pl.lit(MILLISECONDS_ABOVE)).sum().alias("ms"),
    size.gt(pl.lit(SECONDS_ABOVE)).and(size.ltEq(pl.lit(MILLISECONDS_ABOVE))).sum().alias("s"),
    time.min().eq(time.max()).alias("equal"),
  ).row(0) as [number, number, boolean];
  return { milliseconds, seconds, allEqual: allEqual && frame.height > 1 };
}
