/**
 * Reads side tables in JSON: one object per line, an array of objects, or one object with an entry for each id.
 *
 * These tables are as long as the number of items or users, not of interactions. So they go through JavaScript row by row, which
 * tolerates fields whose type changes from row to row, as Amazon's do.
 *
 * @module
 */
import pl from "nodejs-polars";
import { InputError } from "../../contract/errors.ts";
import { BETWEEN, joinedValues } from "../../contract/values/lists.ts";
import { lines, text } from "../content.ts";
import { isNested, nestedId, notAnObject, parseObject } from "../jsonl.ts";
import { encodingOf, type Source } from "../source.ts";
import { parseSideColumns, sideNames, sideUse } from "./columns.ts";
import type { SideRows, SideTableOptions } from "../types.ts";

type Fields = Record<string, unknown>;

/** Maximum number of values in a table read here: each is a separate string in memory. */
const MAX_VALUES = 1 << 26;
/** Maximum number of characters of one line, or of a value that spans lines: JavaScript strings cannot be longer. */
const MAX_TEXT = (1 << 29) - 25;

/** The column that holds the lists of `{"item": [attribute, …]}`. */
const ATTRIBUTES = "attributes";

/** The table, and the line of each row; no lines if the file is one JSON value. */
interface JsonRows {
  table: FieldTable;
  lines?: number[];
}

/** Reads a JSON side table. */
export async function readSideJson(source: Source, options: SideTableOptions): Promise<SideRows> {
  const warnings: string[] = [];
  const { table, lines } = await readRows(source);
  const header = [...table.fields.keys()];
  const names = sideNames(source.path, header, parseSideColumns(options.columns), options, warnings);
  const columns = header.flatMap((field, i) => names[i] === undefined ? [] : [{ field, name: names[i] }]);
  columns.sort((a, b) => Number(b.name === "id") - Number(a.name === "id"));
  const [{ field: id }] = columns, nested = table.nested.get(id), { key } = options;
  const place = (row: number) => lines ? `line ${lines[row]}` : `entry ${row + 1}`;
  if (nested) {
    const option = `${key ? `${key}Columns: ` : ""}id=NAME`;
    throw nestedId(source, place(nested.row), { field: id, value: nested.value, option });
  }
  return {
    frame: pl.DataFrame(columns.map(({ field, name }) => pl.Series(name, table.column(field), pl.String))),
    use: sideUse(header, names),
    warnings,
    place: (row) => Promise.resolve(place(row)),
  };
}

/** Objects with arbitrary fields, collected as columns of text. */
class FieldTable {
  readonly fields = new Map<string, Field[]>();
  /** For each field, the first row, from 0, in which it is an object or a list. */
  readonly nested = new Map<string, { row: number; value: object }>();
  rows = 0;

  constructor(readonly path: string) {}

  add(object: Fields) {
    for (const [field, value] of Object.entries(object)) {
      let column = this.fields.get(field);
      if (!column) this.fields.set(field, column = []);
      while (column.length < this.rows) column.push(null);
      column.push(fieldOf(value));
      if (isNested(value) && !this.nested.has(field)) this.nested.set(field, { row: this.rows, value });
    }
    this.rows++;
    // Fields that a row lacks are filled in later, and count too.
    if (this.rows * this.fields.size > MAX_VALUES) {
      throw new InputError(
        `Cannot read ${this.path}: its first ${this.rows} rows have ${this.fields.size} different fields, more values than ` +
          "a table in JSON may have; save the columns that are needed as CSV or Parquet",
      );
    }
  }

  column(field: string): (string | null)[] {
    const column = this.fields.get(field)!;
    while (column.length < this.rows) column.push(null);
    const isApart = column.some((value) =>
      Array.isArray(value) && value.some((text) => text.includes(BETWEEN))
    );
    return column.map((value) => Array.isArray(value) ? joinedValues(value, isApart) : value);
  }
}

/** Collects objects in a table. */
function tableOf(path: string, objects: Fields[]): FieldTable {
  const table = new FieldTable(path);
  for (const object of objects) table.add(object);
  return table;
}

async function readRows(source: Source): Promise<JsonRows> {
  const table = new FieldTable(source.path);
  const at: number[] = [];
  let line = 0;
  /** The first line, if it may be one object with an entry for each id, which would otherwise become a column each. */
  let map: Fields | undefined;
  for await (const content of lines(source, encodingOf(source), MAX_TEXT)) {
    line++;
    if (content.trim() === "") continue;
    const object = parseObject(content);
    // If the first line is not an object by itself, it may begin a value that spans several lines.
    if (!object && at.length === 0) {
      return { table: tableOf(source.path, await readValue(source, line, content)) };
    }
    if (!object) throw notAnObject(source, line, content);
    if (at.length === 0 && isMap(object)) {
      map = object;
    } else {
      if (map) table.add(map);
      map = undefined;
      table.add(object);
    }
    at.push(line);
  }
  if (at.length === 0) throw new InputError(`Cannot read ${source.path}: it holds blank lines only`);
  if (map) return { table: tableOf(source.path, entries(map)) };
  return { table, lines: at };
}

/** Reads the rows of a file that is one JSON value. */
async function readValue(source: Source, line: number, firstLine: string): Promise<Fields[]> {
  const pieces: string[] = [];
  let length = 0;
  for await (const piece of text(source, encodingOf(source))) {
    pieces.push(piece);
    length += piece.length;
    if (length > MAX_TEXT) {
      throw new InputError(
        `Cannot read ${source.path}: it is one JSON value of more than ${MAX_TEXT} characters; write one object a line, ` +
          'as with jq -c ".[]"',
      );
    }
  }
  let value: unknown;
  try {
    value = JSON.parse(pieces.join(""));
  } catch {
    throw notAnObject(source, line, firstLine);
  }
  if (
    Array.isArray(value) &&
    value.every((row) => typeof row === "object" && row !== null && !Array.isArray(row))
  ) {
    return value;
  }
  if (typeof value === "object" && value !== null && isMap(value as Fields)) return entries(value as Fields);
  throw new InputError(
    `Cannot read ${source.path}: it is neither an array of objects nor an object with an entry for each id`,
  );
}

/** Checks for `{"4": [1, 2], …}` or `{"4": {"title": …}, …}`. */
const isMap = (object: Fields) =>
  Object.values(object).every((value) => typeof value === "object" && value !== null);

function entries(map: Fields): Fields[] {
  return Object.entries(map).map(([id, value]) => ({
    id,
    ...(Array.isArray(value) ? { [ATTRIBUTES]: value } : value as Fields),
  }));
}

/** A row's value in a field: text, several texts, or nothing. */
type Field = string | string[] | null;

/** Returns the values of lists, nested ones included; objects as JSON. */
const fieldOf = (value: unknown): Field =>
  Array.isArray(value) ? value.flat(Infinity).map(asText).filter((text) => text !== null) : asText(value);

function asText(value: unknown): string | null {
  if (value === undefined || value === null || value === "") return null;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
