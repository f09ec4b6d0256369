/**
 * Opens Parquet and Arrow files as frames, without trusting what they say about themselves.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import pl, { type DataFrame, type LazyDataFrame } from "nodejs-polars";
import { checkInterrupt, InputError } from "../../contract/errors.ts";
import { absolutePath, literalPath } from "../../contract/files/literal.ts";
import { openRegular } from "../../contract/files/readable.ts";
import { checkArrow } from "./arrow_check.ts";
import type { FieldPath } from "../fields.ts";
import { expressionOf } from "./structures.ts";
import { type Bytes, bytesOfBuffer, bytesOfFile } from "../bytes.ts";
import { wholeContent } from "../content.ts";
import { checkParquet } from "./parquet_check.ts";
import { columnarKind, type Source } from "../source.ts";
import { yieldToEventLoop } from "../../contract/machine/event_loop.ts";

/** A columnar file as a lazy frame. */
export interface ColumnarScan {
  scan: LazyDataFrame;
  /** Number of rows, if the file says so. */
  rows?: number;
  /**
   * Checks some columns closely, if that has not been done yet.
   *
   * @throws {InputError}
   */
  checkColumns?: (names: string[]) => void;
}

/** Opens the file as a lazy frame. Compressed files and Arrow streams are read into memory. */
export async function scanColumnar(source: Source): Promise<ColumnarScan> {
  const { path } = source, kind = columnarKind(source);
  if (kind === undefined) {
    throw new InputError(`Cannot read ${path}: it is neither a Parquet nor an Arrow file; check --format`);
  }
  if (source.gzip || kind === "arrow stream") {
    const whole = await wholeContent(source), bytes = bytesOfBuffer(whole), body = Buffer.from(whole.buffer);
    if (kind === "parquet") {
      checkParquet(path, bytes).checkColumns();
      return { scan: pl.readParquet(body).lazy() };
    }
    checkArrow(path, bytes, kind === "arrow" ? "file" : "stream");
    return { scan: (kind === "arrow" ? pl.readIPC(body) : pl.readIPCStream(body)).lazy() };
  }
  const withBytes = <T>(work: (bytes: Bytes) => T): T => {
    using file = openRegular(path);
    return work(bytesOfFile(file));
  };
  if (kind === "arrow") {
    withBytes((bytes) => checkArrow(path, bytes, "file"));
    return { scan: pl.scanIPC(literalPath(path)) };
  }
  return {
    scan: pl.scanParquet(absolutePath(path), { glob: false }),
    rows: withBytes((bytes) => checkParquet(path, bytes).rows),
    checkColumns: (names) => withBytes((bytes) => checkParquet(path, bytes).checkColumns(names)),
  };
}

/** A column, or a field of its structs, and the name to give it. */
export interface WantedColumn {
  path: FieldPath;
  as: string;
}

/** Rows read at once; in between, Ctrl-C and drawing get their turn. */
const STEP = 4_000_000;

/**
 * Reads columns under other names. Polars runs on this thread, where a panic over a damaged file becomes an error; on another
 * thread it would end the process. A Parquet file is read in pieces; an Arrow file, which would be read again for each piece, is
 * memory-mapped instead.
 */
export async function collectColumnar(
  { scan, rows, checkColumns }: ColumnarScan,
  columns: WantedColumn[],
  signal?: AbortSignal,
): Promise<DataFrame> {
  checkColumns?.(columns.map(({ path: [column] }) => column));
  const pieces: DataFrame[] = [];
  for await (const piece of columnarPieces({ scan, rows }, columns, STEP, signal)) pieces.push(piece);
  return pieces.length === 1 ? pieces[0] : pl.concat(pieces, { how: "vertical", rechunk: false });
}

/** Yields the columns some rows at a time, if the number of rows is known, else all at once. */
export async function* columnarPieces(
  { scan, rows }: Pick<ColumnarScan, "scan" | "rows">,
  columns: WantedColumn[],
  step: number,
  signal?: AbortSignal,
): AsyncGenerator<DataFrame> {
  const selected = scan.select(...columns.map(({ path, as }) => expressionOf(path).alias(as)));
  if (rows === undefined || rows <= step) return yield selected.collectSync();
  for (let start = 0; start < rows; start += step) {
    yield selected.slice(start, step).collectSync();
    await yieldToEventLoop();
    checkInterrupt(signal, "reading a Parquet file");
  }
}
