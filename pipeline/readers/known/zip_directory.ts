/**
 * Reads the central directory of a zip archive, which lists its content. (PKWARE's APPNOTE.TXT, without encryption, several disks
 * and Zip64.)
 *
 * @module
 */
import type { Bytes } from "../bytes.ts";

/** A fault in an archive, described in words. */
export class ZipError extends Error {}

/** A file in an archive. */
export interface ZipMember {
  name: string;
  /** Compression method: 0 none, 8 deflate. */
  method: number;
  crc32: number;
  /** Uncompressed size. */
  size: number;
  /** Where its compressed bytes begin and end in the archive. */
  start: number;
  end: number;
}

/**
 * Marks and sizes of the directory's end record, which a comment of up to 64 KiB may follow, of a directory entry, and of the
 * header before each member.
 */
const END = { mark: 0x06054b50, size: 22 }, ENTRY = { mark: 0x02014b50, size: 46 };
const LOCAL = { mark: 0x04034b50, size: 30 };
const MAX_COMMENT = 0xffff;
/** Placeholder for a number that only Zip64 can hold. */
const BEYOND = 0xffffffff;

/**
 * Finds the members with these names, in this order.
 *
 * @throws {ZipError} if the archive is damaged, lacks one, has two with the same name, or has one of a kind that is not supported.
 */
export function findMembers(bytes: Bytes, names: string[]): ZipMember[] {
  const { start, end, count } = findDirectory(bytes);
  const directory = new Block(bytes.read(start, end));
  const found = new Map<string, ZipMember>();
  for (let i = 0, at = 0; i < count; i++) {
    if (directory.uint32(at) !== ENTRY.mark) throw new ZipError("its directory is damaged");
    const nameBytes = directory.uint16(at + 28);
    const name = directory.text(at + ENTRY.size, nameBytes);
    if (names.includes(name)) {
      if (found.has(name)) throw new ZipError(`it has two members ${name}`);
      found.set(name, readMember(bytes, directory, at, name, start));
    }
    at += ENTRY.size + nameBytes + directory.uint16(at + 30) + directory.uint16(at + 32);
  }
  return names.map((name) => {
    const member = found.get(name);
    if (!member) throw new ZipError(`it has no member ${name}`);
    return member;
  });
}

function findDirectory(bytes: Bytes): { start: number; end: number; count: number } {
  const from = Math.max(0, bytes.length - END.size - MAX_COMMENT);
  const tail = new Block(bytes.read(from, bytes.length));
  for (let at = tail.length - END.size; at >= 0; at--) {
    if (tail.uint32(at) !== END.mark || at + END.size + tail.uint16(at + 20) !== tail.length) continue;
    const count = tail.uint16(at + 10), size = tail.uint32(at + 12), start = tail.uint32(at + 16);
    if (start === BEYOND || size === BEYOND) throw new ZipError("it is larger than 4 GiB");
    if (start + size > from + at) throw new ZipError("its directory is damaged");
    return { start, end: start + size, count };
  }
  throw new ZipError("it is cut short or no zip archive");
}

/**
 * Reads a directory entry and checks the member's own header.
 *
 * @param end Where the directory begins: members are before it.
 */
function readMember(bytes: Bytes, directory: Block, at: number, name: string, end: number): ZipMember {
  const flags = directory.uint16(at + 8), method = directory.uint16(at + 10);
  const packed = directory.uint32(at + 20),
    size = directory.uint32(at + 24),
    offset = directory.uint32(at + 42);
  if (flags & 1) throw new ZipError(`its member ${name} is encrypted`);
  if (method !== 0 && method !== 8) {
    throw new ZipError(`its member ${name} is packed in the unknown way ${method}`);
  }
  if ([packed, size, offset].includes(BEYOND)) throw new ZipError(`its member ${name} is larger than 4 GiB`);
  const local = new Block(bytes.read(Math.min(offset, end), Math.min(offset + LOCAL.size, end)));
  if (local.length < LOCAL.size || local.uint32(0) !== LOCAL.mark) {
    throw new ZipError(`its member ${name} is damaged`);
  }
  const start = offset + LOCAL.size + local.uint16(26) + local.uint16(28);
  if (start + packed > end) throw new ZipError(`its member ${name} is damaged`);
  return { name, method, crc32: directory.uint32(at + 16), size, start, end: start + packed };
}

/** Little-endian numbers in a part of the archive. */
class Block {
  readonly #view: DataView;

  constructor(readonly bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get length(): number {
    return this.bytes.length;
  }

  uint16(at: number): number {
    return this.#view.getUint16(this.#within(at, 2), true);
  }

  uint32(at: number): number {
    return this.#view.getUint32(this.#within(at, 4), true);
  }

  text(at: number, length: number): string {
    return new TextDecoder().decode(this.bytes.subarray(this.#within(at, length), at + length));
  }

  #within(at: number, size: number): number {
    if (at + size > this.bytes.length) throw new ZipError("its directory is damaged");
    return at;
  }
}
