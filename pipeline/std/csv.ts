/** What is used of `@std/csv`, over `csv-parse` and `csv-stringify`: JSR cannot be reached from everywhere. */
import { type CsvError, parse as parseSync } from "csv-parse/sync";
import { stringify as stringifySync } from "csv-stringify/sync";

/**
 * Parses CSV into rows of any length, without empty lines.
 *
 * @throws {SyntaxError} for a quote where none may stand, with its line.
 */
export function parse(input: string, { separator = "," }: { separator?: string } = {}): string[][] {
  try {
    const rows: string[][] = parseSync(input, {
      bom: true,
      delimiter: separator,
      relax_column_count: true,
      record_delimiter: ["\r\n", "\n"],
      skip_empty_lines: true,
    });
    return rows.map((row) => row.map((field) => field.replaceAll("\r\n", "\n")));
  } catch (error) {
    const { code, lines } = error as CsvError & { lines?: number };
    if (code === undefined) throw error;
    const fault = code === "INVALID_OPENING_QUOTE"
      ? 'bare " in non-quoted field'
      : 'extraneous or missing " in quoted-field';
    throw new SyntaxError(`parse error on line ${lines}: ${fault}`);
  }
}

/** Writes rows as CSV with CR LF. */
export const stringify = (rows: readonly (readonly (string | number)[])[]): string =>
  stringifySync(rows.map((row) => row.map(String)), { record_delimiter: "\r\n", quoted_match: /[\r\n]/ });
