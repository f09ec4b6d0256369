/**
 * Weights as safetensors files, which Python, Rust and others read.
 *
 * A file is the length of its header (8 bytes, little-endian), the header (JSON: type, shape and place of each tensor), and the
 * numbers of all tensors one behind the other. See https://github.com/huggingface/safetensors#format. The packages on npm read
 * the format, none that is kept writes it.
 *
 * @module
 */
import { z } from "zod";
import { InputError } from "../../pipeline/contract/errors.ts";
import { firstLine, isSystemError } from "../../pipeline/contract/files/system.ts";
import { replaceFileByPath, writeAll } from "../../pipeline/contract/files/write.ts";

/** A tensor outside of any engine. */
export interface SavedTensor {
  shape: number[];
  /** Row-major. */
  values: Float32Array;
}

/** What a safetensors file holds. */
export interface SavedTensors {
  /** By name, in the order of names. */
  tensors: Map<string, SavedTensor>;
  metadata: Record<string, string>;
}

const METADATA = "__metadata__";
const LENGTH_BYTES = 8, FLOAT_BYTES = 4;
/** The format's own limit. A larger number is no header's length, but other data. */
const MAX_HEADER_BYTES = 100_000_000;

const entrySchema = z.object({
  dtype: z.string(),
  shape: z.array(z.int().nonnegative()),
  data_offsets: z.tuple([z.int().nonnegative(), z.int().nonnegative()]),
});
const headerSchema = z.record(z.string(), z.unknown());
const metadataSchema = z.record(z.string(), z.string());

const sizeOf = (shape: number[]) => shape.reduce((a, b) => a * b, 1);

/**
 * Writes tensors as 32-bit floats, in the order of their names, whole or not at all. The numbers go to the file from where they
 * lie: nothing is copied.
 *
 * @param metadata Free text by name.
 * @throws {InputError} where there is no room or no right to write.
 *
 * @example
 * ```ts
 * import { readSafetensors, writeSafetensors } from "./safetensors.ts";
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

/** The same into a file that is there and empty, and gets its place by somebody else. */
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

/** The header's length and the header, padded with spaces so that the numbers begin at a multiple of 8 bytes. */
function headerOf(
  names: string[],
  tensors: ReadonlyMap<string, SavedTensor>,
  metadata: Record<string, string>,
): Uint8Array {
  const entries: [string, unknown][] = Object.keys(metadata).length > 0 ? [[METADATA, metadata]] : [];
  let offset = 0;
  for (const name of names) {
    const { shape, values } = tensors.get(name)!;
    if (name === METADATA) throw new Error(`A tensor cannot be called ${METADATA}`);
    if (sizeOf(shape) !== values.length) {
      throw new Error(`Tensor "${name}" of shape ${shape.join(" × ")} has ${values.length} values`);
    }
    entries.push([name, { dtype: "F32", shape, data_offsets: [offset, offset += values.byteLength] }]);
  }
  const text = new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)));
  const length = Math.ceil(text.length / 8) * 8;
  const header = new Uint8Array(LENGTH_BYTES + length).fill(" ".charCodeAt(0));
  new DataView(header.buffer).setBigUint64(0, BigInt(length), true);
  header.set(text, LENGTH_BYTES);
  return header;
}

/**
 * Reads a safetensors file of 32-bit floats.
 *
 * @throws {InputError} where there is no such file, it is none of these, it is cut off, or holds numbers of another type.
 */
export async function readSafetensors(path: string): Promise<SavedTensors> {
  const refuse = (state: string, wish: string) => new InputError(`Cannot read ${path}: ${state}; ${wish}`);
  try {
    using file = Deno.openSync(path);
    const size = file.statSync().size;
    const { header, bytes } = await readHeader(file, size, refuse);
    const { [METADATA]: metadata = {}, ...rest } = header;
    const entries = placesOf(rest, size - bytes, refuse);
    const tensors = new Map<string, SavedTensor>();
    for (const { name, shape, begin } of entries) {
      const values = new Float32Array(sizeOf(shape));
      file.seekSync(bytes + begin, Deno.SeekMode.Start);
      await readFull(file, new Uint8Array(values.buffer));
      tensors.set(name, { shape, values });
    }
    const parsed = metadataSchema.safeParse(metadata);
    if (!parsed.success) throw refuse("its metadata are not text by name", "save the weights again");
    return { tensors, metadata: parsed.data };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      throw refuse("there is no such file", "give the folder of a finished run");
    }
    if (isSystemError(error)) throw refuse(firstLine(error), "give a file that can be read");
    throw error;
  }
}

type Refuse = (state: string, wish: string) => InputError;

async function readHeader(file: Deno.FsFile, size: number, refuse: Refuse) {
  const noHeader = () =>
    refuse("it is not a safetensors file", "give weights that automlp or a safetensors library wrote");
  if (size < LENGTH_BYTES) throw noHeader();
  const lengthBytes = await readFull(file, new Uint8Array(LENGTH_BYTES));
  const length = Number(new DataView(lengthBytes.buffer).getBigUint64(0, true));
  if (length > MAX_HEADER_BYTES) throw noHeader();
  if (LENGTH_BYTES + length > size) {
    throw refuse(
      `it is cut off, or not a safetensors file: its header should have ${length} bytes`,
      "copy it again",
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(
      new TextDecoder("utf-8", { fatal: true }).decode(await readFull(file, new Uint8Array(length))),
    );
  } catch {
    throw noHeader();
  }
  const parsed = headerSchema.safeParse(value);
  if (!parsed.success) throw noHeader();
  return { header: parsed.data, bytes: LENGTH_BYTES + length };
}

/** Where each tensor lies in the data, in the order of names. They must fill the data without holes. */
function placesOf(header: Record<string, unknown>, dataBytes: number, refuse: Refuse) {
  const damaged = (name: string, problem: string) =>
    refuse(`tensor "${name}" is damaged (${problem})`, "copy or save the file again");
  const places = Object.entries(header).map(([name, value]) => {
    const parsed = entrySchema.safeParse(value);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      throw damaged(name, `${issue.path.join(".") || "entry"}: ${issue.message}`);
    }
    const { dtype, shape, data_offsets: [begin, end] } = parsed.data;
    if (dtype !== "F32") {
      throw refuse(`tensor "${name}" has numbers of type ${dtype}`, "save it with 32-bit floats (F32)");
    }
    if (end - begin !== sizeOf(shape) * FLOAT_BYTES) {
      throw damaged(name, `shape ${shape.join(" × ")} does not fit in ${end - begin} bytes`);
    }
    return { name, shape, begin, end };
  });
  let at = 0;
  for (const { name, begin, end } of places.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== at) throw damaged(name, `it begins at byte ${begin}, the one before ends at ${at}`);
    at = end;
  }
  if (at !== dataBytes) {
    throw refuse(
      `${
        dataBytes < at ? "it is cut off" : "it is too long"
      }: its tensors take ${at} bytes, there are ${dataBytes}`,
      "copy it again",
    );
  }
  return places.toSorted((a, b) => a.name < b.name ? -1 : 1);
}

async function readFull<A extends Uint8Array<ArrayBuffer>>(file: Deno.FsFile, bytes: A): Promise<A> {
  for (let at = 0; at < bytes.length;) {
    const n = await file.read(bytes.subarray(at));
    if (n === null) throw new Deno.errors.UnexpectedEof("the file ends early");
    at += n;
  }
  return bytes;
}
