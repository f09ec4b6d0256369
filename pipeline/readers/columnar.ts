/**
 * Reads interactions from Parquet and Arrow files, whose columns have types.
 *
 * @module
 */
import pl, { type DataFrame, type DataType, type Expr, type LazyDataFrame, type Series } from "nodejs-polars";
import { BINARY, typeName } from "../contract/values/polars_type.ts";
import { InputError } from "../contract/errors.ts";
import { type ColumnRole, isName, ROLES, type RowLocator } from "../contract/stage/location.ts";
import { silent } from "../contract/progress.ts";
import type { StageContext } from "../contract/stage.ts";
import { collectColumnar, columnarPieces, scanColumnar } from "./columnar/scan.ts";
import { columnPaths, columnsWithoutRows, expressionOf } from "./columnar/structures.ts";
import { fieldsByHeader, type RoleFields, ROW_EACH } from "./fields.ts";
import { diagnose } from "./diagnose.ts";
import type { FileFacts } from "./files.ts";
import type { PieceSink } from "./pieces.ts";
import type { ColumnsWish } from "./roles.ts";
import { ofUsers } from "./scan.ts";
import type { Source } from "./source.ts";
import type { FileTable } from "./types.ts";
import { isDate } from "../contract/values/date_units.ts";

/**
 * Reads a Parquet or Arrow file.
 *
 * @returns Ids as text (integers in decimal); dates among the times as Datetime, in microseconds or nanoseconds, without time zone.
 * @throws {InputError} for a damaged file, missing columns, and types that do not suit a column's role.
 */
export async function readColumnar(
  source: Source,
  wish: ColumnsWish | undefined,
  signal?: AbortSignal,
): Promise<FileTable> {
  const warnings: string[] = [];
  try {
    const scanned = await scanColumnar(source);
    const { columns, fields, use } = fieldsByHeader(source.path, columnPaths(scanned.scan), wish, warnings);
    const roles = ROLES.filter((role) => columns[role]);
    const wanted = roles.map((role) => ({ path: fields[role]!, as: role }));
    const raw = await collectColumnar(scanned, wanted, signal);
    return {
      frame: raw.select(
        ...roles.map((role) => typed(source, role, columns[role]!.name, raw.getColumn(role))),
      ),
      use,
      blank: 0,
      warnings,
      locate: columnarLocator(source, fields),
    };
  } catch (error) {
    throw await diagnose(source, error);
  }
}

/** Number of rows per piece. */
const PIECE_ROWS = 1_000_000;

/**
 * Reads a Parquet or Arrow file in pieces: rows go into `sink`, ids as text.
 *
 * @throws {InputError} as {@link readColumnar} does.
 */
export async function readColumnarPieces(
  source: Source,
  wish: ColumnsWish | undefined,
  sink: PieceSink,
  { progress = silent, signal }: StageContext,
): Promise<FileFacts> {
  const warnings: string[] = [];
  try {
    const scanned = await scanColumnar(source);
    const { columns, fields, use } = fieldsByHeader(source.path, columnPaths(scanned.scan), wish, warnings);
    const roles = ROLES.filter((role) => columns[role]);
    const wanted = roles.map((role) => ({ path: fields[role]!, as: role }));
    const task = progress.start(`reading ${source.name}`, scanned.rows, "rows");
    let rows = 0;
    try {
      for await (const piece of columnarPieces(scanned, wanted, PIECE_ROWS, signal)) {
        const column = (role: ColumnRole) =>
          typed(source, role, columns[role]!.name, piece.getColumn(role), pl.String);
        if (piece.height > 0) await sink.add(piece.select(...roles.map(column)));
        rows += piece.height;
        task.advance(piece.height);
      }
    } finally {
      task.end();
    }
    return {
      use,
      rows,
      blank: 0,
      warnings,
      locate: columnarLocator(source, fields),
    };
  } catch (error) {
    throw await diagnose(source, error);
  }
}

/**
 * Reads the rows of some users, with ids as text, holding only part of the file in memory at a time.
 *
 * @throws {InputError} as {@link readColumnar} does.
 */
export async function readColumnarOf(
  users: readonly string[],
  source: Source,
  wish: ColumnsWish | undefined,
  { signal }: StageContext,
): Promise<FileTable> {
  const kept: DataFrame[] = [];
  const add = (rows: DataFrame) => Promise.resolve(void kept.push(rows.filter(ofUsers(users))));
  const sink: PieceSink = { folder: "", add, again: () => void kept.splice(0) };
  const facts = await readColumnarPieces(source, wish, sink, { signal });
  const none = pl.DataFrame(Object.keys(facts.use.taken).map((role) => pl.Series(role, [], pl.String)));
  return { ...facts, frame: kept.length === 0 ? none : pl.concat(kept, { how: "vertical" }) };
}

const isFloat = (series: Series) => typeName(series).startsWith("Float");

const isFine = ({ dtype }: Series) => (dtype as { timeUnit?: string }).timeUnit === "ns";

/** Types that cannot be a column of interactions, in words. */
const UNFIT: Partial<Record<string, string>> = {
  List: "list",
  FixedSizeList: "list",
  Struct: "struct",
  Object: "object",
  Duration: "duration",
};

/** Casts a column to the type that its role needs. */
function typed(
  source: Source,
  role: ColumnRole,
  name: string,
  series: Series,
  ids: DataType = pl.Categorical,
): Expr {
  const type = typeName(series);
  const unfit = UNFIT[type];
  if (unfit) {
    const wish = unfit === "list" ? `; ${ROW_EACH}` : "";
    throw new InputError(
      `Cannot read ${source.path}: column "${name}" is a ${unfit}, not the ${role}${wish}`,
    );
  }
  if (type === BINARY && !isText(series)) throw noText(source, name, role);
  const column = type === BINARY ? pl.col(role).cast(pl.String) : pl.col(role);
  if (isName(role)) {
    return (type === BINARY ? column : idText(series, column)).cast(ids);
  }
  if (type === BINARY) return column;
  if (type === "Bool" || isFloat(series)) return column.cast(pl.Float64);
  if (role === "timestamp" && isDate(series)) return column.cast(pl.Datetime(isFine(series) ? "ns" : "us"));
  const isFraction = type === "Decimal" && (series.dtype as unknown as { scale: number }).scale > 0;
  const isWide = type === "Decimal" || type === "UInt64";
  if (isFraction || isWide && isBeyondInt64(series)) return column.cast(pl.Float64); // as for such numbers in text files
  return type === "Decimal" || series.isNumeric() ? column.cast(pl.Int64) : column.cast(pl.String);
}

const isBeyondInt64 = (series: Series) => series.cast(pl.Int64, false).nullCount() > series.nullCount();

/** Checks whether bytes are UTF-8 text: some writers do not mark text columns as text. */
export function isText(bytes: Series): boolean {
  try {
    bytes.cast(pl.String);
    return true;
  } catch {
    return false;
  }
}

/** Returns the error for a column of bytes that are not text. */
export const noText = ({ path }: Pick<Source, "path">, name: string, role: ColumnRole): InputError =>
  new InputError(
    `Cannot read ${path}: column "${name}" holds bytes that are no UTF-8 text, not the ${role}; write it as text or as numbers`,
  );

/**
 * Returns ids as text. Whole floats, which pandas makes of integers with gaps, become integers, so that 2 is the same id with and
 * without gaps.
 */
export function idText(series: Series, column: Expr): Expr {
  const text = column.cast(pl.String), whole = column.cast(pl.Int64);
  if (!isFloat(series)) return text;
  return pl.when(whole.eq(column)).then(whole.cast(pl.String))
    .when(column.isFinite()).then(text)
    .otherwise(pl.lit(null)) as unknown as Expr;
}

const asText = (value: unknown) => value instanceof Date ? value.toISOString() : String(value);

/**
 * A row as a JSON object, encoded by Polars because decimals, 16-bit floats and the contents of structs do not reach JavaScript.
 * Bytes not read as text are left out.
 */
function rowText(scan: LazyDataFrame, fields: RoleFields): Expr {
  const taken = Object.values(fields).map(([column]) => column);
  const shown = [...columnsWithoutRows(scan)].flatMap(([name, column]) => {
    const isBytes = typeName(column) === BINARY;
    if (isBytes && !taken.includes(name)) return [];
    return [isBytes ? pl.col(name).cast(pl.String) : pl.col(name)];
  });
  return pl.struct(shown).struct.jsonEncode();
}

/** In a file without lines, a row's "line" is its number, from 1; its text is its values as JSON. */
function columnarLocator(source: Source, paths: RoleFields): RowLocator {
  return async (rows) => {
    if (rows.length === 0) return [];
    const wanted = pl.DataFrame([pl.Series("_row", Uint32Array.from(rows))]),
      { scan } = await scanColumnar(source);
    const numbered = scan.select(
      rowText(scan, paths).alias("_text"),
      ...Object.entries(paths).map(([role, path]) => expressionOf(path).alias(role)),
    ).withRowIndex("_row");
    const frame = wanted.lazy().join(numbered, { on: "_row", how: "left" }).collectSync();
    const values = frame.select(...frame.columns.map((name) => inScript(frame.getColumn(name)))).toRecords();
    return values.map(({ _row, _text, ...fields }) => ({
      file: source.path,
      line: Number(_row) + 1,
      text: String(_text),
      fields: Object.fromEntries(
        Object.entries(fields).filter(([, value]) => value !== null).map((
          [role, value],
        ) => [role, asText(value)]),
      ),
    }));
  };
}

/** Casts a column to a type that JavaScript has. */
function inScript(series: Series): Expr {
  const column = pl.col(series.name), type = typeName(series);
  if (type === "Decimal" || type === BINARY) return column.cast(pl.String);
  return type === "Float16" ? column.cast(pl.Float64) : column;
}
