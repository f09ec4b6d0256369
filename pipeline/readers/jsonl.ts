/**
 * Reads interactions from JSON Lines: one object per line, the format of Amazon's reviews.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import pl, { type DataFrame, type DataType, type Expr, type LazyDataFrame } from "nodejs-polars";
import { InputError } from "../contract/errors.ts";
import { literalPath } from "../contract/files/readable.ts";
import { isName, ROLES, type RowLocation, type RowLocator } from "../contract/stage/location.ts";
import { otherThanJson, UNPARSED } from "../contract/stage/row_flaws.ts";
import type { StageContext } from "../contract/stage.ts";
import { boundedLines, lines, wholeContent } from "./content.ts";
import { diagnose, inflating } from "./diagnose.ts";
import { expressionOf } from "./columnar/structures.ts";
import type { FileFacts } from "./files.ts";
import {
  type FieldPath,
  fieldPaths,
  fieldsByHeader,
  nested,
  notNested,
  type RoleFields,
  ROW_EACH,
  valueAt,
} from "./fields.ts";
import { PIECE_BYTES, type PieceSink, textPieces } from "./pieces.ts";
import { RecordCutter } from "./pieces/record_cutter.ts";
import type { ColumnsWish } from "./roles.ts";
import { collect, ofUsers } from "./scan.ts";
import { shorten } from "./shorten.ts";
import { headText, NoRows, type Source } from "./source.ts";
import type { FileEncoding } from "./decode.ts";
import type { FileTable } from "./types.ts";

/** Number of objects examined to learn the names of the fields. */
const SAMPLE_LINES = 100;

/** Amazon's field names. `asin` comes with `parent_asin`, which its authors recommend as the item. */
const AMAZON = { user: ["reviewerID", "user_id"], item: ["parent_asin", "asin"] } as const;

/** The caller's options for a JSON Lines file. */
export interface JsonWish {
  /** The fields with a role. Default: recognised by name. */
  columns?: ColumnsWish;
  encoding: FileEncoding;
  /** Whether it is an Amazon review file, whose fields have names of their own. */
  amazon: boolean;
}

/**
 * Reads a JSON Lines file. Its fields are text in the frame, with JSON's numbers written out in decimal. Fields within objects are
 * named like `user.id`. Lines that are not a JSON object are rows without fields, marked as `unparsed`.
 *
 * @param users The users whose rows are wanted, with ids as text. Default: all users.
 * @throws {InputError} for missing columns, and if the first lines are all not JSON objects.
 */
export async function readJsonLines(
  source: Source,
  wish: JsonWish,
  users?: readonly string[],
): Promise<FileTable> {
  const { fields, facts } = await fieldsOf(source, wish);
  try {
    const ids = users ? pl.String : pl.Categorical;
    const read = (source: Source) => readFields(source, fields, ids, users);
    if (source.gzip) {
      for await (const _ of boundedLines(source, { encoding: "utf-8", lineEnd: "\n" })); // each piece is checked as it passes
    }
    const frame = await inflating(source, read);
    if (mayBeNested(frame)) await refuseNestedIds(source, fields);
    return { ...facts, frame };
  } catch (error) {
    throw await firstNotNested(source, fields) ?? await diagnose(source, error);
  }
}

/**
 * Reads a JSON Lines file in pieces: rows go into `sink`, ids as text.
 *
 * @throws {InputError} as {@link readJsonLines} does.
 */
export async function readJsonPieces(
  source: Source,
  wish: JsonWish,
  sink: PieceSink,
  context: StageContext,
): Promise<FileFacts> {
  const { fields, facts } = await fieldsOf(source, wish);
  let rows = 0, isLooked = false;
  try {
    const marks = { encoding: "utf-8", lineEnd: "\n" } as const;
    for await (const piece of textPieces(source, marks, { ...sink, ...context })) {
      const frame = await readFields(piece, fields, pl.String);
      if (!isLooked && mayBeNested(frame)) {
        await refuseNestedIds(source, fields);
        isLooked = true;
      }
      if (frame.height > 0) await sink.add(frame);
      rows += frame.height;
    }
  } catch (error) {
    throw await firstNotNested(source, fields) ?? await diagnose(source, error);
  }
  return { ...facts, rows };
}

/** Finds the fields that have a role. */
async function fieldsOf(
  source: Source,
  { columns: wish, encoding, amazon }: JsonWish,
): Promise<{ fields: RoleFields; facts: Omit<FileTable, "frame"> }> {
  const { path } = source;
  if (encoding !== "utf-8") throw new InputError(`Cannot read ${path} as ${encoding}: JSON is always UTF-8`);
  if (wish?.by === "position") {
    throw new InputError(
      `Cannot read ${path}: the fields of JSON have no position; name them, as in --columns user=reviewerID,item=asin`,
    );
  }
  const warnings: string[] = [];
  const objects = await firstObjects(source), paths = fieldPaths(objects);
  const asked = wish ?? (amazon ? amazonWish([...paths.keys()]) : undefined);
  const { fields, use } = fieldsByHeader(path, paths, asked, warnings, objects);
  return {
    fields,
    facts: {
      use,
      blank: 0,
      warnings,
      locate: jsonLocator(source, fields),
    },
  };
}

/** The only field of the object that takes the place of a line that is not one. */
const MARK_OF_UNPARSED = " unparsed";

/** Reads the fields that have a role, as text, and marks lines that are not an object if there are any. */
async function readFields(
  source: Source,
  fields: RoleFields,
  ids: DataType,
  users?: readonly string[],
): Promise<DataFrame> {
  const roles = ROLES.filter((role) => fields[role]), paths = roles.map((role) => fields[role]!);
  const columns = roles.map((role) => {
    const column = expressionOf(fields[role]!);
    return (isName(role) ? column.cast(ids) : column).alias(role);
  });
  const taken = (objects: LazyDataFrame, mark: readonly Expr[] = []) => {
    const rows = objects.select(...columns, ...mark);
    return collect(users ? rows.filter(ofUsers(users)) : rows);
  };
  try {
    return await taken(
      source.inflated || isMarked(source)
        ? await objectsInMemory(source, paths)
        : pl.scanJson(literalPath(source.path), {
          schema: nested<DataType>(paths, pl.String, (of) => pl.Struct(of)),
        }),
    );
  } catch (error) {
    const frames: DataFrame[] = [];
    for await (const { objects, mark } of markedObjects(source, paths)) {
      frames.push(await taken(objects, [mark.alias(UNPARSED)]));
    }
    const frame = pl.concat(frames, { how: "vertical", rechunk: false });
    if (frame.filter(pl.col(UNPARSED)).height === 0) throw error;
    return frame;
  }
}

/** The byte-order mark of UTF-8. */
const MARK = [0xef, 0xbb, 0xbf];
const isMarked = ({ head }: Source) => MARK.every((byte, i) => head[i] === byte);

/** Reads a file that Polars cannot read by itself into memory. */
async function objectsInMemory(source: Source, paths: readonly FieldPath[]): Promise<LazyDataFrame> {
  const whole = await wholeContent(source, "utf-8", "take its byte-order mark away");
  return objectsIn([whole.subarray(isMarked(source) ? MARK.length : 0)], paths);
}

/** Reads objects from memory. A line added before all others defines the types of the fields. */
function objectsIn(text: readonly Uint8Array[], paths: readonly FieldPath[]): LazyDataFrame {
  const first = JSON.stringify(nested<unknown>(paths, "", (of) => of)) + "\n";
  const rows = pl.readJSON(Buffer.concat([Buffer.from(first), ...text]), {
    format: "lines",
    inferSchemaLength: 1,
  });
  return rows.lazy().slice(1, rows.height);
}

/** Reads a file piece by piece, and marks lines that are not an object. It is slow, because JavaScript looks at each line. */
async function* markedObjects(
  source: Source,
  paths: readonly FieldPath[],
): AsyncGenerator<{ objects: LazyDataFrame; mark: Expr }> {
  const marks = { encoding: "utf-8", lineEnd: "\n" } as const, cutter = new RecordCutter(marks);
  const read = (text: Uint8Array) => {
    const objects = objectsIn(withUnparsedMarked(text), [...paths, [MARK_OF_UNPARSED]]);
    return { objects, mark: pl.col(MARK_OF_UNPARSED).isNotNull() };
  };
  let toSkip = isMarked(source) ? MARK.length : 0;
  for await (const bytes of boundedLines(source, marks)) {
    cutter.add(bytes.subarray(toSkip));
    toSkip = Math.max(0, toSkip - bytes.length);
    if (cutter.length >= PIECE_BYTES) yield read(cutter.take());
  }
  yield read(cutter.take(true));
}

/** Puts an object with only a mark in the place of each line that is not an object. The bytes of all other lines stay as they are. */
function withUnparsedMarked(text: Uint8Array): Uint8Array[] {
  const marked = Buffer.from(JSON.stringify({ [MARK_OF_UNPARSED]: "" }) + "\n"), decoder = new TextDecoder();
  const parts: Uint8Array[] = [];
  let copied = 0;
  for (let start = 0, end: number; start < text.length; start = end) {
    end = text.indexOf(10, start) + 1 || text.length;
    if (!isUnparsed(decoder.decode(text.subarray(start, end)))) continue;
    parts.push(text.subarray(copied, start), marked);
    copied = end;
  }
  return [...parts, text.subarray(copied)];
}

/** Returns Amazon's own field names if they are present, so that choosing between them needs no remark. */
function amazonWish(names: string[]): ColumnsWish | undefined {
  const pick = (candidates: readonly string[]) => candidates.find((name) => names.includes(name));
  const user = pick(AMAZON.user), item = pick(AMAZON.item);
  const rating = pick(["overall", "rating"]), timestamp = pick(["unixReviewTime", "timestamp"]);
  return user && item && timestamp ? { by: "name", names: { user, item, rating, timestamp } } : undefined;
}

/** Reads the objects of the first lines. Other lines among them are passed over. */
async function firstObjects(source: Source): Promise<Record<string, unknown>[]> {
  const objects: Record<string, unknown>[] = [];
  let line = 0, first: InputError | undefined, others = 0;
  if (/^\s*\[/.test(headText(source))) {
    throw new InputError(
      `Cannot read ${source.path}: it is one JSON array; write one object a line, as with jq -c ".[]"`,
    );
  }
  for await (const text of lines(source, "utf-8")) {
    line++;
    if (text.trim() === "") continue;
    const object = parseObject(text);
    if (object) objects.push(object);
    else {
      first ??= notAnObject(source, line, text);
      others++;
    }
    if (objects.length + others === SAMPLE_LINES) break;
  }
  if (objects.length === 0 && first) throw first;
  if (objects.length === 0) throw new NoRows(source.path, "it holds blank lines only");
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

/** Checks whether a line is neither an object nor blank. */
const isUnparsed = (line: string) => line.trim() !== "" && parseObject(line) === undefined;

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

/**
 * Refuses ids that are objects or lists.
 *
 * @throws {InputError} for the first one.
 */
async function refuseNestedIds(source: Source, fields: RoleFields): Promise<void> {
  let line = 0;
  for await (const text of lines(source, "utf-8")) {
    line++;
    const object = parseObject(text);
    for (const role of IDS) {
      const path = fields[role], value = object && valueAt(object, path);
      if (isNested(value)) {
        throw nestedId(source, `line ${line}`, {
          field: path.join("."),
          value,
          option: `--columns ${role}=NAME`,
        });
      }
    }
  }
}

/** Returns the error for the first object that has another value in the place of an object; undefined if there is none. */
async function firstNotNested(source: Source, fields: RoleFields): Promise<InputError | undefined> {
  let line = 0;
  for await (const text of lines(source, "utf-8")) {
    line++;
    const object = parseObject(text), bad = object && notNested(source, line, object, Object.values(fields));
    if (bad) return bad;
  }
}

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

/** Returns a field's value as text. */
const asText = (value: unknown) => typeof value === "string" ? value : JSON.stringify(value);

function jsonLocator(source: Source, paths: RoleFields): RowLocator {
  return async (rows) => {
    const found: RowLocation[] = [];
    let row = 0, line = 0;
    for await (const text of lines(source, "utf-8")) {
      line++;
      if (found.length === rows.length) break;
      if (text.trim() === "" || row++ !== rows[found.length]) continue;
      const object = parseObject(text) ?? {};
      const fields = Object.entries(paths).map(([role, path]) => [role, valueAt(object, path)] as const)
        .filter(([, value]) => value !== undefined && value !== null)
        .map(([role, value]) => [role, asText(value)]);
      found.push({ file: source.path, line, text, fields: Object.fromEntries(fields) });
    }
    return found;
  };
}
