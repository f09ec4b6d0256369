/**
 * Reads delimited text on Spark.
 *
 * @module
 */
import { InputError } from "../../contract/errors.ts";
import { type ColumnRole, isName, ROLES, type RowLocation } from "../../contract/stage/location.ts";
import type { Layout } from "../../readers/layout.ts";
import { type FieldPath, fieldPaths, fieldsByHeader, nested, valueAt } from "../../readers/fields.ts";
import { badObject, IDS, nestedId, notAnObject, parseObject } from "../../readers/jsonl.ts";
import { type ColumnsWish, columnUse } from "../../readers/roles.ts";
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

/** The field into which Spark puts a line that it cannot parse. */
const CORRUPT = "_corrupt";

/**
 * Describes how the lines of a JSON Lines file are parsed.
 *
 * @param path For messages.
 * @param lines The first lines of a file: they name the fields.
 */
export function jsonLines(
  path: string,
  lines: readonly string[],
  wish: ColumnsWish | undefined,
  warnings: string[],
): LineFormat {
  if (wish?.by === "position") {
    throw new InputError(
      `Cannot read ${path}: the fields of JSON have no position; name them, as in --columns user=reviewerID,item=asin`,
    );
  }
  const objects: Record<string, unknown>[] = [];
  for (const [i, line] of lines.entries()) {
    if (line.trim() === "") continue;
    const object = parseObject(line);
    if (!object) throw notAnObject({ path }, i + 1, line);
    objects.push(object);
  }
  const paths = fieldPaths(objects);
  if (paths.size === 0) throw new InputError(`Cannot read ${path}: its first lines name no field`);
  const { fields, use } = fieldsByHeader(path, paths, wish, warnings, objects);
  const roles = ROLES.filter((role) => fields[role]), pathOf = (role: ColumnRole) => fields[role]!;
  return {
    parse: `from_json(value, ${
      d.text(`${schemaOf(roles.map(pathOf), "STRING")}, ${CORRUPT} STRING`)
    }, map('mode', 'PERMISSIVE', 'columnNameOfCorruptRecord', '${CORRUPT}'))`,
    fields: Object.fromEntries(
      roles.map((role) => [role, (isName(role) ? idOf : fieldOf)(pathOf(role))]),
    ),
    use,
    blank: `NOT ${d.matches("value", /\S/)}`,
    countsBlank: false,
    header: { lines: 0, text: "" },
    flaws: {},
    refusals: [
      {
        found: `(fields.${CORRUPT} IS NOT NULL OR NOT ${d.matches("value", /^\s*\{/)})`,
        message: ({ file, line, text }) =>
          badObject({ path: file }, line, text, fields) ?? notAnObject({ path: file }, line, text),
      },
      ...IDS.map((role) => {
        const path = pathOf(role), option = `--columns ${role}=NAME`;
        return {
          // as text, nested values look like some ordinary texts
          found: `(${d.matches(fieldOf(path), /^(\[|\{)/)} AND (${isOf(path, "MAP<STRING, STRING>")} OR ${
            isOf(path, "ARRAY<STRING>")
          }))`,
          message: ({ file, line, text }: RowLocation) =>
            nestedId({ path: file }, `line ${line}`, {
              field: path.join("."),
              value: valueAt(parseObject(text)!, path) as object,
              option,
            }),
        };
      }),
    ],
  };
}

/** Formats nested fields as a Spark type: `user STRUCT<id: STRING>`. */
function schemaOf(paths: readonly FieldPath[], type: string): string {
  const columns = (fields: Record<string, unknown>, sign: string) =>
    Object.entries(fields).map(([name, type]) => `${d.name(name)}${sign} ${type}`).join(", ");
  return columns(nested<unknown>(paths, type, (of) => `STRUCT<${columns(of, ":")}>`), "");
}

const within = (path: FieldPath) => path.map(d.name).join(".");
const fieldOf = (path: FieldPath) => `fields.${within(path)}`;

/** Whether a field can be parsed as a type other than text. */
const isOf = (path: FieldPath, type: string): string =>
  `from_json(value, ${d.text(schemaOf([path], type))}).${within(path)} IS NOT NULL`;

/** Returns an id as text: a whole number in decimal, as in other engines, where Spark writes `1.0` and `1.0E21`. */
function idOf(path: FieldPath): string {
  const field = fieldOf(path), number = d.tryDouble(field);
  const isWhole = `rint(${number}) = ${number} AND abs(${number}) < 1e37D`;
  return `CASE WHEN ${d.matches(field, /^-?\d+\.0$|E/)} AND ${isOf(path, "DOUBLE")} AND ${isWhole} ` +
    `THEN cast(cast(${field} AS DECIMAL(38, 0)) AS STRING) ELSE ${field} END`;
}
