/**
 * Checks the quotes of a delimited file: whether each opens or closes a field, is doubled inside one, or is text.
 *
 * A quote opens a field only if it is the field's first character: within an unquoted field it is text, as most programs write it.
 * Polars takes the first and the last character of a quoted field for its quotes, whatever they are, and finds rows by pairs of
 * quotes. If the quotes of a row do not pair up, it would silently produce other ids or fewer rows. This module finds out whether a
 * file has such rows; `mended_quotes.ts` then rewrites them.
 *
 * @module
 */
import { InputError } from "../../contract/errors.ts";
import { UNQUOTED } from "../../contract/stage/row_flaws.ts";
import { openRegular } from "../../contract/files/readable.ts";
import { boundedLines, lineAt, utf8Content } from "../content.ts";
import type { FileEncoding } from "../decode.ts";
import type { Dialect } from "./sample.ts";
import type { Source } from "../source.ts";

/** Maximum length of a field: a longer one has a quote that does not close. */
const MAX_QUOTED = 1 << 24;

/** Position of a byte in a field: at its beginning, in an unquoted field, within quotes, or after a quote that may have closed it. */
const BEGIN = 0, PLAIN = 1, QUOTED = 2, CLOSED = 3, BEHIND_CR = 4;

const QUOTE = '"'.charCodeAt(0), CR = "\r".charCodeAt(0);
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/** Returns the length of the byte-order mark at the start of a text; 0 if there is none. */
export const markLength = (bytes: Uint8Array): number =>
  BYTE_ORDER_MARK.every((byte, i) => bytes[i] === byte) ? BYTE_ORDER_MARK.length : 0;

/** Checks for a quote. The search of Buffer itself takes twice as long. */
const holdsQuote = (bytes: Uint8Array): boolean => Uint8Array.prototype.includes.call(bytes, QUOTE);

/** Checks the bytes of a UTF-8 file, piece by piece. Pieces without quotes cost almost nothing. */
export class QuoteCheck {
  readonly #lineEnd: number;
  readonly #delimiter: number;
  #state = BEGIN;
  /** Number of bytes before the current piece. */
  #before = 0;
  /** Where the quoted field begins, and whether it extended over a line end in earlier pieces. */
  #opened = 0;
  #spansLines = false;
  /** Whether the number of quotes within unquoted fields of this row is odd so far. */
  #odd = false;
  #misquoted = false;

  /** @param marks The delimiter must be a single byte. */
  constructor(readonly marks: QuoteMarks) {
    this.#lineEnd = marks.lineEnd.charCodeAt(0);
    this.#delimiter = marks.delimiter.charCodeAt(0);
  }

  /** Whether any row so far has quotes that do not pair up, or text after a closing quote. */
  get misquoted(): boolean {
    return this.#misquoted || this.#odd;
  }

  /**
   * Checks the next bytes.
   *
   * @returns Where an unclosed field begins, if these bytes show it.
   */
  add(bytes: Uint8Array): number | undefined {
    if (this.#before === 0) {
      this.#before = markLength(bytes);
      bytes = bytes.subarray(this.#before);
    }
    if (bytes.length === 0) return undefined;
    const isPlain = this.#state <= PLAIN && !this.#odd && !holdsQuote(bytes);
    const open = isPlain ? undefined : this.#look(bytes);
    if (isPlain) {
      const last = bytes[bytes.length - 1];
      this.#state = last === this.#delimiter || last === this.#lineEnd ? BEGIN : PLAIN;
    }
    this.#before += bytes.length;
    return open;
  }

  /**
   * Checks the end of the file.
   *
   * @returns Where an unclosed field begins, if there is one.
   */
  end(): number | undefined {
    return this.#state === QUOTED ? this.#opened : undefined;
  }

  #look(bytes: Uint8Array): number | undefined {
    const delimiter = this.#delimiter, lineEnd = this.#lineEnd, before = this.#before;
    let state = this.#state;
    const spansLines = (to: number) =>
      this.#opened < before && this.#spansLines ||
      bytes.subarray(Math.max(0, this.#opened - before), to).includes(lineEnd);
    for (let i = 0; i < bytes.length; i++) {
      if (state === QUOTED) {
        while (i < bytes.length && bytes[i] !== QUOTE) i++;
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
        if (state === BEGIN) this.#opened = before + i;
        if (state === PLAIN) this.#odd = !this.#odd;
        else state = QUOTED;
      } else if (byte === lineEnd) {
        if (this.#odd) [this.#misquoted, this.#odd] = [true, false];
        state = BEGIN;
      } else if (byte === delimiter && state !== BEHIND_CR) {
        state = BEGIN;
      } else if (state === BEGIN) {
        state = PLAIN;
      } else if (state === CLOSED && byte === CR) {
        state = BEHIND_CR;
      } else {
        // A quote that closes lines later is more likely the opening quote of another field.
        if (spansLines(i)) return this.#opened;
        this.#misquoted = true;
        state = byte === delimiter ? BEGIN : PLAIN;
      }
    }
    this.#state = state;
    if (state >= QUOTED) this.#spansLines = spansLines(bytes.length);
  }
}

/** The parts of a dialect that matter for quotes. */
type QuoteMarks = Pick<Dialect, "lineEnd" | "delimiter">;

/**
 * Passes a text through, up to a quoted field that is not closed.
 *
 * @param text In UTF-8.
 * @param check Tells after each piece whether any row so far is misquoted.
 * @throws {QuoteError} for such a field; the message says where it is.
 */
export async function* checkedQuotes(
  source: Source,
  encoding: FileEncoding,
  text: AsyncIterable<Uint8Array>,
  check: QuoteCheck,
): AsyncGenerator<Uint8Array> {
  const dialect = { ...check.marks, encoding };
  for await (const bytes of text) {
    const open = check.add(bytes);
    if (open !== undefined) throw await notClosed(source, dialect, open);
    yield bytes;
  }
  const open = check.end();
  if (open !== undefined) throw await notClosed(source, dialect, open);
}

/**
 * Checks whether any row of a file has quotes that do not pair up, or text after a closing quote.
 *
 * @throws {QuoteError} for a quoted field that is not closed; the message names its line.
 * @throws {InputError} for a gzip file with a line that {@link boundedLines} refuses.
 */
export async function isMisquoted(source: Source, dialect: Dialect): Promise<boolean> {
  if (!source.gzip && !(dialect.quotes && await hasQuote(source))) return false;
  const text = source.gzip ? boundedLines(source, dialect) : utf8Content(source, dialect.encoding);
  const check = dialect.quotes ? new QuoteCheck(dialect) : undefined;
  const looked = check ? checkedQuotes(source, dialect.encoding, text, check) : text;
  for await (const _ of looked); // each piece is checked as it passes
  return check?.misquoted ?? false;
}

/** Checks whether a file contains the byte of a quote, which is the same in every encoding. This costs a hundredth of reading rows. */
async function hasQuote({ path }: Source): Promise<boolean> {
  using file = openRegular(path);
  const buffer = new Uint8Array(1 << 20);
  for (let read; (read = await file.read(buffer)) !== null;) {
    if (holdsQuote(buffer.subarray(0, read))) return true;
  }
  return false;
}

/** A quoted field of a file is not closed. */
export class QuoteError extends InputError {}

async function notClosed(
  source: Source,
  dialect: Pick<Dialect, "encoding" | "lineEnd" | "delimiter">,
  at: number,
): Promise<QuoteError> {
  const otherwise = dialect.delimiter === "\t" ? `, ${UNQUOTED}` : "";
  return new QuoteError(
    `Cannot read ${source.path}: line ${await lineAt(
      source,
      dialect,
      at,
    )}: a quoted field begins here that is not closed; ` +
      `put the field in quotes and double those inside it${otherwise} (such a row cannot be skipped: where it ends is not certain)`,
  );
}
