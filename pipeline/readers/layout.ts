/**
 * Finds out from its first lines how a delimited file is written: delimiter, header, columns.
 *
 * @module
 */
import { parse } from "csv-parse/sync";
import { InputError } from "../contract/errors.ts";
import type { ColumnRole } from "../contract/stage/location.ts";
import { checkHeader, type FileEncoding, utf8Remark } from "./encoding.ts";
import {
  type Columns,
  columnsByHeader,
  columnsByPosition,
  type ColumnsWish,
  isKnownName,
  quoteAll,
  unnamed,
} from "./roles.ts";
import { headText, NoRows, type Source } from "./source.ts";
import type { ReadFormat } from "./types.ts";

/** How fields are separated and quoted. */
export interface Dialect {
  /** One or more characters. */
  delimiter: string;
  /** Whether fields may be in double quotes (RFC 4180). */
  quotes: boolean;
  /** Line end: `\r` for files of old Macs, else `\n`, with or without `\r` before it. */
  lineEnd: "\n" | "\r";
  encoding: FileEncoding;
}

/** The shape of a delimited file. */
export interface Shape {
  dialect: Dialect;
  /** Number of fields per row. */
  width: number;
  /** Number of lines of the header; 0 if there is none. */
  headerLines: number;
}

/** The layout of a file of interactions, as its first lines show it. */
export interface Layout extends Shape {
  columns: Columns;
  /** The file's names of the columns, by position. */
  names: string[];
  /** Whether times stay text even if all are numbers. */
  textTimes?: boolean;
  /** Whether ratings stay text even if all are numbers. */
  textRatings?: boolean;
}

/** Delimiters that are tried, starting with those that rarely occur in a field. */
const DELIMITERS = ["\t", "::", ",", ";", "|", " "] as const;
const SAMPLE_ROWS = 20;
/** Maximum number of columns: more than real tables have, even with embeddings. Each column costs about a millisecond. */
const MAX_COLUMNS = 10_000;

/** Checks whether Polars can split at a delimiter and so can recognise quotes: it must be a single byte. */
export const isByte = (delimiter: string): boolean => delimiter.length === 1 && delimiter < "\x80";

/** Returns csv-parse's options for a dialect. Every field is kept as it is; stray quotes are part of the field, as in Polars. */
export function parserOptions({ delimiter, quotes, lineEnd }: Omit<Dialect, "encoding">) {
  return {
    delimiter,
    quote: quotes ? '"' : null,
    record_delimiter: lineEnd === "\r" ? ["\r"] : ["\r\n", "\n"],
    relax_column_count: true,
    relax_quotes: true,
  };
}

/** Returns the number of lines of a row. (csv-parse counts a CR LF inside quotes as two.) */
export function lineCount(fields: string[], { lineEnd }: Pick<Dialect, "lineEnd">): number {
  return fields.reduce((sum, field) => sum + field.split(lineEnd).length - 1, 1);
}

/** The first rows of a text without blank ones, and whether a quote that does not close follows. */
interface Sample {
  rows: { fields: string[]; lastLine: number }[];
  isBroken: boolean;
}

function sampleRows(text: string, dialect: Omit<Dialect, "encoding">): Sample {
  const rows: Sample["rows"] = [];
  let lastLine = 0;
  try {
    parse(text, {
      ...parserOptions(dialect),
      to: SAMPLE_ROWS,
      on_record: (fields: string[]) => {
        lastLine += lineCount(fields, dialect);
        if (fields.some((field) => field.trim() !== "")) rows.push({ fields, lastLine });
        return null;
      },
    });
  } catch {
    // The rows before the fault are enough; the reader itself finds the fault and says where it is.
    return { rows, isBroken: true };
  }
  return { rows, isBroken: false };
}

/** Returns the fields of the first rows, with nothing quoted. */
export const plainRows = (text: string, delimiter: string): string[][] =>
  sampleRows(text, { delimiter, quotes: false, lineEnd: lineEndOf(text) }).rows.map(({ fields }) => fields);

/** Detects whether the file ends its lines as old Macs did. */
export function lineEndOf(text: string): "\n" | "\r" {
  return text.includes("\r") && !text.includes("\n") ? "\r" : "\n";
}

/**
 * Guesses the delimiter that splits the first lines most evenly; undefined if none produces two fields.
 *
 * @param among Candidates. Default: all common ones.
 * @param quotes Whether fields may be quoted.
 */
export function guessDelimiter(
  text: string,
  among: readonly string[] = DELIMITERS,
  quotes = true,
): string | undefined {
  let best: string | undefined, bestShare = 0;
  for (const delimiter of among) {
    const dialect = { delimiter, quotes: quotes && isByte(delimiter), lineEnd: lineEndOf(text) };
    const widths = sampleRows(text, dialect).rows.map(({ fields }) => fields.length);
    const split = widths.filter((width) => width > 1 && width === widths[0]).length / widths.length;
    if (split > bestShare) [best, bestShare] = [delimiter, split];
  }
  return best;
}

/** A table as its first rows show it. */
export interface FirstRows extends Shape {
  /** Names of the columns in the header, as many as `width`; left out if there is none. */
  header?: string[];
  /** The first rows of data. */
  rows: string[][];
}

/**
 * Reads the first rows and the header.
 *
 * @param hasHeader Says by the first rows whether there is one.
 * @param warnings Receives remarks for the user.
 * @throws {InputError} for a wrong delimiter, too many columns, a header that is too short, or one in another encoding.
 */
export function firstRows(
  source: Source,
  dialect: Dialect,
  hasHeader: (rows: string[][], width: number) => boolean,
  warnings: string[],
): FirstRows {
  const { path, head } = source, text = headText(source, dialect.encoding);
  warnings.push(...(source.marked ? [] : utf8Remark(path, head, dialect.encoding)));
  refuseExcelsLine(path, text);
  const { rows: sample, isBroken } = sampleRows(text, dialect), rows = sample.map(({ fields }) => fields);
  if (rows.length === 0) {
    if (isBroken) throw new InputError(`Cannot read ${path}: line 1: a quoted field is not closed`);
    throw new NoRows(path, "it holds blank lines only");
  }
  const [first, ...others] = rows;
  const isEnded = first.at(-1) === "" && others.every((fields) => fields.length < first.length);
  const width = isEnded ? first.length - 1 : first.length;
  if (width < 2) throw wrongDelimiter(path, dialect.delimiter, text);
  if (width > MAX_COLUMNS) {
    throw new InputError(
      `Cannot read ${path}: its first row has ${width} fields, and a table at most ${MAX_COLUMNS}; check --delimiter ` +
        "and line ends, or say --format sequences if it is one user a line",
    );
  }
  if (!hasHeader(rows, width)) return { dialect, width, headerLines: 0, rows };
  if (rows.length === 1 && source.whole && !isBroken) throw new NoRows(path, "it has a header but no rows");
  refuseShortHeader(path, rows);
  checkHeader(path, head, dialect.encoding);
  const header = first.slice(0, width).map((name) => name.trim());
  return { dialect, width, headerLines: sample[0].lastLine, header, rows: others };
}

/** @throws {InputError} for a file whose first line tells Excel its delimiter. */
function refuseExcelsLine(path: string, text: string): void {
  const [line] = /^sep=.?(?=\r?\n)/i.exec(text) ?? [];
  if (line === undefined) return;
  throw new InputError(
    `Cannot read ${path}: its first line, ${
      quoteAll([line])
    }, is for Excel alone; take it away, as tail -n +2 does`,
  );
}

/** @throws {InputError} for a header with one field less than every row, unless the rows only end with a delimiter. */
function refuseShortHeader(path: string, [header, ...rows]: string[][]): void {
  const isShort = rows.length > 1 && rows.every(({ length }) => length === header.length + 1);
  if (!isShort || rows.every((fields) => fields.at(-1) === "")) return;
  throw new InputError(
    `Cannot read ${path}: its header has ${header.length} fields, and its rows have ${header.length + 1}; ` +
      "name the column that it lacks (in R: write the table with row.names = FALSE)",
  );
}

/** Returns the error for a file that the delimiter does not split, suggesting one that does. */
function wrongDelimiter(path: string, delimiter: string, text: string): InputError {
  const better = guessDelimiter(text), line = firstLine(text);
  const hint = /^[^\s:]+:$/.test(line)
    ? "it looks like the item of the rows below it; put the item into each of these rows (docs/logs.md)"
    : better === undefined || better === delimiter
    ? "give the right one with --delimiter"
    : `${JSON.stringify(better)} looks right: --delimiter ${JSON.stringify(better)}`;
  return new InputError(
    `Cannot read ${path}: only one column with delimiter ${JSON.stringify(delimiter)} (${
      quoteAll([line])
    }); ${hint}`,
  );
}

const firstLine = (text: string) => text.split(/\r?\n|\r/).find((line) => line.trim() !== "") ?? "";

const isNumber = (field: string | undefined) =>
  field !== undefined && field.trim() !== "" && Number.isFinite(Number(field));

/** Checks for a header: a row with a name that data sets use, or without numbers where the next row has one. */
export function looksLikeHeader([first, second]: string[][]): boolean {
  if (first.some((name) => isKnownName(name))) return true;
  return second !== undefined && !first.some(isNumber) && second.some(isNumber);
}

const USUAL: readonly ColumnRole[] = ["user", "item", "rating", "timestamp"];
/** Amazon's "ratings only" files of 2018 have the item first, unlike those of 2014. */
const ITEM_FIRST: readonly ColumnRole[] = ["item", "user", "rating", "timestamp"];

/** Amazon's product numbers: ten characters, `B…` or an ISBN. */
const isAsin = (field = "") => /^(B[0-9A-Z]{9}|\d{9}[\dX])$/.test(field);
/** Amazon's reviewer ids. */
const isReviewer = (field = "") => /^(A[0-9A-Z]{9,20}|#oc-R[0-9A-Z]+)$/.test(field);

/** The user's options for a delimited file. */
export interface TextWish extends Pick<Layout, "textTimes" | "textRatings"> {
  delimiter?: string;
  header?: boolean;
  quotes?: boolean;
  columns?: ColumnsWish;
  encoding: FileEncoding;
}

/**
 * Finds delimiter, header and columns of a file of interactions in one of the delimited formats.
 *
 * @param warnings Receives remarks for the user.
 * @throws {InputError} as {@link firstRows} does; also for missing or duplicate columns, and for columns without a header whose
 * roles cannot be determined.
 */
export function textLayout(
  source: Source,
  format: Extract<ReadFormat, "csv" | "tsv" | "movielens" | "recbole" | "amazon">,
  wish: TextWish,
  warnings: string[],
): Layout {
  const { encoding, textTimes, textRatings } = wish, { path } = source;
  const text = headText(source, encoding);
  const delimiter = wish.delimiter ?? usualDelimiter(format, text, wish.quotes);
  // MovieLens's own files do not use quotes, except its CSV files.
  const quotes = isByte(delimiter) && (wish.quotes ?? (format !== "movielens" || delimiter === ","));
  const isNamed = wish.columns?.by === "name";
  const { header, rows, ...shape } = firstRows(
    source,
    { delimiter, quotes, lineEnd: lineEndOf(text), encoding },
    (rows) => wish.header ?? (isNamed || looksLikeHeader(rows)),
    warnings,
  );
  const valuesOf = (column: number) => rows.map((fields) => fields[column] ?? "");
  return {
    ...shape,
    names: header ?? unnamed(shape.width),
    columns: header
      ? columnsByHeader(path, header, wish.columns, warnings, valuesOf)
      : columnsWithoutHeader(source, rows, shape.width, format, { ...wish, text }, warnings),
    textTimes,
    textRatings,
  };
}

function usualDelimiter(format: string, text: string, quotes?: boolean): string {
  if (format === "tsv" || format === "recbole") return "\t";
  if (format === "amazon") return ",";
  return (format === "movielens"
    ? guessDelimiter(text, ["::", "\t", ","], false)
    : guessDelimiter(text, undefined, quotes)) ?? ",";
}

/** The columns as the user says, as the format defines them, or as they usually are, with a remark. */
function columnsWithoutHeader(
  { path }: Source,
  rows: readonly string[][],
  width: number,
  format: string,
  { columns: wish, text }: Pick<TextWish, "columns"> & { text: string },
  warnings: string[],
): Columns {
  if (wish?.by === "name") {
    throw new InputError(`Cannot read ${path}: columns are given by name, but it is said to have no header`);
  }
  if (wish) return columnsByPosition(path, width, wish.roles);
  const isItemFirst = (isOther: (field?: string) => boolean) =>
    rows.every(([first, second]) => isAsin(first) && isOther(second));
  if (format === "movielens" || format === "amazon") {
    const usual = format === "amazon" && isItemFirst((field) => !isAsin(field)) ? ITEM_FIRST : USUAL;
    if (width >= usual.length) return columnsByPosition(path, width, usual);
  }
  const likely = isItemFirst(isReviewer) ? ITEM_FIRST : USUAL;
  if (width === likely.length && mostlyCanBe(rows, likely)) {
    warnings.push(
      `${path}: no header; took its ${width} columns as ${likely.join(", ")}; say otherwise with --columns`,
    );
    return columnsByPosition(path, width, likely);
  }
  throw new InputError(
    `Cannot read ${path}: no header, and ${width} columns (${quoteAll([firstLine(text)])}); ` +
      `say what they are with --columns, as in --columns ${
        width === 2 ? "user,item" : "user,item,timestamp"
      } (_ skips one), or --format sequences for one user a line`,
  );
}

/** Patterns of values that rule out a role: dates cannot be ids, words cannot be ratings or times. */
const CANNOT_BE: Readonly<Record<ColumnRole, RegExp>> = {
  user: /^\s*\d{4}-\d\d-\d\d/,
  item: /^\s*\d{4}-\d\d-\d\d/,
  rating: /[^\d\s.,eE+-]/,
  timestamp: /^\D*$/,
  event: /^$/,
};

/** Whether the columns of most rows can have these roles: a row that cannot may be faulty. */
function mostlyCanBe(rows: readonly string[][], roles: readonly ColumnRole[]): boolean {
  const can = rows.filter((fields) => roles.every((role, i) => !CANNOT_BE[role].test(fields[i] ?? "")));
  return can.length * 2 > rows.length;
}
