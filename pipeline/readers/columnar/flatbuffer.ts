/**
 * Reads FlatBuffers, the format of the metadata in Arrow files: tables whose fields are found through offsets.
 * https://flatbuffers.dev/internals/
 *
 * @module
 */

/** A fault in the bytes, described in words. */
export class FlatbufferError extends Error {}

/** A table within a buffer. Every offset is checked against the buffer's length. */
export class FlatTable {
  readonly #view: DataView;
  readonly #fields: number;
  readonly #slots: number;

  /** @param at Where the table begins. */
  constructor(readonly bytes: Uint8Array, readonly at: number) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#fields = at - this.#int32(at);
    this.#slots = (this.#uint16(this.#fields) - 4) / 2;
  }

  /** Returns the root table of the buffer. */
  static root(bytes: Uint8Array): FlatTable {
    if (bytes.length < 8) throw new FlatbufferError("it ends too early");
    const at = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
    return new FlatTable(bytes, at);
  }

  byte(field: number): number {
    const at = this.#place(field);
    return at === undefined ? 0 : this.bytes[this.#within(at, 1)];
  }

  long(field: number): bigint {
    const at = this.#place(field);
    return at === undefined ? 0n : this.int64(at);
  }

  table(field: number): FlatTable | undefined {
    const at = this.#place(field);
    return at === undefined ? undefined : new FlatTable(this.bytes, at + this.#uint32(at));
  }

  /** Returns where the structs of a vector begin, each `size` bytes long. */
  structs(field: number, size: number): number[] {
    const at = this.#place(field);
    if (at === undefined) return [];
    const vector = at + this.#uint32(at), length = this.#uint32(vector);
    this.#within(vector + 4, length * size);
    return Array.from({ length }, (_, i) => vector + 4 + i * size);
  }

  int32(at: number): number {
    return this.#int32(at);
  }

  int64(at: number): bigint {
    return this.#view.getBigInt64(this.#within(at, 8), true);
  }

  /** Returns where a field is; undefined if the table lacks it. */
  #place(field: number): number | undefined {
    const offset = field < this.#slots ? this.#uint16(this.#fields + 4 + 2 * field) : 0;
    return offset === 0 ? undefined : this.at + offset;
  }

  #uint16(at: number): number {
    return this.#view.getUint16(this.#within(at, 2), true);
  }

  #uint32(at: number): number {
    return this.#view.getUint32(this.#within(at, 4), true);
  }

  #int32(at: number): number {
    return this.#view.getInt32(this.#within(at, 4), true);
  }

  #within(at: number, size: number): number {
    if (at < 0 || at + size > this.bytes.length) throw new FlatbufferError("an offset leads out of the file");
    return at;
  }
}
