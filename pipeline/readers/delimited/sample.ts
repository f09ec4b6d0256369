/**
 * How a delimited file is written, as its first lines show: delimiter, header, columns.
 *
 * @module
 */
import { parse } from "csv-parse/sync";
import { InputError } from "../../contract/errors.ts";
import {
  type Columns,
  columnsByHeader,
  columnsByPosition,
  type ColumnsWish,
  isKnownName,
  unnamed,
} from "../roles.ts";
import { quoteAll } from "../shorten.ts";
import type { ColumnRole } from "../../contract/stage/location.ts";
import { headText, NoRows, type Source } from "../source.ts";
import type { FileEncoding } from "../decode.ts";
import { inHeader } from "../header_encoding.ts";

/** How fields are separated. */
export interface Dialect {
  /** One character or more. */
  delimiter: string;
  /** Whether a field may be in double quotes (RFC 4180). */
  quotes: boolean;
  /** Line end: `\r` for the files of old Macs, else `\n`, with or without `\r` before it. */
  lineEnd: "\n" | "\r";
  encoding: FileEncoding;
}

/** What the first lines say of a delimited file. */
export interface Layout {
  dialect: Dialect;
  columns: Columns;
  /** What the file calls its columns, by their places. */
  names: string[];
  /** Fields of a row. */
  width: number;
  /** Lines that the header takes; 0 without one. */
  headerLines: number;
  /** Whether times stay text though all are numbers. */
  textTimes?: boolean;
  /** The same of ratings. */
  textRatings?: boolean;
}

/** Delimiters that are tried, those that hardly occur in a field first. */
const DELIMITERS = ["\t", "::", ",", ";", "|", " "] as const;
const SAMPLE_ROWS = 20;
/** Wider than tables are, embeddings among their columns too; each column costs about a millisecond. */
const MAX_COLUMNS = 10_000;

/** @throws {InputError} for a first row with more fields than a table has columns: it is probably something else. */
export function checkWidth(path: string, width: number): void {
  if (width <= MAX_COLUMNS) return;
  throw new InputError(
    `Cannot read ${path}: its first row has ${width} fields, and a table at most ${MAX_COLUMNS}; check --delimiter and line ends, ` +
      "or say --format sequences if it is one user a line",
  );
}

/** Whether Polars can split at a delimiter, and so knows what is quoted: at one byte. */
export const isByte = (delimiter: string): boolean => delimiter.length === 1 && delimiter < "\x80";

/** Options of csv-parse for a dialect. Every field counts as it is. */
export function parserOptions({ delimiter, quotes, lineEnd }: Dialect) {
  return {
    delimiter,
    quote: quotes ? '"' : null,
    record_delimiter: lineEnd === "\r" ? ["\r"] : ["\r\n", "\n"],
    relax_column_count: true,
  };
}

/** Lines that a row takes. (csv-parse counts a CR LF inside quotes for two.) */
export function lineCount(fields: string[], { lineEnd }: Dialect): number {
  return fields.reduce((sum, field) => sum + field.split(lineEnd).length - 1, 1);
}

/** The first rows, blank ones left out. Stops before a quote that does not close. */
export function sampleRows(text: string, dialect: Dialect): { fields: string[]; lastLine: number }[] {
  const rows: { fields: string[]; lastLine: number }[] = [];
  let lastLine = 0;
  try {
    parse(text, {
      ...parserOptions(dialect),
      relax_quotes: true,
      to: SAMPLE_ROWS,
      on_record: (fields: string[]) => {
        lastLine += lineCount(fields, dialect);
        if (fields.some((field) => field.trim() !== "")) rows.push({ fields, lastLine });
        return null;
      },
    });
  } catch {
    // The rows before the fault do; the reader itself finds the fault and says where it is.
  }
  return rows;
}

/** Whether the file ends its lines as old Macs did. */
export function lineEndOf(text: string): "\n" | "\r" {
  return text.includes("\r") && !text.includes("\n") ? "\r" : "\n";
}

/**
 * The delimiter that splits the first lines most evenly; undefined where none gives two fields.
 *
 * @param among Candidates. Default: all that are common.
 * @param quotes Whether a field may be in quotes.
 */
export function guessDelimiter(
  text: string,
  among: readonly string[] = DELIMITERS,
  quotes = true,
): string | undefined {
  let best: string | undefined;
  let bestShare = 0;
  for (const delimiter of among) {
    const dialect: Dialect = {
      delimiter,
      quotes: quotes && isByte(delimiter),
      lineEnd: lineEndOf(text),
      encoding: "utf-8",
    };
    const widths = sampleRows(text, dialect).map(({ fields }) => fields.length);
    if (widths.length === 0) continue;
    const split = widths.filter((width) => width > 1 && width === widths[0]).length / widths.length;
    if (split > bestShare) [best, bestShare] = [delimiter, split];
  }
  return best;
}

/** @throws {InputError} for a file that begins by telling Excel its delimiter. */
export function refuseExcelsLine({ path }: Source, text: string): void {
  const [line] = /^sep=.?(?=\r?\n)/i.exec(text) ?? [];
  if (line === undefined) return;
  throw new InputError(
    `Cannot read ${path}: its first line, ${
      quoteAll([line])
    }, is for Excel alone; take it away, as tail -n +2 does`,
  );
}

/** @throws {InputError} for a header that has a field less than each row: rows that end with a delimiter have no more in truth. */
function refuseShortHeader(path: string, [header, ...rows]: string[][]): void {
  const isShort = rows.length > 1 && rows.every(({ length }) => length === header.length + 1);
  if (!isShort || rows.every((fields) => fields.at(-1) === "")) return;
  throw new InputError(
    `Cannot read ${path}: its header has ${header.length} fields, and its rows have ${header.length + 1}; ` +
      "name the column that it lacks (in R: write the table with row.names = FALSE)",
  );
}

/** What people call a delimiter on a command line. */
function showDelimiter(delimiter: string): string {
  return delimiter === "\t" ? '"\\t"' : JSON.stringify(delimiter);
}

/** Options of {@link findLayout}. */
export interface LayoutWish {
  header?: boolean;
  columns?: ColumnsWish;
  /** Roles of the columns where the file has no header and the user says nothing. */
  usual?: Columns | undefined;
  /** The same where the format leaves them open and there are four: taken with a remark. */
  likely?: readonly ColumnRole[];
}

/**
 * Finds header and columns.
 *
 * @param warnings Receives remarks for the user.
 * @throws {InputError} for a wrong delimiter, missing or duplicate columns, and columns without header whose
 * roles cannot be found out.
 */
export function findLayout(source: Source, dialect: Dialect, wish: LayoutWish, warnings: string[]): Layout {
  const { path } = source;
  const text = headText(source, dialect.encoding);
  refuseExcelsLine(source, text);
  const rows = sampleRows(text, dialect);
  if (rows.length === 0) {
    if (/\S/.test(text)) throw new InputError(`Cannot read ${path}: line 1: a quoted field is not closed`);
    throw new NoRows(path, "it holds blank lines only");
  }
  const first = rows[0].fields;
  const width = first.at(-1) === "" && rows.slice(1).every(({ fields }) => fields.length < first.length)
    ? first.length - 1
    : first.length;
  if (width < 2) throw wrongDelimiter(source, dialect, text);
  checkWidth(path, width);
  const header = wish.header ??
    (wish.columns?.by === "name" || looksLikeHeader(rows.map(({ fields }) => fields)));
  const headerLines = header ? rows[0].lastLine : 0;
  if (header) {
    if (rows.length === 1 && source.whole) {
      throw new NoRows(path, "it has a header but no rows");
    }
    const names = first.slice(0, width).map((name) => name.trim());
    refuseShortHeader(path, rows.map(({ fields }) => fields));
    const columns = inHeader(
      source,
      dialect.encoding,
      () => columnsByHeader(path, names, wish.columns, warnings),
    );
    return { dialect, columns, names, width, headerLines };
  }
  if (wish.columns?.by === "name") {
    throw new InputError(`Cannot read ${path}: columns are given by name, but it is said to have no header`);
  }
  const found = { dialect, names: unnamed(width), width, headerLines };
  if (wish.columns) return { ...found, columns: columnsByPosition(path, width, wish.columns.roles) };
  if (wish.usual && width >= Object.keys(wish.usual).length) return { ...found, columns: wish.usual };
  const { likely } = wish;
  if (width === likely?.length && mostlyCanBe(rows.map(({ fields }) => fields), likely)) {
    warnings.push(
      `${path}: no header; took its ${width} columns as ${likely.join(", ")}; say otherwise with --columns`,
    );
    return { ...found, columns: columnsByPosition(path, width, likely) };
  }
  throw new InputError(
    `Cannot read ${path}: no header, and ${width} columns (${
      quoteAll([text.split(/\r?\n|\r/).find((line) => line.trim())!])
    }); ` +
      `say what they are with --columns, as in --columns ${
        width === 2 ? "user,item" : "user,item,timestamp"
      } (_ skips one), or --format sequences for one user a line`,
  );
}

/** The error for a file that a delimiter does not split, with the one that does. */
export function wrongDelimiter(source: Source, { delimiter }: Dialect, text: string): InputError {
  const better = guessDelimiter(text);
  const line = text.split(/\r?\n|\r/).find((line) => line.trim() !== "") ?? "";
  const hint = /^[^\s:]+:$/.test(line)
    ? "it looks like the item of the rows below it; put the item into each of these rows (docs/logs.md)"
    : better === undefined || better === delimiter
    ? "give the right one with --delimiter"
    : `${showDelimiter(better)} looks right: --delimiter ${showDelimiter(better)}`;
  return new InputError(
    `Cannot read ${source.path}: only one column with delimiter ${showDelimiter(delimiter)} (${
      quoteAll([line])
    }); ${hint}`,
  );
}

const isNumber = (field: string | undefined) =>
  field !== undefined && field.trim() !== "" && Number.isFinite(Number(field));

/** What cannot be in a column of a role: dates are no ids, words no ratings or times. */
const CANNOT_BE: Readonly<Record<ColumnRole, RegExp>> = {
  user: /^\s*\d{4}-\d\d-\d\d/,
  item: /^\s*\d{4}-\d\d-\d\d/,
  rating: /[^\d\s.,eE+-]/,
  timestamp: /^\D*$/,
  event: /^$/,
};

/** Whether the columns of most rows can have these roles: a row that cannot may be a bad one. */
function mostlyCanBe(rows: readonly string[][], roles: readonly ColumnRole[]): boolean {
  const can = rows.filter((fields) => roles.every((role, i) => !CANNOT_BE[role].test(fields[i] ?? "")));
  return can.length * 2 > rows.length;
}

/** A header has a name that data sets use, or no number where the next row has one. */
export function looksLikeHeader([first, second]: string[][]): boolean {
  if (first.some((name) => isKnownName(name))) return true;
  return second !== undefined && !first.some(isNumber) && second.some(isNumber);
}
