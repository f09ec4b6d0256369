/**
 * Finds where a text can be cut without cutting a record.
 *
 * @module
 */
import { Buffer } from "node:buffer";

const QUOTE = '"'.charCodeAt(0);

/** The characters by which records are recognised. */
export interface RecordMarks {
  lineEnd: "\n" | "\r";
  /** The character before a field that may be quoted. If left out, nothing is quoted. */
  delimiter?: string;
}

/**
 * Collects bytes of a text and knows how many of them are whole records. A single buffer serves all of them, because many buffers
 * would be garbage-collected late.
 */
export class RecordCutter {
  readonly #lineEnd: number;
  readonly #delimiter?: number;
  #buffer = Buffer.alloc(1 << 16);
  /** The part of the buffer that has not been taken yet. */
  #bytes = this.#buffer.subarray(0, 0);
  /** Position up to which it is known what is quoted. */
  #seen = 0;
  #quoted = false;
  /** Position after the last line end outside quotes. */
  #end = 0;

  constructor({ lineEnd, delimiter }: RecordMarks) {
    this.#lineEnd = lineEnd.charCodeAt(0);
    this.#delimiter = delimiter?.charCodeAt(0);
  }

  /** Number of bytes not taken yet. */
  get length(): number {
    return this.#bytes.length;
  }

  /** Adds bytes. */
  add(bytes: Uint8Array): void {
    const old = this.#bytes, length = old.length + bytes.length;
    if (this.#buffer.length < length) this.#buffer = Buffer.alloc(2 * length);
    this.#buffer.set(old);
    this.#buffer.set(bytes, old.length);
    this.#bytes = this.#buffer.subarray(0, length);
    if (this.#delimiter === undefined) this.#outside(length);
    else this.#look();
  }

  /**
   * Takes all whole records, or everything; what remains begins with a record.
   *
   * @returns A part of the buffer, to be used before more bytes are added.
   */
  take(all = false): Uint8Array {
    const end = all ? this.#bytes.length : this.#end, taken = this.#bytes.subarray(0, end);
    this.#bytes = this.#bytes.subarray(end);
    this.#seen -= Math.min(this.#seen, end);
    this.#end = 0;
    return taken;
  }

  /** Records that nothing is quoted between the last position examined and `to`. */
  #outside(to: number): void {
    const at = this.#bytes.subarray(this.#seen, to).lastIndexOf(this.#lineEnd);
    if (at >= 0) this.#end = this.#seen + at + 1;
    this.#seen = to;
  }

  #look(): void {
    const bytes = this.#bytes;
    for (;;) {
      const quote = bytes.indexOf(QUOTE, this.#seen);
      if (quote < 0) {
        if (this.#quoted) this.#seen = bytes.length;
        else this.#outside(bytes.length);
        return;
      }
      if (!this.#quoted) {
        this.#outside(quote);
        const before = bytes[quote - 1]; // a quote within a field is part of it
        this.#quoted = quote === 0 || before === this.#delimiter || before === this.#lineEnd;
        this.#seen = quote + 1;
      } else if (quote + 1 === bytes.length) {
        this.#seen = quote; // the next byte tells whether it is doubled
        return;
      } else if (bytes[quote + 1] === QUOTE) {
        this.#seen = quote + 2;
      } else {
        this.#quoted = false;
        this.#seen = quote + 1;
      }
    }
  }
}
