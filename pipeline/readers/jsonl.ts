/**
 * Scans interactions in JSON Lines: one object per line, the format of Amazon's reviews.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import pl, { type DataFrame, type DataType, type Expr } from "nodejs-polars";
import { InputError } from "../contract/errors.ts";
import { isName, ROLES, type RowLocation } from "../contract/stage/location.ts";
import { otherThanJson, UNPARSED } from "../contract/stage/row_flaws.ts";
import { lines } from "./content.ts";
import type { FileEncoding } from "./encoding.ts";
import {
  expressionOf,
  type FieldPath,
  fieldPaths,
  fieldsByHeader,
  nested,
  notNested,
  type RoleFields,
  ROW_EACH,
  valueAt,
} from "./fields.ts";
import { readPieces } from "./records.ts";
import { type ColumnsWish, shorten } from "./roles.ts";
import { headText, NoRows, type Source } from "./source.ts";
import type { Scan } from "./scan.ts";

/** Number of objects examined to learn the names of the fields. */
const SAMPLE_LINES = 100;

/** The caller's options for a JSON Lines file. */
export interface JsonWish {
  /** The fields with a role. Default: recognised by name. */
  columns?: ColumnsWish;
  encoding: FileEncoding;
  /** Whether it is an Amazon review file, whose fields have names of their own. */
  amazon: boolean;
}

/**
 * Scans a JSON Lines file. Its fields are text, with JSON's numbers written out in decimal. Fields within objects are named like
 * `user.id`. Lines that are not a JSON object are rows without fields, marked as `unparsed`.
 *
 * @throws {InputError} for missing columns, and if the first lines are all not JSON objects.
 */
export async function scanJsonLines(
  source: Source,
  { columns: wish, encoding, amazon }: JsonWish,
): Promise<Scan> {
  const { path } = source;
  if (encoding !== "utf-8") throw new InputError(`Cannot read ${path} as ${encoding}: JSON is always UTF-8`);
  if (wish?.by === "position") {
    throw new InputError(
      `Cannot read ${path}: the fields of JSON have no position; name them, as in --columns user=reviewerID,item=asin`,
    );
  }
  const warnings: string[] = [], objects = await firstObjects(source), paths = fieldPaths(objects);
  const asked = wish ?? (amazon ? amazonWish([...paths.keys()]) : undefined);
  const { fields, use } = fieldsByHeader(path, paths, asked, warnings, objects);
  return {
    use,
    warnings,
    frames: ({ ids, ...options }) =>
      readPieces(source, { encoding, lineEnd: "\n" }, options, async ({ bytes }) => (
        { frame: await objectsIn(source, bytes, fields, ids), blank: 0 }
      )),
    async locate(rows) {
      const found: RowLocation[] = [];
      let row = 0;
      for await (const { line, text } of filledLines(source)) {
        if (found.length === rows.length) break;
        if (row++ !== rows[found.length]) continue;
        const object = parseObject(text) ?? {};
        const texts = Object.entries(fields).map(([role, path]) => [role, valueAt(object, path)] as const)
          .filter(([, value]) => value !== undefined && value !== null)
          .map(([role, value]) => [role, typeof value === "string" ? value : JSON.stringify(value)]);
        found.push({ file: path, line, text, fields: Object.fromEntries(texts) });
      }
      return found;
    },
  };
}

async function* filledLines(source: Source): AsyncGenerator<{ line: number; text: string }> {
  let line = 0;
  for await (const text of lines(source, "utf-8")) {
    line++;
    if (text.trim() !== "") yield { line, text };
  }
}

/** The only field of the object that takes the place of a line that is not one. */
const MARK_OF_UNPARSED = " unparsed";

/** Reads the fields that have a role, as text, and marks lines that are not an object if there are any. */
async function objectsIn(
  source: Source,
  bytes: Buffer,
  fields: RoleFields,
  ids: DataType,
): Promise<DataFrame> {
  const roles = ROLES.filter((role) => fields[role]), paths = roles.map((role) => fields[role]!);
  const read = (text: readonly Uint8Array[], mark: FieldPath[], ...marked: Expr[]) =>
    readObjects(text, [...paths, ...mark]).select(
      ...roles.map((role) => {
        const column = expressionOf(fields[role]!);
        return (isName(role) ? column.cast(ids) : column).alias(role);
      }),
      ...marked,
    );
  let frame: DataFrame;
  try {
    frame = read([bytes], []);
  } catch (error) {
    const parts = withUnparsedMarked(bytes);
    if (parts.length === 1) throw await firstBad(source, notNestedIn(source, fields)) ?? error;
    const mark = pl.col(MARK_OF_UNPARSED).isNotNull().alias(UNPARSED);
    try {
      frame = read(parts, [[MARK_OF_UNPARSED]], mark);
    } catch (error) {
      throw await firstBad(source, notNestedIn(source, fields)) ?? error;
    }
  }
  if (mayBeNested(frame)) {
    const bad = await firstBad(source, nestedIdIn(source, fields));
    if (bad) throw bad;
  }
  return frame;
}

/** Reads objects. A line added before all others defines the types of the fields. */
function readObjects(text: readonly Uint8Array[], paths: readonly FieldPath[]): DataFrame {
  const first = JSON.stringify(nested<unknown>(paths, "", (of) => of)) + "\n";
  const rows = pl.readJSON(Buffer.concat([Buffer.from(first), ...text]), {
    format: "lines",
    inferSchemaLength: 1,
  });
  return rows.slice(1, rows.height);
}

/**
 * Puts an object with only a mark in the place of each line that is not an object. The bytes of all other lines stay as they are.
 *
 * @returns The parts of the text; one if there is no such line.
 */
function withUnparsedMarked(text: Uint8Array): Uint8Array[] {
  const marked = Buffer.from(JSON.stringify({ [MARK_OF_UNPARSED]: "" }) + "\n"), decoder = new TextDecoder();
  const parts: Uint8Array[] = [];
  let copied = 0;
  for (let start = 0, end: number; start < text.length; start = end) {
    end = text.indexOf(10, start) + 1 || text.length;
    const line = decoder.decode(text.subarray(start, end));
    if (line.trim() === "" || parseObject(line)) continue;
    parts.push(text.subarray(copied, start), marked);
    copied = end;
  }
  return [...parts, text.subarray(copied)];
}

/** Returns Amazon's own field names if they are present, so that choosing between them needs no remark. */
function amazonWish(names: string[]): ColumnsWish | undefined {
  const pick = (...candidates: string[]) => candidates.find((name) => names.includes(name));
  // `asin` comes with `parent_asin`, which its authors recommend as the item.
  const user = pick("reviewerID", "user_id"), item = pick("parent_asin", "asin");
  const rating = pick("overall", "rating"), timestamp = pick("unixReviewTime", "timestamp");
  return user && item && timestamp ? { by: "name", names: { user, item, rating, timestamp } } : undefined;
}

/** Reads the objects of the first lines. Other lines among them are passed over. */
async function firstObjects(source: Source): Promise<Record<string, unknown>[]> {
  if (/^\s*\[/.test(headText(source))) {
    throw new InputError(
      `Cannot read ${source.path}: it is one JSON array; write one object a line, as with jq -c ".[]"`,
    );
  }
  const objects: Record<string, unknown>[] = [];
  let first: InputError | undefined, looked = 0;
  for await (const { line, text } of filledLines(source)) {
    const object = parseObject(text);
    if (object) objects.push(object);
    else first ??= notAnObject(source, line, text);
    if (++looked === SAMPLE_LINES) break;
  }
  if (objects.length === 0) throw first ?? new NoRows(source.path, "it holds blank lines only");
  if (objects.length === 1 && isByColumns(objects[0])) {
    throw new InputError(
      `Cannot read ${source.path}: it is one JSON object with a column in each field; write one object a row, as ` +
        'to_json(orient="records", lines=True) does in pandas',
    );
  }
  return objects;
}

/** Checks whether an object holds a table column by column, with row numbers as keys, as pandas writes by default. */
function isByColumns(object: Record<string, unknown>): boolean {
  const columns = Object.values(object);
  return columns.length > 1 && columns.every((column) => isNested(column) && Object.hasOwn(column, "0"));
}

/** Parses a line as an object; undefined if it is something else. */
export function parseObject(line: string): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(line);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Returns the error for a line that is not a JSON object. */
export function notAnObject({ path }: Pick<Source, "path">, line: number, text: string): InputError {
  const why = otherThanJson(text) ?? shorten(text, 60);
  return new InputError(`Cannot read ${path}: line ${line} is not a JSON object (${why})`);
}

/** Checks whether a field is an object or a list. */
export const isNested = (value: unknown): value is object => typeof value === "object" && value !== null;

/**
 * Returns the error for an id that is an object or a list.
 *
 * @param at Its place, such as `line 3`.
 * @param found The field, its value, and the option that names another field.
 */
export function nestedId(
  { path }: Pick<Source, "path">,
  at: string,
  { field, value, option }: { field: string; value: object; option: string },
): InputError {
  const [what, wish] = Array.isArray(value)
    ? ["a list", `${ROW_EACH}, or name another field, as in ${option}`]
    : ["an object", `write the id itself there, or name the field that has it, as in ${option}`];
  return new InputError(
    `Cannot read ${path}: ${at}: "${field}" is ${what}, not an id (${
      shorten(JSON.stringify(value), 60)
    }); ${wish}`,
  );
}

/** The roles whose values are ids. */
export const IDS = ["user", "item"] as const;

/** Whether any id may have been an object or a list, which Polars writes as JSON. */
const mayBeNested = (frame: DataFrame): boolean =>
  IDS.some((role) =>
    frame.select(pl.col(role).unique().cast(pl.String).str.contains("^[\\[{]").any()).row(0)[0]
  );

/** Returns what is wrong with an object at a line; undefined if nothing is. */
type Complaint = (object: Record<string, unknown>, line: number) => InputError | undefined;

/** Returns what is wrong with the first object about which there is a complaint. */
async function firstBad(source: Source, complaint: Complaint): Promise<InputError | undefined> {
  for await (const { line, text } of filledLines(source)) {
    const object = parseObject(text), bad = object && complaint(object, line);
    if (bad) return bad;
  }
}

const notNestedIn = (source: Source, fields: RoleFields): Complaint => (object, line) =>
  notNested(source, line, object, Object.values(fields));

const nestedIdIn = (source: Source, fields: RoleFields): Complaint => (object, line) => {
  for (const role of IDS) {
    const path = fields[role], value = valueAt(object, path), option = `--columns ${role}=NAME`;
    if (isNested(value)) return nestedId(source, `line ${line}`, { field: path.join("."), value, option });
  }
};

/** Returns what is wrong with a line: it is not an object, or another value is in the place of an object in it. */
export function badObject(
  source: Pick<Source, "path">,
  line: number,
  text: string,
  fields: RoleFields,
): InputError | undefined {
  const object = parseObject(text);
  return object ? notNested(source, line, object, Object.values(fields)) : notAnObject(source, line, text);
}
