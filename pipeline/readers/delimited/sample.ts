/**
 * Detects how a delimited file is written from its first lines: delimiter, header, columns.
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

/** The layout of a delimited file, as its first lines show it. */
export interface Layout {
  dialect: Dialect;
  columns: Columns;
  /** The file's names of the columns, by position. */
  names: string[];
  /** Number of fields per row. */
  width: number;
  /** Number of lines of the header; 0 if there is none. */
  headerLines: number;
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

/**
 * Refuses a table that is too wide.
 *
 * @throws {InputError} for a first row with more fields than a table may have columns: it is probably something else.
 */
export function checkWidth(path: string, width: number): void {
  if (width <= MAX_COLUMNS) return;
  throw new InputError(
    `Cannot read ${path}: its first row has ${width} fields, and a table at most ${MAX_COLUMNS}; check --delimiter and line ends, ` +
      "or say --format sequences if it is one user a line",
  );
}

/** Checks whether Polars can split at a delimiter and so can recognise quotes: it must be a single byte. */
export const isByte = (delimiter: string): boolean => delimiter.length === 1 && delimiter < "\x80";

/** Returns csv-parse's options for a dialect. Every field is kept as it is. */
export function parserOptions({ delimiter, quotes, lineEnd }: Dialect) {
  return {
    delimiter,
    quote: quotes ? '"' : null,
    record_delimiter: lineEnd === "\r" ? ["\r"] : ["\r\n", "\n"],
    relax_column_count: true,
  };
}

/** Returns the number of lines of a row. (csv-parse counts a CR LF inside quotes as two.) */
export function lineCount(fields: string[], { lineEnd }: Dialect): number {
  return fields.reduce((sum, field) => sum + field.split(lineEnd).length - 1, 1);
}

/** Reads the first rows, without blank ones. Stops before a quote that does not close. */
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
    // The rows before the fault are enough; the reader itself finds the fault and says where it is.
  }
  return rows;
}

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

/**
 * Refuses a file whose first line tells Excel its delimiter.
 *
 * @throws {InputError} for such a file.
 */
export function refuseExcelsLine({ path }: Source, text: string): void {
  const [line] = /^sep=.?(?=\r?\n)/i.exec(text) ?? [];
  if (line === undefined) return;
  throw new InputError(
    `Cannot read ${path}: its first line, ${
      quoteAll([line])
    }, is for Excel alone; take it away, as tail -n +2 does`,
  );
}

/**
 * Refuses a header that is too short.
 *
 * @throws {InputError} for a header with one field less than every row, unless the rows only end with a delimiter.
 */
function refuseShortHeader(path: string, [header, ...rows]: string[][]): void {
  const isShort = rows.length > 1 && rows.every(({ length }) => length === header.length + 1);
  if (!isShort || rows.every((fields) => fields.at(-1) === "")) return;
  throw new InputError(
    `Cannot read ${path}: its header has ${header.length} fields, and its rows have ${header.length + 1}; ` +
      "name the column that it lacks (in R: write the table with row.names = FALSE)",
  );
}

/** Formats a delimiter as on a command line. */
function showDelimiter(delimiter: string): string {
  return delimiter === "\t" ? '"\\t"' : JSON.stringify(delimiter);
}

/** Options of {@link findLayout}. */
export interface LayoutWish {
  header?: boolean;
  columns?: ColumnsWish;
  /** Roles of the columns if the file has no header and the user does not give any. */
  usual?: Columns | undefined;
  /** Roles assumed, with a remark, if the format does not define them and the number of columns matches. */
  likely?: readonly ColumnRole[];
}

/**
 * Finds the header and the columns.
 *
 * @param warnings Receives remarks for the user.
 * @throws {InputError} for a wrong delimiter, missing or duplicate columns, and columns without a header whose roles cannot be
 * determined.
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
      () =>
        columnsByHeader(
          path,
          names,
          wish.columns,
          warnings,
          (column) => rows.slice(1).map(({ fields }) => fields[column] ?? ""),
        ),
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

/** Returns the error for a file that the delimiter does not split, suggesting one that does. */
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

/** Checks for a header: a row with a name that data sets use, or without numbers where the next row has one. */
export function looksLikeHeader([first, second]: string[][]): boolean {
  if (first.some((name) => isKnownName(name))) return true;
  return second !== undefined && !first.some(isNumber) && second.some(isNumber);
}
