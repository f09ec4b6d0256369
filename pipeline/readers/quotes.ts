/**
 * The quotes of a delimited file: whether each opens or closes a field, or is doubled inside one.
 *
 * Polars takes what a quoted field begins and ends with for its quotes, whatever these are, and counts on quotes that come in pairs
 * where it looks for rows: what is no CSV by that would become other ids, or fewer rows, without a word.
 *
 * @module
 */
import { InputError } from "../contract/errors.ts";
import { openRegular } from "../contract/readable.ts";
import { utf8Content } from "./content.ts";
import type { Dialect } from "./sample.ts";
import type { Source } from "./source.ts";

/** A field longer than this has a quote that does not close. */
const MAX_QUOTED = 1 << 24;

const FAULTS = {
  stray: "a quote is inside a field that is not quoted",
  behind: "text stands behind the closing quote of a field",
  open: "a quoted field begins here that is not closed",
} as const;

/** What is wrong, in which bytes of the file. */
interface QuoteFault {
  kind: keyof typeof FAULTS;
  /** Where the field begins, or the quote that is one too many. */
  from: number;
  /** Where it shows; left out: there. */
  to?: number;
}

/** Where in a field a byte is: at its begin, in one without quotes, within quotes, behind a quote that may have closed it. */
const BEGIN = 0, PLAIN = 1, QUOTED = 2, CLOSED = 3, BEHIND_CR = 4;

const QUOTE = '"'.charCodeAt(0), CR = "\r".charCodeAt(0);
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/** A Buffer's own search takes twice as long. */
const holdsQuote = (bytes: Uint8Array): boolean => Uint8Array.prototype.includes.call(bytes, QUOTE);

/** Looks at the bytes of a file in UTF-8, piece by piece. Pieces without quotes cost next to nothing. */
export class QuoteCheck {
  readonly #lineEnd: number;
  readonly #delimiter: number;
  #state = BEGIN;
  /** Bytes before the piece that is looked at. */
  #before = 0;
  /** Where the quoted field begins. */
  #opened = 0;
  /** Of the quotes within fields that are not quoted, the first of the row, if their number is odd so far. */
  #odd = -1;

  /** @param dialect With a delimiter of one byte. */
  constructor({ lineEnd, delimiter }: Pick<Dialect, "lineEnd" | "delimiter">) {
    this.#lineEnd = lineEnd.charCodeAt(0);
    this.#delimiter = delimiter.charCodeAt(0);
  }

  /** @returns The first fault, if these bytes show it. */
  add(bytes: Uint8Array): QuoteFault | undefined {
    if (this.#before === 0 && BYTE_ORDER_MARK.every((byte, i) => bytes[i] === byte)) {
      this.#before = BYTE_ORDER_MARK.length;
      bytes = bytes.subarray(BYTE_ORDER_MARK.length);
    }
    if (bytes.length === 0) return undefined;
    const isPlain = this.#state <= PLAIN && this.#odd < 0 && !holdsQuote(bytes);
    const fault = isPlain ? undefined : this.#look(bytes);
    if (isPlain) {
      const last = bytes[bytes.length - 1];
      this.#state = last === this.#delimiter || last === this.#lineEnd ? BEGIN : PLAIN;
    }
    this.#before += bytes.length;
    return fault;
  }

  /** @returns The fault that the end of the file shows, if any. */
  end(): QuoteFault | undefined {
    if (this.#state === QUOTED) return { kind: "open", from: this.#opened };
    return this.#odd < 0 ? undefined : { kind: "stray", from: this.#odd };
  }

  #look(bytes: Uint8Array): QuoteFault | undefined {
    const delimiter = this.#delimiter, lineEnd = this.#lineEnd, before = this.#before;
    let state = this.#state;
    for (let i = 0; i < bytes.length; i++) {
      if (state === QUOTED) {
        while (i < bytes.length && bytes[i] !== QUOTE) i++;
        if (i < bytes.length) state = CLOSED;
        else if (before + i - this.#opened > MAX_QUOTED) return { kind: "open", from: this.#opened };
        continue;
      }
      if (state === PLAIN) {
        while (i < bytes.length && bytes[i] !== delimiter && bytes[i] !== lineEnd && bytes[i] !== QUOTE) i++;
        if (i === bytes.length) break;
      }
      const byte = bytes[i];
      if (byte === QUOTE) {
        if (state === BEGIN) {
          this.#opened = before + i;
          state = QUOTED;
        } else if (state === CLOSED) state = QUOTED;
        else if (state === PLAIN) this.#odd = this.#odd < 0 ? before + i : -1;
        else return this.#behind(i);
      } else if (byte === lineEnd) {
        if (this.#odd >= 0) return { kind: "stray", from: this.#odd };
        state = BEGIN;
      } else if (byte === delimiter) {
        if (state === BEHIND_CR) return this.#behind(i);
        state = BEGIN;
      } else if (state === BEGIN) {
        state = PLAIN;
      } else if (state === CLOSED && byte === CR) {
        state = BEHIND_CR;
      } else {
        return this.#behind(i);
      }
    }
    this.#state = state;
  }

  #behind(i: number): QuoteFault {
    return { kind: "behind", from: this.#opened, to: this.#before + i };
  }
}

/** What is looked at of a dialect. */
type QuoteMarks = Pick<Dialect, "encoding" | "lineEnd" | "delimiter">;

/**
 * A text as it comes, up to the first fault in its quotes.
 *
 * @param text In UTF-8.
 * @throws {QuoteError} that says where the fault is.
 */
export async function* withoutQuoteFaults(
  source: Source,
  marks: QuoteMarks,
  text: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const check = new QuoteCheck(marks);
  for await (const bytes of text) {
    const fault = check.add(bytes);
    if (fault) throw await quoteError(source, marks, fault);
    yield bytes;
  }
  const fault = check.end();
  if (fault) throw await quoteError(source, marks, fault);
}

/** @throws {QuoteError} for the first fault in the quotes of a file, with its line. */
export async function checkQuotes(source: Source, dialect: Dialect): Promise<void> {
  if (!dialect.quotes || !source.gzip && !await hasQuote(source)) return;
  const text = utf8Content(source, dialect.encoding);
  for await (const _ of withoutQuoteFaults(source, dialect, text)); // each piece is looked at as it passes
}

/** Whether the byte of a quote is anywhere in a file, as it is in every encoding of one: a hundredth of what reading rows costs. */
async function hasQuote({ path }: Source): Promise<boolean> {
  using file = openRegular(path);
  const buffer = new Uint8Array(1 << 20);
  for (let read; (read = await file.read(buffer)) !== null;) {
    if (holdsQuote(buffer.subarray(0, read))) return true;
  }
  return false;
}

/** What is wrong with the quotes of a file. */
export class QuoteError extends InputError {}

async function quoteError(source: Source, marks: QuoteMarks, fault: QuoteFault): Promise<QuoteError> {
  const { from, to = from } = fault, first = await lineAt(source, marks, from);
  // A quote that closes lines later is more likely one that another field opens with.
  const spansLines = to > from && await lineAt(source, marks, to) > first;
  const what = FAULTS[spansLines ? "open" : fault.kind];
  return new QuoteError(
    `Cannot read ${source.path}: line ${first}: ${what}; put the field in quotes and double those inside it ` +
      "(such a row cannot be skipped: where it ends is not certain)",
  );
}

/** The line, from 1, of a byte. */
export async function lineAt(
  source: Source,
  { encoding, lineEnd }: Omit<QuoteMarks, "delimiter">,
  at: number,
): Promise<number> {
  const code = lineEnd.charCodeAt(0);
  let line = 1, before = 0;
  for await (const bytes of utf8Content(source, encoding)) {
    for (let end = bytes.indexOf(code); end >= 0 && before + end < at; end = bytes.indexOf(code, end + 1)) {
      line++;
    }
    before += bytes.length;
    if (before > at) break;
  }
  return line;
}
