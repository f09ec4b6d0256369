/**
 * Reads files of a run folder, verifying each one's checksum.
 *
 * @module
 */
import { join } from "node:path";
import type { z } from "zod";
import { isMissing } from "../../pipeline/contract/errors/system.ts";
import { FolderRecord, hashFileSync, hashOf } from "../../pipeline/contract/files/checksums.ts";
import { cannotRead, entryAt, readBytesSync } from "../../pipeline/contract/files/readable.ts";
import { parseJson, parseLines } from "../records/json.ts";
import { readSafetensors, type SavedTensors } from "../records/safetensors.ts";
import type { RunFile, ValueFile } from "./files.ts";

/** Maximum size of a run's JSON file in bytes, far more than one can sensibly have. */
const MAX_TEXT_BYTES = 256 << 20;

/** Called with the shapes of a file's tensors before any is read; it may throw. */
export type CheckShapes = (shapes: ReadonlyMap<string, readonly number[]>) => void;

/**
 * Reads the value of a JSON file; undefined if there is none.
 *
 * @throws {InputError} if it cannot be read, was changed after it was written, or does not fit the schema.
 */
export function readValue<T>(
  folder: string,
  { path, schema }: { path: string; schema: z.ZodType<T> },
): T | undefined {
  const text = readText(folder, path);
  return text === undefined ? undefined : parseJson(text, schema, join(folder, path));
}

/**
 * Reads the values of a JSON lines file; none if there is no file.
 *
 * @throws {InputError} if it cannot be read, was changed after it was written, or a line does not fit the schema.
 */
export function readLines<T>(folder: string, { path, schema }: ValueFile<T>): T[] {
  return parseLines(readText(folder, path) ?? "", schema, join(folder, path));
}

/**
 * Reads a file of tensors.
 *
 * @throws {InputError} if it cannot be read, or was changed after it was written.
 */
export async function readTensors(
  folder: string,
  { path }: RunFile,
  check?: CheckShapes,
): Promise<SavedTensors> {
  const place = join(folder, path);
  // The reader refuses pipes; it comes first if there is no record.
  if (entryAt(place)?.isFile) checkSum(folder, path, hashOfFile(place));
  return await readSafetensors(place, { check });
}

/**
 * Refuses a file that was changed after it was written.
 *
 * @throws {InputError}
 */
export function checkSum(folder: string, path: string, sha256 = hashOfFile(join(folder, path))): void {
  FolderRecord.read(folder)?.check(path, sha256);
}

function hashOfFile(place: string): string {
  try {
    return hashFileSync(place);
  } catch (error) {
    throw cannotRead(place, error);
  }
}

/**
 * Reads the text of a file; undefined if there is none.
 *
 * @throws {InputError} if it cannot be read, or was changed after it was written.
 */
export function readText(folder: string, path: string): string | undefined {
  const place = join(folder, path);
  let bytes: Uint8Array;
  try {
    bytes = readBytesSync(place, MAX_TEXT_BYTES);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw cannotRead(place, error);
  }
  checkSum(folder, path, hashOf(bytes));
  return new TextDecoder().decode(bytes);
}
