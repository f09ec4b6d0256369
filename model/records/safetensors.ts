/**
 * Weights as safetensors files, which Python, Rust and others read.
 *
 * A file consists of the length of its header (8 bytes, little-endian), the header (JSON: type, shape and place of each tensor), and
 * the numbers of all tensors one after the other. See https://github.com/huggingface/safetensors#format. Packages on npm read
 * the format, but no maintained one writes it.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { AutoMLPError, InputError, RunError } from "../../pipeline/contract/errors.ts";
import { firstLine, isSystemError } from "../../pipeline/contract/errors/system.ts";
import { openFile } from "../../pipeline/contract/files/readable.ts";
import { replaceFileByPath, writeAll } from "../../pipeline/contract/files/stage.ts";
import { formatSize } from "../../pipeline/contract/options/shapes.ts";
import { availableMemory } from "../../pipeline/contract/machine/available_memory.ts";
import { sizeOf } from "../backend/tensor.ts";
import { type Header, HeaderProblem, headerText, notSafetensors, parseHeader } from "./safetensors_header.ts";

/** A tensor that belongs to no engine, as {@link writeSafetensors} takes it. */
export interface SavedTensor {
  /** Dimensions; none for a single number. */
  shape: number[];
  /** The numbers in row-major order. */
  values: Float32Array;
}

/** The contents of a safetensors file, as {@link readSafetensors} returns them. */
export interface SavedTensors {
  /** Tensors by name, sorted by name. */
  tensors: Map<string, SavedTensor>;
  /** What the file's writer noted in addition to the tensors. */
  metadata: Record<string, string>;
}

const LENGTH_BYTES = 8;
/** The format's own limit. A larger number is not the length of a header, but other data. */
const MAX_HEADER_BYTES = 100_000_000;

/**
 * Writes tensors as 32-bit floats, sorted by name; the file is written completely or not at all. The numbers are written directly
 * from their arrays, without copying.
 *
 * @param metadata Free text by name.
 * @throws {InputError} if there is no space or no permission to write.
 *
 * @example
 * ```ts
 * import { readSafetensors, writeSafetensors } from "automlp";
 * import assert from "node:assert/strict";
 * const path = Deno.makeTempDirSync() + "/weights.safetensors";
 * await writeSafetensors(path, new Map([["w", { shape: [1, 2], values: Float32Array.of(3, 4) }]]), { note: "two" });
 * const { tensors, metadata } = await readSafetensors(path);
 * assert.deepEqual(tensors.get("w"), { shape: [1, 2], values: Float32Array.of(3, 4) });
 * assert(metadata.note === "two");
 * ```
 */
export const writeSafetensors = (
  path: string,
  tensors: ReadonlyMap<string, SavedTensor>,
  metadata: Record<string, string> = {},
): Promise<void> => replaceFileByPath(path, (part) => writeTensors(part, tensors, metadata));

/** The same into an existing empty file, which the caller moves to its place. */
export async function writeTensors(
  path: string,
  tensors: ReadonlyMap<string, SavedTensor>,
  metadata: Record<string, string>,
): Promise<void> {
  const names = [...tensors.keys()].sort();
  using file = Deno.openSync(path, { write: true });
  await writeAll(file, headerOf(names, tensors, metadata));
  for (const name of names) {
    const { buffer, byteOffset, byteLength } = tensors.get(name)!.values;
    await writeAll(file, new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength));
  }
}

/** Returns the header's length and the header, padded with spaces so that the numbers begin at a multiple of 8 bytes. */
function headerOf(
  names: string[],
  tensors: ReadonlyMap<string, SavedTensor>,
  metadata: Record<string, string>,
): Uint8Array {
  const shapes = names.map((name) => {
    const { shape, values } = tensors.get(name)!;
    if (sizeOf(shape) !== values.length) {
      throw new Error(`Tensor "${name}" of shape ${shape.join(" × ")} has ${values.length} values`);
    }
    return { name, shape };
  });
  const text = new TextEncoder().encode(headerText(shapes, metadata));
  const length = Math.ceil(text.length / 8) * 8;
  const header = new Uint8Array(LENGTH_BYTES + length).fill(" ".charCodeAt(0));
  new DataView(header.buffer).setBigUint64(0, BigInt(length), true);
  header.set(text, LENGTH_BYTES);
  return header;
}

/** Options of {@link readSafetensors}: what is known of a file before it is read. */
export interface SafetensorsOptions {
  /** SHA-256 of the whole file, in hexadecimal; or a function that is called with it, and throws if it is wrong. */
  sha256?: string | ((found: string) => void);
  /**
   * Called when only the header has been read, before memory is allocated. If it throws, reading ends with that error.
   *
   * @param shapes Shapes by the names of tensors.
   */
  check?(shapes: ReadonlyMap<string, readonly number[]>): void;
  /** Maximum number of bytes that the numbers may take. Default: the machine's free memory. */
  limit?: number;
}

/**
 * Reads a safetensors file of 32-bit floats.
 *
 * @throws {InputError} if the file does not exist, is not a safetensors file, is cut off, holds numbers of another type, or does not have
 * the given checksum. Pipes and devices are refused, so that reading never waits.
 * @throws {RunError} if its numbers do not fit into memory.
 * @example
 * ```ts
 * import { readSafetensors, writeSafetensors } from "automlp";
 * import assert from "node:assert/strict";
 *
 * const path = `${await Deno.makeTempDir()}/weights.safetensors`;
 * await writeSafetensors(path, new Map([["bias", { shape: [2], values: Float32Array.of(0, 1) }]]));
 * const { tensors } = await readSafetensors(path);
 * assert.deepEqual([...tensors.keys()], ["bias"]);
 * ```
 */
export async function readSafetensors(path: string, options: SafetensorsOptions = {}): Promise<SavedTensors> {
  const refuse = (state: string, wish: string) => new InputError(`Cannot read ${path}: ${state}; ${wish}`);
  try {
    using file = openFile(path);
    return await readTensors(path, file, refuse, options);
  } catch (error) {
    if (error instanceof AutoMLPError) throw error;
    if (error instanceof HeaderProblem) throw refuse(error.state, error.wish);
    if (error instanceof Deno.errors.NotFound) {
      throw refuse("there is no such file", "give the folder of a finished run");
    }
    if (error instanceof RangeError) throw tooLarge(path, "its numbers do not fit into memory");
    if (isSystemError(error)) throw refuse(firstLine(error), "give a file that can be read");
    throw error;
  }
}

type Refuse = (state: string, wish: string) => InputError;

/** A temporary failure of this machine: nothing is wrong with the file. */
const tooLarge = (path: string, state: string) =>
  new RunError(`Cannot read ${path}: ${state}; free some memory, or give other weights`);

async function readTensors(
  path: string,
  file: Deno.FsFile,
  refuse: Refuse,
  { sha256, check, limit }: SafetensorsOptions,
): Promise<SavedTensors> {
  const hash = createHash("sha256");
  const read = async <A extends Uint8Array<ArrayBuffer>>(bytes: A): Promise<A> => {
    await readFull(file, bytes);
    if (sha256 !== undefined) hash.update(bytes);
    return bytes;
  };
  const { places, metadata } = await readHeader(file.statSync().size, read);
  const bytes = places.at(-1)?.end ?? 0;
  const room = limit === undefined
    ? availableMemory()
    : { bytes: limit, source: `${formatSize(limit)} are allowed` };
  if (bytes > room.bytes) {
    throw tooLarge(path, `its tensors take ${formatSize(bytes)}, and ${room.source}`);
  }
  check?.(new Map(places.map(({ name, shape }) => [name, shape])));
  const tensors: [string, SavedTensor][] = [];
  for (const { name, shape } of places) {
    const values = new Float32Array(sizeOf(shape));
    await read(new Uint8Array(values.buffer));
    tensors.push([name, { shape, values }]);
  }
  if (sha256 !== undefined) {
    const found = hash.digest("hex");
    if (typeof sha256 === "function") sha256(found);
    else if (found !== sha256) {
      throw refuse("it is damaged: its checksum does not match", "restore it from a copy, or make it again");
    }
  }
  return { tensors: new Map(tensors.sort(([a], [b]) => a < b ? -1 : 1)), metadata };
}

async function readHeader(
  size: number,
  read: (bytes: Uint8Array<ArrayBuffer>) => Promise<Uint8Array<ArrayBuffer>>,
): Promise<Header> {
  if (size < LENGTH_BYTES) throw notSafetensors();
  const lengthBytes = await read(new Uint8Array(LENGTH_BYTES));
  const length = Number(new DataView(lengthBytes.buffer).getBigUint64(0, true));
  if (length > MAX_HEADER_BYTES) throw notSafetensors();
  if (LENGTH_BYTES + length > size) {
    throw new HeaderProblem(
      `it is cut off, or not a safetensors file: its header should have ${length} bytes`,
      "copy it again",
    );
  }
  const bytes = await read(new Uint8Array(length));
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw notSafetensors();
  }
  return parseHeader(text, size - LENGTH_BYTES - length);
}

async function readFull(file: Deno.FsFile, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    const n = await file.read(bytes.subarray(at));
    if (n === null) throw new Deno.errors.UnexpectedEof("the file ends early");
    at += n;
  }
}
