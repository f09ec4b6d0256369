/**
 * Scans Parquet and Arrow files, whose columns have types.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import pl, { type DataFrame, type DataType, type Expr, type LazyDataFrame, type Series } from "nodejs-polars";
import { checkInterrupt, InputError } from "../contract/errors.ts";
import { absolutePath, literalPath } from "../contract/files/readable.ts";
import { yieldToEventLoop } from "../contract/machine/event_loop.ts";
import { type ColumnRole, isName, ROLES, type RowLocation } from "../contract/stage/location.ts";
import { isDate } from "../contract/values/date_units.ts";
import { BINARY, typeName } from "../contract/values/polars_type.ts";
import { content } from "./content.ts";
import {
  columnPaths,
  columnsWithoutRows,
  expressionOf,
  type FieldPath,
  fieldsByHeader,
  type RoleFields,
  ROW_EACH,
} from "./fields.ts";
import type { PieceOptions } from "./records.ts";
import type { ColumnsWish } from "./roles.ts";
import { columnarKind, type Source } from "./source.ts";
import type { Scan } from "./scan.ts";

/** A columnar file as a lazy frame. */
export interface ColumnarFile {
  scan: LazyDataFrame;
  /** Number of rows, if the file says so. */
  rows?: number;
}

/** Opens the file. Compressed files and Arrow streams are read into memory. */
export async function openColumnar(source: Source): Promise<ColumnarFile> {
  const { path } = source, kind = columnarKind(source);
  if (kind === undefined) {
    throw new InputError(`Cannot read ${path}: it is neither a Parquet nor an Arrow file; check --format`);
  }
  if (source.gzip || kind === "arrow stream") {
    const chunks: Uint8Array[] = [];
    for await (const chunk of content(source)) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    if (kind === "arrow stream") return { scan: pl.readIPCStream(body).lazy() };
    return { scan: (kind === "parquet" ? pl.readParquet(body) : pl.readIPC(body)).lazy() };
  }
  if (kind === "arrow") return { scan: pl.scanIPC(literalPath(path)) };
  const scan = pl.scanParquet(absolutePath(path), { glob: false });
  return { scan, rows: Number(scan.select(pl.len()).collectSync().row(0)[0]) };
}

/** A column, or a field of its structs, and the name to give it. */
export interface WantedColumn {
  path: FieldPath;
  as: string;
}

/** Rows read at once; in between, Ctrl-C and drawing get their turn. */
const PIECE_ROWS = 1_000_000;

/**
 * Yields columns under other names. Polars runs on this thread, where a panic over a damaged file becomes an error; on another thread
 * it would end the process. A Parquet file is read in pieces; an Arrow file, which would be read again for each piece, is
 * memory-mapped instead.
 */
export async function* columnarFrames(
  { path, bytes }: Source,
  { scan, rows }: ColumnarFile,
  columns: WantedColumn[],
  { signal, onBytes }: PieceOptions = {},
): AsyncGenerator<DataFrame> {
  const selected = scan.select(...columns.map(({ path, as }) => expressionOf(path).alias(as)));
  if (rows === undefined || rows <= PIECE_ROWS) return yield selected.collectSync();
  for (let start = 0; start < rows; start += PIECE_ROWS) {
    yield selected.slice(start, PIECE_ROWS).collectSync();
    onBytes?.(Math.min(PIECE_ROWS, rows - start) / rows * bytes);
    await yieldToEventLoop();
    checkInterrupt(signal, `reading ${path}`);
  }
}

/**
 * Scans a Parquet or Arrow file of interactions: ids as text (integers in decimal); dates among the times as Datetime, in
 * microseconds or nanoseconds, without time zone.
 *
 * @throws {InputError} for missing columns, and types that do not suit a column's role.
 */
export async function scanColumnar(source: Source, wish: ColumnsWish | undefined): Promise<Scan> {
  const warnings: string[] = [], file = await openColumnar(source);
  const { columns, fields, use } = fieldsByHeader(source.path, columnPaths(file.scan), wish, warnings);
  const roles = ROLES.filter((role) => columns[role]);
  return {
    use,
    warnings,
    rows: file.rows,
    async *frames({ ids, ...options }) {
      const wanted = roles.map((role) => ({ path: fields[role]!, as: role }));
      for await (const piece of columnarFrames(source, file, wanted, options)) {
        const column = (role: ColumnRole) =>
          typed(source, role, columns[role]!.name, piece.getColumn(role), ids);
        yield { frame: piece.select(...roles.map(column)), blank: 0 };
      }
    },
    locate: (rows) => locateIn(source, fields, rows),
  };
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
function typed(source: Source, role: ColumnRole, name: string, series: Series, ids: DataType): Expr {
  const type = typeName(series), unfit = UNFIT[type];
  if (unfit) {
    const wish = unfit === "list" ? `; ${ROW_EACH}` : "";
    throw new InputError(
      `Cannot read ${source.path}: column "${name}" is a ${unfit}, not the ${role}${wish}`,
    );
  }
  if (type === BINARY && !isText(series)) throw noText(source, name, role);
  const column = type === BINARY ? pl.col(role).cast(pl.String) : pl.col(role);
  if (isName(role)) return (type === BINARY ? column : idText(series, column)).cast(ids);
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
async function locateIn(source: Source, paths: RoleFields, rows: number[]): Promise<RowLocation[]> {
  if (rows.length === 0) return [];
  const wanted = pl.DataFrame([pl.Series("_row", Uint32Array.from(rows))]);
  const { scan } = await openColumnar(source);
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
      (Object.entries(fields) as [string, unknown][]).filter(([, value]) => value !== null).map((
        [role, value],
      ) => [
        role,
        value instanceof Date ? value.toISOString() : String(value),
      ]),
    ),
  }));
}

/** Casts a column to a type that JavaScript has. */
function inScript(series: Series): Expr {
  const column = pl.col(series.name), type = typeName(series);
  if (type === "Decimal" || type === BINARY) return column.cast(pl.String);
  return type === "Float16" ? column.cast(pl.Float64) : column;
}
