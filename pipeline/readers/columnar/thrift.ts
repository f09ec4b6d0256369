/**
 * Reads Apache Thrift's compact protocol, the format of the metadata in Parquet files: any struct, as fields by number.
 * https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
 *
 * @module
 */

/** A struct: its fields by number. */
export type Struct = Map<number, Value>;
export type Value = boolean | bigint | number | Uint8Array | Value[] | Struct;

/** Maximum depth of nested structs; those of Parquet go ten deep. */
const MAX_DEPTH = 32;

/** Reads the struct at the start of the bytes. Every length is checked against the remaining bytes. */
export function readStruct(bytes: Uint8Array): Struct {
  return readStructAt(bytes).fields;
}

/** Reads the struct at the start of the bytes, and its length in bytes. */
export function readStructAt(bytes: Uint8Array): { fields: Struct; length: number } {
  const reader = new CompactReader(bytes);
  return { fields: reader.struct(0), length: reader.at };
}

/** A fault in the bytes, described in words. */
export class ThriftError extends Error {}

/** The bytes end before the struct does. */
export class ThriftEnd extends ThriftError {
  constructor() {
    super("it ends too early");
  }
}

/** Returns a field that must be a whole number of at least 0. */
export function wholeNumber(fields: Struct, id: number, what: string): bigint {
  const value = fields.get(id);
  if (typeof value !== "bigint" || value < 0n) throw new ThriftError(`${what} is missing or negative`);
  return value;
}

/** Returns a field that must be a list of structs. */
export function structs(fields: Struct, id: number, what: string): Struct[] {
  const list = fields.get(id);
  const isStruct = (value: Value): value is Struct => value instanceof Map;
  if (!Array.isArray(list) || !list.every(isStruct)) throw new ThriftError(`${what} are missing`);
  return list;
}

class CompactReader {
  readonly #view: DataView;
  /** Number of bytes read. */
  at = 0;

  constructor(readonly bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  struct(depth: number): Struct {
    if (depth > MAX_DEPTH) throw new ThriftError("structures are nested too deeply");
    const fields: Struct = new Map();
    for (let id = 0;;) {
      const head = this.#byte(), type = head & 0x0f, step = head >> 4;
      if (type === 0) return fields;
      id = step > 0 ? id + step : Number(this.#zigzag());
      // The type of a boolean field contains its value.
      fields.set(id, type <= 2 ? type === 1 : this.#value(type, depth));
    }
  }

  #value(type: number, depth: number): Value {
    switch (type) {
      case 1:
      case 2:
        return this.#byte() === 1;
      case 3:
        return this.#byte();
      case 4:
      case 5:
      case 6:
        return this.#zigzag();
      case 7:
        return this.#view.getFloat64(this.#take(8), true);
      case 8: {
        const length = this.#length(), start = this.#take(length);
        return this.bytes.subarray(start, start + length);
      }
      case 9:
      case 10:
        return this.#list(depth);
      case 12:
        return this.struct(depth + 1);
      default:
        throw new ThriftError(`a field is of the unknown type ${type}`);
    }
  }

  #list(depth: number): Value[] {
    if (depth > MAX_DEPTH) throw new ThriftError("lists are nested too deeply");
    const head = this.#byte(), type = head & 0x0f;
    const length = head >> 4 === 15 ? this.#length() : head >> 4;
    const values: Value[] = [];
    for (let i = 0; i < length; i++) values.push(this.#value(type, depth + 1));
    return values;
  }

  /** Reads the length of a sequence whose elements take at least one byte each. */
  #length(): number {
    const length = this.#varint();
    if (length > BigInt(this.bytes.length - this.at)) throw new ThriftEnd();
    return Number(length);
  }

  #zigzag(): bigint {
    const n = this.#varint();
    return BigInt.asIntN(64, (n >> 1n) ^ -(n & 1n));
  }

  #varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new ThriftError("a number is longer than 64 bits");
  }

  #byte(): number {
    return this.bytes[this.#take(1)];
  }

  /** Consumes `length` bytes and returns where they begin. */
  #take(length: number): number {
    const start = this.at;
    if (start + length > this.bytes.length) throw new ThriftEnd();
    this.at += length;
    return start;
  }
}
