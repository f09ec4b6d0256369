/**
 * Cuts a text into pieces of whole records, so that a file need not fit into memory, and looks at its quotes.
 *
 * A quote opens a field only if it is the field's first character: within an unquoted field it is text, as most programs write it.
 * Polars takes the first and the last character of a quoted field for its quotes, whatever they are, and finds rows by pairs of
 * quotes. Of quotes elsewhere it would silently make other ids or fewer rows: `mended_quotes.ts` rewrites such rows.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { checkInterrupt, InputError } from "../contract/errors.ts";
import { UNQUOTED } from "../contract/stage/row_flaws.ts";
import { lineAt, lineTooLong, MAX_LINE, type OnBytes, utf8Content } from "./content.ts";
import { type FileEncoding, isEncodingError, notUtf8 } from "./encoding.ts";
import type { Source } from "./source.ts";

/** The marks by which the records of a text are told apart. */
export interface RecordMarks {
  encoding: FileEncoding;
  lineEnd: "\n" | "\r";
  /** The byte before a field that may be quoted. If left out, nothing is quoted. */
  delimiter?: string;
  /** Maximum length of a record in bytes. Default: {@link MAX_LINE}. */
  maxBytes?: number;
}

/** Whole records of a text, in UTF-8. */
export interface Piece {
  /** To be used before the next piece is requested. */
  bytes: Buffer;
  /** Whether some row so far has quotes within an unquoted field, or text after a closing quote. */
  misquoted: boolean;
  /** Number of bytes of the text before it. */
  start: number;
}

/** How a text is read in pieces. */
export interface PieceOptions {
  /** Minimum size of a piece in bytes. Default: {@link PIECE_BYTES}. */
  pieceBytes?: number;
  onBytes?: OnBytes;
  signal?: AbortSignal;
}

/**
 * Yields what `read` makes of each piece.
 *
 * @param options With `onLatin1`, a piece that is not UTF-8 is read as Latin-1, and the function is called.
 * @throws {InputError} as {@link recordPieces} does; also for bytes that are not UTF-8.
 */
export async function* readPieces<T>(
  source: Source,
  marks: RecordMarks,
  options: PieceOptions & { onLatin1?: () => void },
  read: (piece: Piece) => T | Promise<T>,
): AsyncGenerator<T> {
  for await (const piece of recordPieces(source, marks, options)) {
    try {
      yield await read(piece);
    } catch (error) {
      if (!isEncodingError(error)) throw error;
      if (!options.onLatin1 || marks.encoding !== "utf-8") throw await badLine(source, marks, piece);
      options.onLatin1();
      yield await read({ ...piece, bytes: Buffer.from(new TextDecoder("latin1").decode(piece.bytes)) });
    }
  }
}

/** Returns the error for the first line of a piece that is not UTF-8. */
async function badLine(source: Source, marks: RecordMarks, { bytes, start }: Piece): Promise<InputError> {
  const valid = new TextDecoder().decode(bytes).split("\ufffd", 1)[0];
  const begin = Buffer.byteLength(valid.slice(0, valid.lastIndexOf(marks.lineEnd) + 1));
  return notUtf8(source.path, await lineAt(source, marks, start + begin), bytes.subarray(begin));
}

/** Large enough that the time for one more piece does not matter, and small enough that its memory does not. */
export const PIECE_BYTES = 1 << 23;

/** A quoted field of a file is not closed. */
export class QuoteError extends InputError {}

/**
 * Yields a text in pieces. A single buffer serves all of them, because many buffers would be garbage-collected late.
 *
 * @throws {QuoteError} for a quoted field that is not closed.
 * @throws {InputError} for a line that is longer than any sensible one.
 */
async function* recordPieces(
  source: Source,
  marks: RecordMarks,
  { pieceBytes = PIECE_BYTES, onBytes, signal }: PieceOptions,
): AsyncGenerator<Piece> {
  const look = new RecordLook(marks), { maxBytes = MAX_LINE } = marks;
  let buffer = Buffer.alloc(1 << 16), length = 0, start = 0;
  const checkClosed = async (open: number | undefined) => {
    if (open !== undefined) throw await notClosed(source, marks, open);
  };
  for await (const bytes of utf8Content(source, marks.encoding, onBytes)) {
    await checkClosed(look.add(bytes));
    if (buffer.length < length + bytes.length) {
      buffer = Buffer.concat([buffer.subarray(0, length)], 2 * (length + bytes.length));
    }
    buffer.set(bytes, length);
    length += bytes.length;
    if (length < pieceBytes) continue;
    checkInterrupt(signal, `reading ${source.path}`);
    const end = look.end - start;
    if (end > 0) {
      yield { bytes: buffer.subarray(0, end), misquoted: look.misquoted, start };
      buffer.copyWithin(0, end, length);
      length -= end;
      start += end;
    }
    if (length > maxBytes) throw lineTooLong(source.path, await lineAt(source, marks, start), maxBytes);
  }
  await checkClosed(look.open);
  if (length > 0) yield { bytes: buffer.subarray(0, length), misquoted: look.misquoted, start };
}

/** Maximum length of a field: a longer one has a quote that does not close. */
const MAX_QUOTED = 1 << 24;

/** Position of a byte in a field: at its beginning, in an unquoted field, within quotes, or after a quote that may have closed it. */
const BEGIN = 0, PLAIN = 1, QUOTED = 2, CLOSED = 3, BEHIND_CR = 4;

const QUOTE = '"'.charCodeAt(0), CR = "\r".charCodeAt(0);

/** Checks for a quote. The search of Buffer itself takes twice as long. */
const holdsQuote = (bytes: Uint8Array): boolean => Uint8Array.prototype.includes.call(bytes, QUOTE);

/** Looks at the bytes of a text, one chunk after another: where records end, and whether quotes pair up. */
export class RecordLook {
  readonly #lineEnd: number;
  readonly #delimiter?: number;
  #state = BEGIN;
  /** Number of bytes before the current chunk. */
  #before = 0;
  /** Where the quoted field begins, and whether it extends over a line end. */
  #opened = 0;
  #spansLines = false;
  /** Position after the last whole record. */
  end = 0;
  /** Whether any row so far has quotes within an unquoted field, or text after a closing quote. */
  misquoted = false;

  constructor({ lineEnd, delimiter }: Omit<RecordMarks, "encoding">) {
    this.#lineEnd = lineEnd.charCodeAt(0);
    this.#delimiter = delimiter?.charCodeAt(0);
  }

  /** At the end of the text: where an unclosed field begins, if there is one. */
  get open(): number | undefined {
    return this.#state === QUOTED ? this.#opened : undefined;
  }

  /**
   * Looks at the next bytes. Those without quotes cost almost nothing.
   *
   * @returns Where an unclosed field begins, if these bytes show it.
   */
  add(bytes: Uint8Array): number | undefined {
    if (bytes.length === 0) return undefined;
    const isPlain = this.#delimiter === undefined || this.#state <= PLAIN && !holdsQuote(bytes);
    const open = isPlain ? this.#pass(bytes) : this.#look(bytes);
    this.#before += bytes.length;
    return open;
  }

  #pass(bytes: Uint8Array): undefined {
    const end = bytes.lastIndexOf(this.#lineEnd), last = bytes[bytes.length - 1];
    if (end >= 0) this.end = this.#before + end + 1;
    this.#state = last === this.#delimiter || last === this.#lineEnd ? BEGIN : PLAIN;
  }

  #look(bytes: Uint8Array): number | undefined {
    const delimiter = this.#delimiter, lineEnd = this.#lineEnd, before = this.#before;
    let state = this.#state;
    for (let i = 0; i < bytes.length; i++) {
      if (state === QUOTED) {
        const from = i;
        while (i < bytes.length && bytes[i] !== QUOTE) i++;
        this.#spansLines ||= bytes.subarray(from, i).includes(lineEnd);
        if (i < bytes.length) state = CLOSED;
        else if (before + i - this.#opened > MAX_QUOTED) return this.#opened;
        continue;
      }
      if (state === PLAIN) {
        while (i < bytes.length && bytes[i] !== delimiter && bytes[i] !== lineEnd && bytes[i] !== QUOTE) i++;
        if (i === bytes.length) break;
      }
      const byte = bytes[i];
      if (byte === QUOTE && state !== BEHIND_CR) {
        if (state === BEGIN) [this.#opened, this.#spansLines] = [before + i, false];
        if (state === PLAIN) this.misquoted = true;
        else state = QUOTED;
      } else if (byte === lineEnd) {
        state = BEGIN;
        this.end = before + i + 1;
      } else if (byte === delimiter && state !== BEHIND_CR) {
        state = BEGIN;
      } else if (state === BEGIN) {
        state = PLAIN;
      } else if (state === CLOSED && byte === CR) {
        state = BEHIND_CR;
      } else {
        // A quote that closes lines later is more likely the opening quote of another field.
        if (this.#spansLines) return this.#opened;
        this.misquoted = true;
        state = byte === delimiter ? BEGIN : PLAIN;
      }
    }
    this.#state = state;
  }
}

async function notClosed(source: Source, marks: RecordMarks, at: number): Promise<QuoteError> {
  const otherwise = marks.delimiter === "\t" ? `, ${UNQUOTED}` : "";
  return new QuoteError(
    `Cannot read ${source.path}: line ${await lineAt(
      source,
      marks,
      at,
    )}: a quoted field begins here that is ` +
      `not closed; put the field in quotes and double those inside it${otherwise} (such a row cannot be skipped: ` +
      "where it ends is not certain)",
  );
}
