/**
 * Where a text may be cut so that no record is cut.
 *
 * @module
 */
import { Buffer } from "node:buffer";

const QUOTE = '"'.charCodeAt(0);

/** How records are recognised. */
export interface RecordMarks {
  lineEnd: "\n" | "\r";
  /** What stands before a field that may be in quotes; left out: nothing is quoted. */
  delimiter?: string;
}

/** Bytes of a text, and how many of them are whole records. There is one buffer for all: what many would leave is collected late. */
export class RecordCutter {
  readonly #lineEnd: number;
  readonly #delimiter?: number;
  #buffer = Buffer.alloc(1 << 16);
  /** Of the buffer, what was not taken yet. */
  #bytes = this.#buffer.subarray(0, 0);
  /** So far it is known what is quoted. */
  #seen = 0;
  #quoted = false;
  /** Behind the last line end that is in no quotes. */
  #end = 0;

  constructor({ lineEnd, delimiter }: RecordMarks) {
    this.#lineEnd = lineEnd.charCodeAt(0);
    this.#delimiter = delimiter?.charCodeAt(0);
  }

  /** Bytes that were not taken yet. */
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
   * All whole records, or everything; what is left begins with a record.
   *
   * @returns A part of the buffer, to be used before more is added.
   */
  take(all = false): Uint8Array {
    const end = all ? this.#bytes.length : this.#end, taken = this.#bytes.subarray(0, end);
    this.#bytes = this.#bytes.subarray(end);
    this.#seen -= Math.min(this.#seen, end);
    this.#end = 0;
    return taken;
  }

  /** Nothing is quoted from where was looked up to `to`. */
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
        this.#seen = quote; // what follows says whether it is one of two
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
