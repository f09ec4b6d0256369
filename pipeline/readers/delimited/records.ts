/**
 * Reads a delimited file slowly but exactly, record by record, with line numbers, for messages.
 *
 * @module
 */
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { parse } from "csv-parse";
import type { ColumnRole, RowLocator } from "../../contract/stage/location.ts";
import { lineTooLong, text } from "../content.ts";
import type { Columns } from "../roles.ts";
import { type Dialect, type Layout, lineCount, parserOptions } from "./sample.ts";
import { headText, type Source } from "../source.ts";

/** A row of a delimited file. */
interface FileRecord {
  /** The line where it begins, from 1. */
  line: number;
  fields: string[];
  text: string;
}

/** Maximum length of a record: a longer one has a quote that does not close, or the file has no line ends. */
const MAX_RECORD = 1 << 24;

/** Yields the text of a file as long as its lines can be rows of a table. */
async function* boundedText(
  source: Source,
  { encoding, lineEnd }: Pick<Dialect, "encoding" | "lineEnd">,
  max = MAX_RECORD,
): AsyncGenerator<string> {
  let line = 1, length = 0;
  for await (const piece of text(source, encoding)) {
    let end = -1;
    for (let at; (at = piece.indexOf(lineEnd, end + 1)) >= 0; end = at, line++) length = 0;
    length += piece.length - end - 1;
    if (length > max) throw lineTooLong(source.path, line, max);
    yield piece;
  }
}

/** Yields the records. Stray quotes are part of the field, as in Polars. */
async function* records(source: Source, dialect: Dialect): AsyncGenerator<FileRecord> {
  const parser = parse({
    ...parserOptions(dialect),
    relax_quotes: true,
    max_record_size: MAX_RECORD,
    raw: true,
  });
  // Errors of the source reach the loop below through the parser.
  pipeline(Readable.from(boundedText(source, dialect)), parser).catch(() => {});
  let line = 1;
  for await (const { record, raw } of parser) {
    // csv-parse's `raw` leaves out all but the first character of a longer delimiter.
    const whole = dialect.delimiter.length > 1 ? record.join(dialect.delimiter) : raw.replace(/[\r\n]+$/, "");
    yield { line, fields: record, text: whole };
    line += lineCount(record, dialect);
  }
}

const isBlank = ({ fields }: FileRecord) => fields.every((field) => field.trim() === "");

/** Returns the fields that have a role, except empty and missing ones. */
function roleFields(columns: Columns, fields: string[]): Partial<Record<ColumnRole, string>> {
  return Object.fromEntries(
    Object.entries(columns).map(([role, { index }]) => [role, fields[index]]).filter(([, field]) => field),
  );
}

/**
 * Finds rows of a delimited file by their index among the rows that are not blank.
 *
 * @param rows Ascending.
 */
export async function findRecords(
  source: Source,
  { dialect, headerLines }: Pick<Layout, "dialect" | "headerLines">,
  rows: number[],
): Promise<FileRecord[]> {
  const found: FileRecord[] = [];
  if (rows.length === 0) return found;
  let row = 0;
  for await (const record of records(source, dialect)) {
    if (record.line <= headerLines || isBlank(record)) continue;
    if (row++ === rows[found.length]) found.push(record);
    if (found.length === rows.length) break;
  }
  return found;
}

/** Returns a locator for the rows of the frame read from a delimited file. */
export function recordLocator(source: Source, layout: Layout): RowLocator {
  return async (rows) =>
    (await findRecords(source, layout, rows)).map(({ line, text, fields }) => (
      { file: source.path, line, text, fields: roleFields(layout.columns, fields) }
    ));
}

/**
 * Makes sure that the line at which the file's head breaks off ends somewhere: otherwise Polars searches minutes for the end of a
 * first row.
 *
 * @param max Maximum length of a line in characters. Default: that of a table's row.
 * @throws {InputError} if a line is longer.
 */
export async function checkFirstLines(
  source: Source,
  dialect: Pick<Dialect, "encoding" | "lineEnd">,
  max?: number,
): Promise<void> {
  const headLines = headText(source, dialect.encoding).split(dialect.lineEnd).length;
  let ended = 0;
  for await (const piece of boundedText(source, dialect, max)) {
    ended += piece.split(dialect.lineEnd).length - 1;
    if (ended >= headLines) break;
  }
}
