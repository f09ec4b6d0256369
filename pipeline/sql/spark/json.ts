/**
 * JSON lines on Spark.
 *
 * @module
 */
import { InputError } from "../../contract/errors.ts";
import { type ColumnRole, ROLES, type RowLocation } from "../../contract/stage/location.ts";
import { IDS, nestedId, notAnObject, parseObject } from "../../readers/jsonl.ts";
import { columnsByHeader, type ColumnsWish, columnUse } from "../../readers/roles.ts";
import { SPARK as d } from "../dialect.ts";
import type { LineFormat } from "./lines.ts";

/** Where Spark puts a line that it cannot read. */
const CORRUPT = "_corrupt";

/**
 * The lines of a file of JSON lines.
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
  const names = new Set<string>();
  for (const [i, line] of lines.entries()) {
    if (line.trim() === "") continue;
    const object = parseObject(line);
    if (!object) throw notAnObject({ path }, i + 1, line);
    Object.keys(object).forEach((name) => names.add(name));
  }
  if (names.size === 0) throw new InputError(`Cannot read ${path}: its first lines name no field`);
  const columns = columnsByHeader(path, [...names], wish, warnings);
  const roles = ROLES.filter((role) => columns[role]), name = (role: ColumnRole) => columns[role]!.name;
  const schema = [...roles.map(name), CORRUPT].map((name) => `${d.name(name)} STRING`).join(", ");
  return {
    parse: `from_json(value, ${
      d.text(schema)
    }, map('mode', 'PERMISSIVE', 'columnNameOfCorruptRecord', '${CORRUPT}'))`,
    fields: Object.fromEntries(
      roles.map((role) => {
        const field = `fields.${d.name(name(role))}`;
        return [role, role === "user" || role === "item" ? idOf(field, name(role)) : field];
      }),
    ),
    use: columnUse([...names], columns),
    blank: `NOT ${d.matches("value", /\S/)}`,
    countsBlank: false,
    header: { lines: 0, text: "" },
    flaws: {},
    refusals: [
      {
        found: `(fields.${CORRUPT} IS NOT NULL OR NOT ${d.matches("value", /^\s*\{/)})`,
        message: ({ file, line, text }) => notAnObject({ path: file }, line, text),
      },
      ...IDS.map((role) => {
        const field = name(role), option = `--columns ${role}=NAME`;
        // As text, what was nested looks like some texts do.
        const as = (type: string) =>
          `from_json(value, ${d.text(`${d.name(field)} ${type}`)}).${d.name(field)} IS NOT NULL`;
        return {
          found: `(${d.matches(`fields.${d.name(field)}`, /^(\[|\{)/)} AND (${as("MAP<STRING, STRING>")} OR ${
            as("ARRAY<STRING>")
          }))`,
          message: ({ file, line, text }: RowLocation) =>
            nestedId({ path: file }, `line ${line}`, {
              field,
              value: parseObject(text)![field] as object,
              option,
            }),
        };
      }),
    ],
  };
}

/** An id as text: a number that is whole in decimals, as other engines have it, where Spark writes `1.0` and `1.0E21`. */
function idOf(field: string, name: string): string {
  const key = JSON.stringify(name).slice(1, -1).replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  const isNumber = d.matches("value", new RegExp(`"${key}"\\s*:\\s*-?\\d`)), number = d.tryDouble(field);
  const isWhole = `rint(${number}) = ${number} AND abs(${number}) < 1e37D`;
  return `CASE WHEN ${d.matches(field, /^-?\d+\.0$|E/)} AND ${isNumber} AND ${isWhole} ` +
    `THEN cast(cast(${field} AS DECIMAL(38, 0)) AS STRING) ELSE ${field} END`;
}
