/**
 * Reads delimited text on Spark.
 *
 * @module
 */
import { InputError } from "../../contract/errors.ts";
import { ROLES } from "../../contract/stage/location.ts";
import { columnUse } from "../../readers/roles.ts";
import type { Layout } from "../../readers/delimited/sample.ts";
import { SPARK as d } from "../dialect.ts";
import type { LineFormat } from "./lines.ts";

/**
 * Describes how the lines of a delimited file are parsed.
 *
 * @param lines The first lines of a file.
 */
export function delimitedLines(
  { dialect, columns, names: header, width, headerLines }: Layout,
  lines: readonly string[],
): LineFormat {
  const { delimiter, quotes } = dialect;
  const names = Array.from({ length: width + 1 }, (_, i) => `c${i}`);
  const options: Record<string, string> = {
    sep: delimiter,
    // A doubled quote in a quoted field is a quote; there is no other escaping.
    ...(quotes ? { escape: '"' } : { quote: "", escape: "" }),
  };
  const map = Object.entries(options).flatMap(([key, value]) => [d.text(key), d.text(value)]);
  const field = (i: number) => `fields.c${i}`, patterns = quotePatterns(delimiter);
  const holds = (pattern: string) =>
    quotes ? `(instr(value, '"') > 0 AND value RLIKE ${d.text(pattern)})` : "false";
  const misquoted = holds(patterns.misquoted);
  return {
    parse: `CASE WHEN NOT ${misquoted} THEN from_csv(value, ${
      d.text(names.map((name) => `${name} STRING`).join(", "))
    }, map(${map.join(", ")})) END`,
    fields: Object.fromEntries(
      ROLES.filter((role) => columns[role]).map((role) => [role, field(columns[role]!.index)]),
    ),
    use: columnUse(header, columns),
    flaws: {
      ragged: `${field(width)} IS NOT NULL`,
      ...(quotes && { misquoted }),
    },
    blank: `NOT ${misquoted} AND ${
      d.trimmed(`concat_ws('', ${names.map((_, i) => field(i)).join(", ")})`)
    } = ''`,
    countsBlank: true,
    header: { lines: headerLines, text: lines[headerLines - 1] ?? "" },
    refusals: quotes ? [{ found: holds(patterns.open), message: notClosed }] : [],
  };
}

/**
 * Returns Java regular expressions that match a line up to text after a closing quote (`misquoted`), and a line whose last field is
 * not closed (`open`). They never backtrack, however long a line is.
 *
 * @param delimiter One character.
 */
function quotePatterns(delimiter: string): Record<"misquoted" | "open", string> {
  const d = `\\x{${delimiter.codePointAt(0)!.toString(16)}}`;
  const begun = '"[^"]*+(?:""[^"]*+)*+', plain = `[^"${d}][^${d}]*+`;
  const misquoted = `^(?:(?:${begun}"|${plain})?+${d})*+${begun}"[^"${d}]`;
  return { misquoted, open: `^(?:(?:${begun}"[^${d}]*+|${plain})?+${d})*+${begun}$` };
}

const notClosed = ({ file, line }: { file: string; line: number }) =>
  new InputError(
    `Cannot read ${file}: line ${line} has a quoted field that it does not close, and Spark takes each line by itself; quote fields within one ` +
      "line and double the quotes inside them, or prepare the data without --engine spark",
  );
