/**
 * The ways in which a row can be bad, and how they are reported.
 *
 * @module
 */
import pl from "nodejs-polars";
import type { DataFrame } from "../contract/frame.ts";
import { type Decimal, LIKELY_COMMA } from "../contract/values/decimals.ts";
import { InputError } from "../contract/errors.ts";
import { MAX_FLOAT32 } from "../contract/values/float32.ts";
import {
  type ColumnRole,
  isName,
  ROLES,
  type RowLocation,
  type RowLocator,
} from "../contract/stage/location.ts";
import type { DroppedRows } from "../contract/stage/dropped.ts";
import { otherThanJson, requoted, type RowFlaw, UNQUOTED } from "../contract/stage/row_flaws.ts";
import { likelyFormats } from "../times/likely_formats.ts";
import type { TimeFormat } from "../times/format.ts";
import { areTimes } from "../times/timestamps.ts";

/** One way in which a row can be bad. */
export type Fault =
  & {
    reason: string;
    /** The reason for a text that is a time, although not one like the others. */
    reasonForTimes?: string;
    /** Returns a clause for the message, given the text of the field. */
    clause: (text: string | undefined) => string;
    /** Returns how to repair it, given the text of the row; omitted if that cannot be said. */
    remedy?: (row: string) => string | undefined;
  }
  & ({ kind: "missing" | "not a number" | "not finite"; role: ColumnRole; flaw?: undefined } | {
    kind: "flaw";
    flaw: RowFlaw;
    role?: undefined;
  });

const quoted = (text: string | undefined) => text === undefined ? "the field" : JSON.stringify(text);

/** Says why a text is not a time like the others: it is not a time at all, or is written differently from the others. */
function notATime(text: string | undefined): string {
  const [isTime] = areTimes([text ?? ""]);
  return isTime
    ? `${
      quoted(text)
    } is a time, but most are written differently: all files and rows have to write them in one way`
    : `${quoted(text)} is neither a number nor a date${
      digitsHint(text) || formatHint(text) || groupsHint(text)
    }`;
}

/** Digits of other scripts, such as `١` or `１`. */
const OTHER_DIGITS = /(?![0-9])\p{Nd}/u;

/** The hint for a text that people, but not programs, read as a number. */
const digitsHint = (text = ""): string =>
  OTHER_DIGITS.test(text) ? ": it is not in digits from 0 to 9; write it in those" : "";

/** The hint for grouped thousands. */
const groupsHint = (text = ""): string =>
  /^\s*\d{1,3}([.,'’ \u00a0\u202f]\d{3})+\s*$/.test(text) ? ": thousands are not grouped in numbers" : "";

/** The hint with the likely format of a time that is in no format known by default. */
function formatHint(text = ""): string {
  const likely = likelyFormats(text).map((format) => `"${format}"`);
  return likely.length > 0 ? ` that is known; it looks like --time-format ${likely.join(" or ")}` : "";
}

/** Says why a text is not a rating: it is not a number with the given decimal separator, or does not fit into 32 bits. */
function notARating(text: string | undefined, decimal: Decimal): string {
  const number = Number((decimal === "comma" ? text?.replace(",", ".") : text) || NaN);
  return Math.abs(number) > MAX_FLOAT32 && !/inf/i.test(text!)
    ? `${quoted(text)} is too large for a rating, which is a 32-bit number`
    : `${quoted(text)} is not a number${digitsHint(text) || decimalHint(text, decimal)}`;
}

/** The hint for a rating that is not a number with the given decimal separator. */
function decimalHint(text = "", decimal: Decimal): string {
  if (decimal === "comma") return " with a decimal comma, as decimal: comma says";
  return LIKELY_COMMA.test(text) ? "; it looks like decimal: comma" : "";
}

/** What is reported about a row that violates its format. */
const FLAWS: Record<RowFlaw, Pick<Fault, "reason" | "clause" | "remedy">> = {
  unparsed: {
    reason: "not a JSON object",
    clause: () => "the line is not a JSON object",
    remedy: otherThanJson,
  },
  misquoted: {
    reason: "text behind a closing quote",
    clause: () => "text stands behind the closing quote of a field",
    remedy: (row) => requoted(row) + (row.includes("\t") ? `, ${UNQUOTED}` : ""),
  },
  ragged: { reason: "too many fields", clause: () => "the row has too many fields" },
};

const NOT_A_TIME = "timestamp neither a number nor a date";

const missing = (role: ColumnRole): Fault => ({
  kind: "missing",
  role,
  reason: `${role} missing`,
  clause: () => "the field is empty",
});

/**
 * Returns the faults to check for, in order: a row is reported for the first fault that it has.
 *
 * @param table Whether the table has ratings, which flaws are marked in it, and how its times and decimals are written.
 */
export function faultsOf(
  { hasRating, flaws, timeFormat, decimal = "point" }: {
    hasRating: boolean;
    flaws: readonly RowFlaw[];
    timeFormat?: TimeFormat;
    decimal?: Decimal;
  },
): Fault[] {
  const rating: Fault = {
    kind: "not a number",
    role: "rating",
    reason: "rating not a number",
    clause: (text) => notARating(text, decimal),
  };
  return [
    ...flaws.map((flaw): Fault => ({ kind: "flaw", flaw, ...FLAWS[flaw] })),
    missing("user"),
    missing("item"),
    missing("timestamp"),
    {
      kind: "not a number",
      role: "timestamp",
      ...(timeFormat
        ? { reason: "timestamp not in the format of --time-format" }
        : { reason: NOT_A_TIME, reasonForTimes: "timestamp written differently from most" }),
      clause: (text) =>
        timeFormat
          ? `${quoted(text)} is not written as --time-format "${timeFormat.text}" says`
          : notATime(text),
    },
    {
      kind: "not finite",
      role: "timestamp",
      reason: "timestamp not finite",
      clause: (text) => `${quoted(text)} is not a finite number`,
    },
    ...(hasRating ? [missing("rating"), rating] : []),
  ];
}

/** How messages name rows and columns. */
export interface Naming {
  /** Locates rows. Without it, a row is named by its number. */
  locate?: RowLocator;
  /** Returns the source's name of a column. */
  columnName?: (role: ColumnRole) => string;
}

/** Formats as in `data.csv: line 17, column "time": "abc" is not a number`. */
async function sayOf(row: number, fault: Fault, options: Naming) {
  const [place] = await options.locate?.([row]) ?? [];
  const where = place ? placeOf(place) : `the data: row ${row + 1}`;
  const name = fault.role && (options.columnName?.(fault.role) ?? fault.role);
  const column = name ? `, column "${name}"` : "";
  const text = place && !fault.role && place.line > 0 ? ` (${shorten(place.text)})` : "";
  const clause = fault.clause(place && fault.role && place.fields[fault.role]);
  return { place, said: `${where}${column}: ${clause}${text}` };
}

/**
 * Describes the first row with the most common fault, for when no row is left.
 *
 * @param rows The bad rows.
 * @param found The fault of each.
 */
export async function commonFault(rows: number[], found: Fault[], options: Naming): Promise<string> {
  const times = new Map<Fault, number>();
  for (const fault of found) times.set(fault, (times.get(fault) ?? 0) + 1);
  const [[most]] = [...times].sort(([, a], [, b]) => b - a);
  return (await sayOf(rows[found.indexOf(most)], most, options)).said;
}

/** Returns the error message for a bad row, with the total number of bad rows. */
export async function describeBadRow(
  row: number,
  fault: Fault,
  total: number,
  options: Naming,
): Promise<string> {
  const { place, said } = await sayOf(row, fault, options);
  const all = total > 1 ? ` (${total} bad rows in all)` : "";
  const without = fault.role === "rating"
    ? ` leave ratings out, which no model needs, with ${withoutRating(place, options)},`
    : fault.kind === "missing" && isName(fault.role)
    ? " leave out all rows without a user or an item with --null-values NULL,"
    : "";
  return `Cannot read ${said}${all}; ${
    fault.remedy?.(place?.text ?? "") ?? "fix it"
  },${without} or set bad rows aside with --on-bad-row skip`;
}

/** Returns the option that names the other columns: in full if the row shows which exist and their names can be written as they are. */
function withoutRating(place: RowLocation | undefined, { columnName = (role) => role }: Naming): string {
  const roles = ROLES.filter((role) => role !== "rating" && place?.fields[role] !== undefined);
  const names = roles.map((role) => `${role}=${columnName(role)}`);
  const canBeWritten = roles.length > 1 && names.every((name) => /^\w+=[\w.-]+$/.test(name));
  return canBeWritten ? `--columns ${names.join(",")}` : "--columns, with _ in its place";
}

/** Formats as in `data.csv: line 17`; for a row without a place, with its content. */
export const placeOf = ({ file, line, text }: RowLocation): string =>
  line > 0 ? `${file}: line ${line}` : `${file}: row ${shorten(text)}`;

const shorten = (text: string) => JSON.stringify(text.length > 120 ? text.slice(0, 119) + "…" : text);

/** Returns the rows for `rejected.csv`: `file`, `line`, `column`, `reason`, `text`. */
export async function rejectedRows(rows: number[], found: Fault[], options: Naming): Promise<DataFrame> {
  const places = await options.locate?.(rows) ??
    rows.map((row): RowLocation => ({ file: "", line: row + 1, fields: {}, text: "" }));
  const reasons = reasonsOf(found, places);
  return rejectedFrame(places.map(({ file, line, text }, i) => ({
    file,
    line,
    column: (found[i].role && (options.columnName?.(found[i].role) ?? found[i].role)) ?? null,
    reason: reasons[i],
    text,
  })));
}

/** Returns the reason for each bad row, which can depend on its text. */
function reasonsOf(found: readonly Fault[], places: readonly RowLocation[]): string[] {
  const reasons = found.map(({ reason }) => reason);
  const texts = new Map<number, string>();
  for (const [i, { reasonForTimes, role }] of found.entries()) {
    const text = role && places[i].fields[role];
    if (reasonForTimes !== undefined && text !== undefined) texts.set(i, text);
  }
  const are = areTimes([...texts.values()]);
  for (const [nth, i] of [...texts.keys()].entries()) if (are[nth]) reasons[i] = found[i].reasonForTimes!;
  return reasons;
}

/** Builds the same table from known facts about each row. */
export function rejectedFrame(
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

/** The error for a minimum rating if there are no ratings. */
export const noRatings = (): InputError =>
  new InputError("Cannot apply --min-rating: the data has no rating column; name it with --columns");

/** Rows dropped because of a minimum rating. */
export const ratedBelow = (minRating: number, rows: number): DroppedRows => ({
  reason: `rating below ${minRating}`,
  rows,
  option: { name: "minRating", value: minRating },
});

/** Rows dropped because their user has the item in another row; with `same-time`, at the same time. */
export const repeated = (duplicates: string, rows: number): DroppedRows => ({
  reason: `duplicate interaction (${
    duplicates === "same-time" ? "same user, item and time" : `kept the ${duplicates}`
  })`,
  rows,
  option: { name: "duplicates", value: duplicates },
});

/** Bad rows that were skipped, by their reasons in the order of the faults. */
export function skipped(faults: readonly Fault[], rejected: DataFrame): DroppedRows[] {
  const counts = new Map<string, number>();
  for (const reason of rejected.getColumn("reason").toArray() as string[]) {
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  const rowsFor = (reason: string, rows = counts.get(reason) ?? 0): DroppedRows => ({
    reason,
    rows,
    option: { name: "onBadRow", value: "skip" },
  });
  return faults.flatMap(({ reason, reasonForTimes = "" }) => [
    rowsFor(reason),
    ...(counts.has(reasonForTimes) ? [rowsFor(reasonForTimes)] : []),
  ]);
}

/**
 * The error if no row is left, with the most common reasons first.
 *
 * @param more Information about the times of the rows if none is in the period, or about a bad row if all are bad.
 */
export function noRowLeft(rowsIn: number, dropped: DroppedRows[], more?: string): InputError {
  const found = dropped.filter(({ rows }) => rows > 0).sort((a, b) => b.rows - a.rows);
  return new InputError(
    `Cannot use the data: none of ${rowsIn} rows is left after the checks (${
      found.map(({ reason, rows }) => `${rows} ${reason}`).join(", ")
    })${more === undefined ? "" : `; ${more}`}`,
  );
}

/** The error for `rows` rows in which a user has an item more than once. */
export const duplicated = (user: string, item: string, where: string, rows: number): InputError =>
  new InputError(
    `Cannot take duplicates: user "${user}" has item "${item}" more than once (${where}; ${rows} such rows); ` +
      "choose keep, same-time, first or last with --duplicates",
  );

/** Facts about the times of rows. */
export interface TimeFacts {
  /** Whether they were dates; if so, their size means nothing. */
  areDates: boolean;
  /** Number of dates whose nanoseconds are cut off. */
  cut: number;
  /** Number of rows whose times look like milliseconds since 1970. */
  milliseconds: number;
  /** Number of rows whose times look like seconds since 1970. */
  seconds: number;
  /** Whether there are several rows, all with the same time. */
  allEqual: boolean;
}

const COUNTS_AT_EQUAL_TIMES = {
  file: "the order of the rows counts",
  item: "by --ties item, the ids of the items count",
  reverse: "by --ties reverse, the reverse order of the rows counts",
};

/** Warns of times that are probably not what their owner expects: of both sizes, cut off, or all equal. */
export function timeWarnings(
  { areDates, cut, milliseconds, seconds, allEqual }: TimeFacts,
  ties: keyof typeof COUNTS_AT_EQUAL_TIMES = "file",
): string[] {
  const mixed =
    `${milliseconds} timestamps look like milliseconds and ${seconds} like seconds; the order of time will be wrong ` +
    "for users who have both";
  const equal = `all timestamps are equal: ${COUNTS_AT_EQUAL_TIMES[ties]} as the order of time`;
  const isMixed = !areDates && milliseconds > 0 && seconds > 0;
  const blunt =
    `timestamps whose nanoseconds are left out: ${cut}, because others are before 1678 or after 2261, which ` +
    "nanoseconds do not reach; the order of time may be wrong where they are equal without them";
  return [...(isMixed ? [mixed] : []), ...(cut > 0 ? [blunt] : []), ...(allEqual ? [equal] : [])];
}
