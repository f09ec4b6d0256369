/**
 * Opens Parquet and Arrow files as frames.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import pl, { type DataFrame, type LazyDataFrame } from "nodejs-polars";
import { checkInterrupt, InputError } from "../../contract/errors.ts";
import { absolutePath, literalPath, openRegular } from "../../contract/files/readable.ts";
import type { FieldPath } from "../fields.ts";
import { expressionOf } from "./structures.ts";
import { bytesOfFile } from "../bytes.ts";
import { wholeContent } from "../content.ts";
import { columnarKind, type Source } from "../source.ts";
import { yieldToEventLoop } from "../../contract/machine/event_loop.ts";

/** A columnar file as a lazy frame. */
export interface ColumnarScan {
  scan: LazyDataFrame;
  /** Number of rows, if the file says so. */
  rows?: number;
}

/** The text with which a whole file begins and ends. */
const MAGIC = { parquet: "PAR1", arrow: "ARROW1" };
const NAMES = { parquet: "Parquet", arrow: "Arrow" };

/**
 * Checks that a file ends as it should: one that was cut short does not.
 *
 * @throws {InputError}
 */
function checkEnd(path: string, kind: keyof typeof MAGIC, end: Uint8Array): void {
  if (new TextDecoder().decode(end).endsWith(MAGIC[kind])) return;
  throw new InputError(
    `Cannot read ${path}: it is no whole ${NAMES[kind]} file: its end is missing; copy or write it again`,
  );
}

/** Opens the file as a lazy frame. Compressed files and Arrow streams are read into memory. */
export async function scanColumnar(source: Source): Promise<ColumnarScan> {
  const { path } = source, kind = columnarKind(source);
  if (kind === undefined) {
    throw new InputError(`Cannot read ${path}: it is neither a Parquet nor an Arrow file; check --format`);
  }
  if (source.gzip || kind === "arrow stream") {
    const body = Buffer.from((await wholeContent(source)).buffer);
    if (kind === "arrow stream") return { scan: pl.readIPCStream(body).lazy() };
    checkEnd(path, kind, body.subarray(-8));
    return { scan: (kind === "parquet" ? pl.readParquet(body) : pl.readIPC(body)).lazy() };
  }
  checkEnd(path, kind, endOf(path));
  if (kind === "arrow") return { scan: pl.scanIPC(literalPath(path)) };
  const scan = pl.scanParquet(absolutePath(path), { glob: false });
  return { scan, rows: Number(scan.select(pl.len()).collectSync().row(0)[0]) };
}

function endOf(path: string): Uint8Array {
  using file = openRegular(path);
  const bytes = bytesOfFile(file);
  return bytes.read(Math.max(0, bytes.length - 8), bytes.length);
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
  scanned: ColumnarScan,
  columns: WantedColumn[],
  signal?: AbortSignal,
): Promise<DataFrame> {
  const pieces: DataFrame[] = [];
  for await (const piece of columnarPieces(scanned, columns, STEP, signal)) pieces.push(piece);
  return pieces.length === 1 ? pieces[0] : pl.concat(pieces, { how: "vertical", rechunk: false });
}

/** Yields the columns some rows at a time, if the number of rows is known, else all at once. */
export async function* columnarPieces(
  { scan, rows }: ColumnarScan,
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
