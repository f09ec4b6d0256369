/**
 * Stage 2 on an engine that runs SQL: types, faults, duplicates.
 *
 * @module
 */
import { InputError } from "../../contract/errors.ts";
import type { DataFrame } from "../../contract/frame.ts";
import { StageReport } from "../../contract/stage/report.ts";
import { UNPARSED } from "../../contract/stage/row_flaws.ts";
import type { DateUnit } from "../../contract/values/date_units.ts";
import { boundOfFloat32 } from "../../contract/values/float32.ts";
import { ALL_EVENTS, countingOf, type CountingRows, noEvents } from "../../schema/events.ts";
import {
  commonFault,
  describeBadRow,
  duplicated,
  type Fault,
  faultsOf,
  noRatings,
  noRowLeft,
  placeOf,
  ratedBelow,
  rejectedFrame,
  rejectedRows,
  repeated,
  skipped,
  timeWarnings,
} from "../../schema/faults.ts";
import { withoutIds } from "../../schema/null_values.ts";
import { outside, periodOf, timesSaid } from "../../schema/period.ts";
import { parseTimeFormat, type TimeFormat } from "../../times/format.ts";
import { type Column, counted, type EngineWork, numbers, type SourceTable } from "../engine.ts";
import { isFrom, largestTime, timeSpan } from "./split_sql.ts";
import {
  checked,
  fineness,
  isNamed,
  otherTimes,
  timeFacts,
  type TimeReading,
  timeReading,
  unitOf,
  wholeTimes,
  withoutDuplicates,
} from "./schema_sql.ts";

/** Usable interactions. */
export interface Typed {
  /** `user`, `item`, `rating`?, `timestamp`, `source_row`. */
  table: string;
  hasRating: boolean;
  rows: number;
  /** Tables of all users and items: `id`, `interactions`. */
  counts: Record<Column, string>;
  rejected: DataFrame;
  /** The unit of times that were dates. */
  timeUnit?: DateUnit;
  report: StageReport;
}

/** Maximum number of rows set aside, which are sent to this machine to be written; more cannot be accidental. */
const MOST_REJECTED = 1_000_000;

/**
 * Checks each row and converts the columns to their types.
 *
 * @throws {InputError} as `checkSchema` does, and if more than a million rows would be set aside.
 */
export async function checkOnEngine(given: SourceTable, work: EngineWork): Promise<Typed> {
  const started = performance.now(), { runner, config: { duplicates, minRating, ties, decimal } } = work;
  const { source, rows: counting, dropped, warnings } = await namedRows(
    await countingRows(given, work),
    work,
  );
  const { hasRating } = source, d = runner.dialect;
  if (minRating !== undefined && !hasRating) throw noRatings();
  const timeFormat = work.config.timeFormat === undefined
    ? undefined
    : parseTimeFormat(work.config.timeFormat);
  const reading = await readingOf(source, timeFormat, work);
  const { unit: timeUnit, cut } = "unit" in reading ? reading : { unit: undefined, cut: 0 };
  const faults = faultsOf({ ...source, timeFormat, decimal });
  await runner.reused("checked", checked(d, source.table, { ...source, reading, decimal }, faults));
  const found = await runner.rows("SELECT fault, count(*) AS n FROM checked GROUP BY fault");
  const rowsOf = new Map((found.rows() as unknown[][]).map(([fault, n]) => [Number(fault), Number(n)]));
  const rowsIn = source.report.rowsOut, bad = counting - (rowsOf.get(0) ?? 0);
  const { rejected, common } = bad === 0
    ? { rejected: rejectedFrame([]) }
    : await badRows(source, faults, { bad, all: counting }, work);
  dropped.push(...skipped(faults, rejected));

  const columns = ["user", "item", ...(hasRating ? ["rating"] : []), "timestamp", "source_row"];
  const names = columns.join(", ");
  let table = "typed", rows = counting - bad, why = common;
  await runner.view(table, `SELECT ${names} FROM checked WHERE fault = 0`);
  const largest = async () => (await numbers(runner, largestTime(table))).largest;
  const period = rows > 0 ? await periodOf(work.config, timeUnit ?? largest) : undefined;
  if (period) {
    const isEarly = period.from === undefined ? "1 = 0" : `NOT (${isFrom(d, period.from)})`;
    const isLate = period.before === undefined ? "1 = 0" : isFrom(d, period.before);
    const out = await numbers<"early" | "late">(
      runner,
      `SELECT ${d.countIf(isEarly)} AS early, ${d.countIf(isLate)} AS late FROM ${table}`,
    );
    await runner.view("of_period", `SELECT ${names} FROM ${table} WHERE NOT (${isEarly} OR ${isLate})`);
    dropped.push(...outside(work.config, out));
    rows -= out.early + out.late;
    if (rows === 0) {
      const { first, last } = await numbers(runner, timeSpan(table));
      why = timesSaid(first, last, timeUnit);
    }
    table = "of_period";
  }
  if (minRating !== undefined) {
    const bound = d.double(boundOfFloat32(minRating));
    await runner.view("rated", `SELECT ${names} FROM ${table} WHERE rating >= ${bound}`);
    const left = await countRows("rated", work);
    dropped.push(ratedBelow(minRating, rows - left));
    [table, rows] = ["rated", left];
  }
  if (duplicates !== "keep") {
    if (duplicates === "error") await refuseDuplicates(table, source, work);
    else {await runner.keep(
        "single",
        withoutDuplicates(table, columns, duplicates, { ties, hasRating }),
      );}
    const single = duplicates === "error" ? table : "single", left = await countRows(single, work);
    dropped.push(repeated(duplicates, rows - left));
    [table, rows] = [single, left];
  }
  if (rows === 0) throw noRowLeft(rowsIn, dropped, why);
  const counts = { user: "users_seen", item: "items_seen" };
  for (const column of ["user", "item"] as const) {
    await runner.keep(counts[column], counted(d, table, column));
  }
  const { ms, s, equal } = await numbers(runner, timeFacts(d, table));
  const times = {
    areDates: timeUnit !== undefined,
    cut,
    milliseconds: ms,
    seconds: s,
    allEqual: equal === 1,
  };
  const report = new StageReport({
    stage: "schema",
    rowsIn,
    rowsOut: rows,
    dropped,
    counts: { users: await countRows(counts.user, work), items: await countRows(counts.item, work) },
    warnings: [...warnings, ...timeWarnings(times, ties)],
    seconds: (performance.now() - started) / 1000,
  });
  return { table, hasRating, rows, counts, rejected, timeUnit, report };
}

/** Rows that count so far. */
interface Counting extends CountingRows {
  source: SourceTable;
}

/** If there are words for missing values, keeps only the rows that have a user and an item. */
async function namedRows(
  counting: Counting,
  { runner, config: { nullValues } }: EngineWork,
): Promise<Counting> {
  if (!nullValues) return counting;
  const { source, rows, dropped } = counting;
  await runner.view(
    "named",
    `SELECT * FROM ${source.table} WHERE ${isNamed(runner.dialect, nullValues, source.flaws)}`,
  );
  const { n } = await numbers(runner, "SELECT count(*) AS n FROM named");
  return {
    ...counting,
    source: { ...source, table: "named" },
    rows: n,
    dropped: [...dropped, withoutIds(nullValues, rows - n)],
  };
}

/**
 * Selects the rows whose events count, and reports on the others. A line that cannot be parsed is kept: whether its event would count is not
 * known.
 */
async function countingRows(
  source: SourceTable,
  { runner, config: { events } }: EngineWork,
): Promise<Counting> {
  const all = source.report.rowsOut;
  if (!events) return { source, rows: all, dropped: [], warnings: source.hasEvent ? [ALL_EVENTS] : [] };
  if (!source.hasEvent) throw noEvents(events);
  const kinds = await runner.rows(
    `SELECT event, count(*) AS n FROM ${source.table} WHERE event IS NOT NULL AND event <> '' GROUP BY event`,
  );
  const counts = new Map((kinds.rows() as [string, unknown][]).map(([event, n]) => [event, Number(n)]));
  const d = runner.dialect, hasUnparsed = source.flaws.includes(UNPARSED);
  const unparsed = hasUnparsed
    ? (await numbers(runner, `SELECT count(*) AS n FROM ${source.table} WHERE ${UNPARSED}`)).n
    : 0;
  const counting = countingOf(events, counts, all - unparsed);
  await runner.view(
    "counting",
    `SELECT * FROM ${source.table} WHERE event IN (${events.map((event) => d.text(event)).join(", ")})${
      hasUnparsed ? ` OR ${UNPARSED}` : ""
    }`,
  );
  return { source: { ...source, table: "counting" }, ...counting, rows: counting.rows + unparsed };
}

/** Determines how times are read, and how precise dates are. */
async function readingOf(
  source: SourceTable,
  format: TimeFormat | undefined,
  work: EngineWork,
): Promise<TimeReading> {
  const reading = format ? { kind: "format", format } as const : await readingFound(source, work);
  if (reading.kind === "whole" || reading.kind === "number") return reading;
  const { runner } = work, fine = fineness(runner.dialect, source.table, reading, source.time);
  return { ...reading, ...unitOf(await numbers(runner, fine)) };
}

/** Determines how times are read. Most are whole numbers: other ways are tried only if some are not. */
async function readingFound({ table, time }: SourceTable, { runner }: EngineWork) {
  const d = runner.dialect, facts = await numbers(runner, wholeTimes(d, table, time));
  return timeReading(facts, time) ??
    timeReading({ ...facts, ...await numbers(runner, otherTimes(d, table, time)) }, time)!;
}

const countRows = async (table: string, { runner }: EngineWork): Promise<number> =>
  (await numbers(runner, `SELECT count(*) AS n FROM ${table}`)).n;

/** Returns the rows set aside, in source order, and their most common fault if all rows are bad; or throws the error for the first. */
async function badRows(
  source: SourceTable,
  faults: readonly Fault[],
  { bad: total, all }: { bad: number; all: number },
  { runner, config }: EngineWork,
): Promise<{ rejected: DataFrame; common?: string }> {
  const skip = config.onBadRow === "skip";
  if (skip && total > MOST_REJECTED) {
    throw new InputError(
      `Cannot set ${total} bad rows aside: they come to this machine, and ${MOST_REJECTED} are the most; see what is wrong with ` +
        "--on-bad-row error",
    );
  }
  const first = `SELECT source_row, fault FROM checked WHERE fault > 0 ORDER BY source_row LIMIT ${
    skip ? total : 1
  }`;
  const codes = (await runner.rows(first)).getColumn("fault").toArray() as number[];
  const found = codes.map((code) => faults[code - 1]);
  const places = await source.locate(`SELECT source_row FROM (${first}) first_bad`);
  const naming = { columnName: source.columnName, locate: () => Promise.resolve(places) };
  if (!skip) throw new InputError(await describeBadRow(0, found[0], total, naming));
  const rows = found.map((_, i) => i), rejected = await rejectedRows(rows, found, naming);
  if (total < all) return { rejected };
  return {
    rejected,
    common: await commonFault(rows, found, { ...naming, locate: ([i]) => Promise.resolve([places[i]]) }),
  };
}

/**
 * Refuses duplicates.
 *
 * @throws {InputError} for the first of the rows that share user and item with another.
 */
async function refuseDuplicates(table: string, source: SourceTable, { runner }: EngineWork): Promise<void> {
  const repeated = `SELECT t.user, t.item, t.source_row FROM ${table} t SEMI JOIN (
      SELECT user, item FROM ${table} GROUP BY user, item HAVING count(*) > 1
    ) r ON t.user = r.user AND t.item = r.item`;
  const { n } = await numbers(runner, `SELECT count(*) AS n FROM (${repeated}) repeated`);
  if (n === 0) return;
  const first = `SELECT user, item, source_row FROM (${repeated}) repeated ORDER BY source_row LIMIT 1`;
  const [user, item] = (await runner.rows(first)).row(0) as string[];
  const [place] = await source.locate(`SELECT source_row FROM (${first}) first_repeated`);
  throw duplicated(user, item, `first at ${placeOf(place)}`, n);
}
