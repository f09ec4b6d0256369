/**
 * Stage 2, schema: turns the text that a reader found into typed interactions, and says of each row that cannot be one
 * where it is and why.
 *
 * @module
 */
import pl, { type DataType, type Expr } from "nodejs-polars";
import type { DataFrame } from "./contract/frame.ts";
import { InputError } from "./contract/errors.ts";
import type { ColumnRole, RowLocation, RowLocator } from "./contract/location.ts";
import { type DroppedRows, StageReport } from "./contract/report.ts";
import type { InteractionsFrame, StageContext, StageResult } from "./contract/stage.ts";
import { stageResult } from "./contract/stage_result.ts";
import { parseTimestamps } from "./timestamps.ts";

/** Options of {@link checkSchema}. */
export interface SchemaOptions extends StageContext {
  /** What a bad row does: stops the job (default), or is set aside and counted. */
  onBadRow?: "error" | "skip";
  /** Interactions of the same user with the same item: keep all (default), the first or the last in time, or refuse. */
  duplicates?: "keep" | "first" | "last" | "error";
  /** Ratings below it are not counted as interactions. Needs a rating column. */
  minRating?: number;
  /** Which of several at the same time is the first: by the order of the source (default), or by rating (`item`). */
  ties?: "file" | "item";
  /** The reader's locator. Without it a bad row is named by its number in the frame. */
  locate?: RowLocator;
  /** What the source calls a column. */
  columnName?: (role: ColumnRole) => string;
}

/** What {@link checkSchema} returns. */
export interface SchemaResult extends StageResult {
  /** The bad rows set aside: `file`, `line`, `column`, `reason`, `text`. No rows with `onBadRow: "error"`. */
  rejected: DataFrame;
}

/** Each way in which a row can be bad. The order is that of the checks: a row is reported for the first that it fails. */
interface Fault {
  role?: ColumnRole;
  reason: string;
  /** A clause for the message, from the field's text. */
  clause: (text: string | undefined) => string;
  found: Expr;
}

const quoted = (text: string | undefined) => text === undefined ? "the field" : JSON.stringify(text);

function faults(frame: DataFrame, parsed: Expr): Fault[] {
  const missing = (role: ColumnRole): Fault => ({
    role,
    reason: `${role} missing`,
    clause: () => "the field is empty",
    found: /String|Categorical/.test(String(frame.getColumn(role).dtype))
      ? pl.col(role).isNull().or(pl.col(role).eq(pl.lit("")))
      : pl.col(role).isNull(),
  });
  const hasRating = frame.columns.includes("rating");
  const list: Fault[] = [
    missing("user"),
    missing("item"),
    missing("timestamp"),
    {
      role: "timestamp",
      reason: "timestamp not a number",
      clause: (text) => `${quoted(text)} is neither a number nor a date`,
      found: parsed.isNull(),
    },
    {
      role: "timestamp",
      reason: "timestamp not finite",
      clause: (text) => `${quoted(text)} is not a finite number`,
      found: parsed.cast(pl.Float64).isFinite().not(),
    },
  ];
  if (hasRating) {
    const rating = pl.col("rating").cast(pl.Float64, false);
    list.push(missing("rating"), {
      role: "rating",
      reason: "rating not a number",
      clause: (text) => `${quoted(text)} is not a number`,
      found: rating.isNull().or(rating.isFinite().not()),
    });
  }
  if (frame.columns.includes("ragged")) {
    list.unshift({
      reason: "too many fields",
      clause: () => "the row has too many fields",
      found: pl.col("ragged"),
    });
  }
  return list;
}

/**
 * Checks each row and gives the columns their types.
 *
 * @param frame As a reader returns it: `user`, `item`, `rating`?, `timestamp`, `ragged`?.
 * @returns `user`, `item` (Categorical), `rating`? (Float32), `timestamp` (Int64 where all are whole, else Float64), in
 * the order of the source.
 * @example
 * ```ts
 * import pl from "nodejs-polars";
 * import { checkSchema } from "automlp";
 * import assert from "node:assert/strict";
 *
 * const log = pl.DataFrame({ user: ["a", "a"], item: ["x", "y"], timestamp: ["7", "soon"] });
 * const { frame, rejected } = await checkSchema(log, { onBadRow: "skip" });
 * assert(frame.height === 1);
 * assert(rejected.getColumn("reason").get(0) === "timestamp not a number");
 * ```
 * @throws {InputError} for the first bad row (with `onBadRow: "error"`) or the first duplicate (with
 * `duplicates: "error"`); for `minRating` without ratings; if no row is left.
 */
export async function checkSchema(
  frame: InteractionsFrame,
  options: SchemaOptions = {},
): Promise<SchemaResult> {
  const started = performance.now();
  const { onBadRow = "error", duplicates = "keep", minRating } = options;
  const rowsIn = frame.height;
  const hasRating = frame.columns.includes("rating");
  if (minRating !== undefined && !hasRating) {
    throw new InputError("Cannot apply --min-rating: the data has no rating column; name it with --columns");
  }
  const times = parseTimestamps(frame.getColumn("timestamp"));
  frame = frame.withColumn(times.alias("_time"));

  const checks = faults(frame, pl.col("_time"));
  const code = checks.reduceRight(
    (otherwise: Expr, { found }, i) => pl.when(found).then(pl.lit(i + 1)).otherwise(otherwise) as Expr,
    pl.lit(0) as Expr,
  ).cast(pl.UInt8).alias("_fault");
  const columns = [
    pl.col("user"),
    pl.col("item"),
    ...(hasRating ? [oneZero(pl.col("rating"), pl.Float32).alias("rating")] : []),
    (times.isFloat() ? oneZero(pl.col("_time"), pl.Float64) : pl.col("_time")).alias("timestamp"),
  ];
  let typed = frame.lazy().select(...columns, code).withRowIndex("_row").collectSync();
  const bad = typed.filter(pl.col("_fault").gt(pl.lit(0))).select("_row", "_fault");
  const dropped: DroppedRows[] = [];
  let rejected = rejectedFrame([]);
  if (bad.height > 0) {
    const rows = Array.from(bad.getColumn("_row").toTypedArray() as Uint32Array);
    const found = Array.from(bad.getColumn("_fault").toTypedArray() as Uint8Array, (c) => checks[c - 1]);
    if (onBadRow === "error") {
      throw new InputError(await describeBadRow(rows[0], found[0], rows.length, options));
    }
    rejected = await rejectedRows(rows, found, options);
    for (const { reason } of checks) {
      dropped.push({ reason, rows: found.filter((fault) => fault.reason === reason).length });
    }
    typed = typed.filter(pl.col("_fault").eq(pl.lit(0)));
  }
  typed = typed.drop("_fault");

  if (minRating !== undefined) {
    const before = typed.height;
    typed = typed.filter(pl.col("rating").gtEq(pl.lit(minRating)));
    dropped.push({ reason: `rating below ${minRating}`, rows: before - typed.height });
  }
  if (duplicates !== "keep") {
    const before = typed.height;
    typed = await withoutDuplicates(typed, duplicates, options);
    dropped.push({ reason: `duplicate interaction (kept the ${duplicates})`, rows: before - typed.height });
  }
  if (typed.height === 0) {
    throw new InputError(
      `Cannot use the data: none of ${rowsIn} rows is left after the checks (${
        dropped.map(({ reason, rows }) => `${rows} ${reason}`).join(", ")
      })`,
    );
  }
  const result = typed.drop("_row");
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
    warnings: unitWarnings(result),
    seconds: (performance.now() - started) / 1000,
  });
  return stageResult({ frame: result, report, rejected });
}

/** `data.csv: line 17, column "time": "abc" is not a number`, and how many more there are. */
async function describeBadRow(
  row: number,
  fault: Fault,
  total: number,
  options: SchemaOptions,
): Promise<string> {
  const [place] = await options.locate?.([row]) ?? [];
  const where = place ? `${place.file}: line ${place.line}` : `the data: row ${row + 1}`;
  const name = fault.role && (options.columnName?.(fault.role) ?? fault.role);
  const column = name ? `, column "${name}"` : "";
  const text = place && !fault.role ? ` (${shorten(place.text)})` : "";
  const all = total > 1 ? ` (${total} bad rows in all)` : "";
  const clause = fault.clause(place && fault.role && place.fields[fault.role]);
  return `Cannot read ${where}${column}: ${clause}${text}${all}; fix it, or set bad rows aside with --on-bad-row skip`;
}

const shorten = (text: string) => JSON.stringify(text.length > 120 ? text.slice(0, 119) + "…" : text);

async function rejectedRows(rows: number[], found: Fault[], options: SchemaOptions): Promise<DataFrame> {
  const places = await options.locate?.(rows) ??
    rows.map((row): RowLocation => ({ file: "", line: row + 1, fields: {}, text: "" }));
  return rejectedFrame(places.map(({ file, line, text }, i) => ({
    file,
    line,
    column: (found[i].role && (options.columnName?.(found[i].role) ?? found[i].role)) ?? null,
    reason: found[i].reason,
    text,
  })));
}

function rejectedFrame(
  rows: { file: string; line: number; column: string | null; reason: string; text: string }[],
): DataFrame {
  const text = (name: "file" | "column" | "reason" | "text") =>
    pl.Series(name, rows.map((row) => row[name]), pl.String);
  return pl.DataFrame([
    text("file"),
    pl.Series("line", Uint32Array.from(rows, (row) => row.line)),
    text("column"),
    text("reason"),
    text("text"),
  ]);
}

/** Minus zero as zero: they are equal in every order, and would differ in a dataset's hash. */
function oneZero(column: Expr, type: DataType): Expr {
  const number = column.cast(type, false);
  return pl.when(number.eq(pl.lit(0))).then(pl.lit(0).cast(type)).otherwise(number) as unknown as Expr;
}

/** One interaction for each pair of user and item: the first or the last in time. */
async function withoutDuplicates(
  typed: DataFrame,
  keep: "first" | "last" | "error",
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
    throw new InputError(
      `Cannot take duplicates: user "${user}" has item "${item}" more than once (${
        place ? `first at ${place.file}: line ${place.line}` : `first in row ${row + 1}`
      }; ${repeated.height} such rows); choose --duplicates keep, first or last`,
    );
  }
  const byRating = options.ties === "item" && typed.columns.includes("rating");
  return typed.lazy().sort(byRating ? ["timestamp", "rating"] : ["timestamp"], false, true, true)
    .unique({ subset: ["user", "item"], keep, maintainOrder: true })
    .sort("_row").collectSync();
}

/** Seconds lie about 10⁹, milliseconds about 10¹²: a column with both is hardly what its owner thinks. */
function unitWarnings(frame: DataFrame): string[] {
  const size = pl.col("timestamp").abs();
  const [milliseconds, seconds] = frame.select(
    size.gt(pl.lit(1e11)).sum().alias("ms"),
    size.gt(pl.lit(1e8)).and(size.ltEq(pl.lit(1e11))).sum().alias("s"),
  ).row(0) as number[];
  return milliseconds > 0 && seconds > 0
    ? [
      `${milliseconds} timestamps look like milliseconds and ${seconds} like seconds; the order of time will be wrong ` +
      "for users who have both",
    ]
    : [];
}
