/**
 * Delimited text on Spark.
 *
 * @module
 */
import { InputError } from "../../contract/errors.ts";
import { ROLES } from "../../contract/location.ts";
import { columnUse } from "../../readers/roles.ts";
import type { Layout } from "../../readers/sample.ts";
import { SPARK as d } from "../dialect.ts";
import type { LineFormat } from "./lines.ts";

/**
 * The lines of a delimited file.
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
    // What a quoted field doubles is a quote; nothing is escaped otherwise.
    ...(quotes ? { escape: '"' } : { quote: "", escape: "" }),
  };
  const map = Object.entries(options).flatMap(([key, value]) => [d.text(key), d.text(value)]);
  const field = (i: number) => `fields.c${i}`;
  return {
    parse: `from_csv(value, ${d.text(names.map((name) => `${name} STRING`).join(", "))}, map(${
      map.join(", ")
    }))`,
    fields: Object.fromEntries(
      ROLES.filter((role) => columns[role]).map((role) => [role, field(columns[role]!.index)]),
    ),
    use: columnUse(header, columns),
    ragged: `${field(width)} IS NOT NULL`,
    blank: `NOT ${d.matches(`concat_ws('', ${names.map((_, i) => field(i)).join(", ")})`, /\S/)}`,
    countsBlank: true,
    header: { lines: headerLines, text: lines[headerLines - 1] ?? "" },
    flaws: quotes
      ? [{ found: "length(value) % 2 <> length(replace(value, '\"', '')) % 2", message: oddQuotes }]
      : [],
  };
}

const oddQuotes = ({ file, line }: { file: string; line: number }) =>
  new InputError(
    `Cannot read ${file}: line ${line} has an odd number of quotes, and Spark takes each line by itself; quote fields within one ` +
      "line and double the quotes inside them, or prepare the data without --engine spark",
  );
