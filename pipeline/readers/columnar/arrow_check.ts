/**
 * Checks what an Arrow file or stream says about itself before Polars trusts it, as for Parquet: impossible sizes make Polars end
 * the whole process.
 *
 * @module
 */
import { InputError } from "../../contract/errors.ts";
import type { Bytes } from "../bytes.ts";
import { FlatbufferError, FlatTable } from "./flatbuffer.ts";

/** `ARROW1` and two bytes at the beginning; the footer's length and `ARROW1` at the end. */
const HEAD = 8, TAIL = 10;
/** Message types. */
const DICTIONARY = 2, RECORDS = 3;
/** Marker before a message, except in the first versions of the format. */
const CONTINUATION = -1;
/** Maximum number of bytes that one byte of a compressed buffer can expand to: zstd compresses runs that much. */
const MOST_PACKED = 40_000n;
const MAX_BUFFER = 1n << 34n;
const MAX_ROWS = 1n << 32n;

/**
 * Checks that all parts of an Arrow file lie within it, and that compressed parts can have the size they state.
 *
 * @throws {InputError} otherwise: the file is damaged, cut short or not Arrow.
 */
export function checkArrow(path: string, bytes: Bytes, kind: "file" | "stream"): void {
  try {
    if (kind === "file") checkFile(bytes);
    else checkStream(bytes);
  } catch (error) {
    if (!(error instanceof FlatbufferError)) throw error;
    throw new InputError(
      `Cannot read ${path}: it is no whole Arrow file: ${error.message}; copy or write it again`,
    );
  }
}

function checkFile(bytes: Bytes): void {
  const fail = (state: string) => new FlatbufferError(state);
  if (bytes.length < HEAD + TAIL) throw fail("it is too short");
  const tail = bytes.read(bytes.length - TAIL, bytes.length);
  if (new TextDecoder().decode(tail.subarray(4)) !== "ARROW1") throw fail("its end is missing");
  const end = bytes.length - TAIL, length = int32(tail);
  if (length <= 0 || length > end - HEAD) throw fail("its footer is larger than the file");
  const footer = FlatTable.root(bytes.read(end - length, end));
  for (const field of [DICTIONARIES, BATCHES]) {
    for (const block of footer.structs(field, BLOCK)) {
      const at = footer.int64(block), body = footer.int64(block + 16);
      if (at < 0n || at > BigInt(end)) throw fail("a part lies outside of the file");
      const message = readMessage(bytes, Number(at), end);
      if (message.bodyLength !== body) throw fail("a part's length is not what the footer says");
    }
  }
}

/** Fields of the footer, and the size in bytes of each block they list: offset (8), metadata length (4, plus 4 unused), body length (8). */
const DICTIONARIES = 2, BATCHES = 3, BLOCK = 24;

function checkStream(bytes: Bytes): void {
  for (let at = 0; at + 8 <= bytes.length;) {
    if (int32(bytes.read(at + 4, at + 8)) === 0) return; // end-of-stream marker
    at = readMessage(bytes, at, bytes.length).end;
  }
}

/** Checks a message: its metadata and its body, which follows directly. */
function readMessage(bytes: Bytes, at: number, end: number): { bodyLength: bigint; end: number } {
  const fail = (state: string) => new FlatbufferError(state);
  const head = bytes.read(at, Math.min(at + 8, end));
  if (head.length < 8) throw fail("it ends too early");
  const continued = int32(head) === CONTINUATION;
  const start = at + (continued ? 8 : 4), length = int32(continued ? head.subarray(4) : head);
  if (length <= 0 || start + length > end) throw fail("a part lies outside of the file");
  const message = FlatTable.root(bytes.read(start, start + length));
  const bodyLength = message.long(3), body = start + length;
  if (bodyLength < 0n || BigInt(body) + bodyLength > BigInt(end)) {
    throw fail("a part lies outside of the file");
  }
  const kind = message.byte(1), header = message.table(2);
  const batch = kind === DICTIONARY ? header?.table(1) : kind === RECORDS ? header : undefined;
  if (batch) checkBatch(bytes, batch, body, bodyLength);
  return { bodyLength, end: body + Number(bodyLength) };
}

function checkBatch(bytes: Bytes, batch: FlatTable, body: number, bodyLength: bigint): void {
  const fail = (state: string) => new FlatbufferError(state);
  const rows = batch.long(0);
  if (rows < 0n || rows > MAX_ROWS) throw fail(`a part has ${rows} rows`);
  for (const node of batch.structs(1, 16)) {
    const length = batch.int64(node), nulls = batch.int64(node + 8);
    if (length < 0n || length > MAX_ROWS || nulls < 0n || nulls > length) {
      throw fail(`a column has ${length} values`);
    }
  }
  const compressed = batch.table(3) !== undefined;
  for (const buffer of batch.structs(2, 16)) {
    const offset = batch.int64(buffer), length = batch.int64(buffer + 8);
    if (offset < 0n || length < 0n || offset + length > bodyLength) {
      throw fail("a column lies outside of the file");
    }
    if (compressed && length > 0n) checkCompressed(bytes, body + Number(offset), length);
  }
}

/** Checks a compressed buffer, which begins with its uncompressed size; −1 means that it is not compressed. */
function checkCompressed(bytes: Bytes, at: number, length: bigint): void {
  const head = length < 8n ? new Uint8Array() : bytes.read(at, at + 8);
  if (head.length < 8) throw new FlatbufferError("a compressed column has no size");
  const size = new DataView(head.buffer, head.byteOffset).getBigInt64(0, true);
  if (size < -1n || size > MAX_BUFFER || size > length * MOST_PACKED) {
    throw new FlatbufferError(`a compressed column says that it has ${size} bytes`);
  }
}

const int32 = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset).getInt32(0, true);
