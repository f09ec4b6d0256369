/**
 * Reads JSON Lines on Spark.
 *
 * @module
 */
import { InputError } from "../../contract/errors.ts";
import { type ColumnRole, isName, ROLES, type RowLocation } from "../../contract/stage/location.ts";
import { type FieldPath, fieldPaths, fieldsByHeader, nested, valueAt } from "../../readers/fields.ts";
import { badObject, IDS, nestedId, notAnObject, parseObject } from "../../readers/jsonl.ts";
import type { ColumnsWish } from "../../readers/roles.ts";
import { SPARK as d } from "../dialect.ts";
import type { LineFormat } from "./lines.ts";

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
