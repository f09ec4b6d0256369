/**
 * Errors of the file system in one line, and a few checks.
 *
 * @module
 */
import { basename, dirname, join } from "node:path";
import { deniedLine } from "../errors/denied.ts";
import { AutoMLPError, InputError } from "../errors/classes.ts";
import { WritingFailed } from "../errors/writing_failed.ts";
import { announce } from "./changes.ts";

/** Returns the first line of an error's text. */
export const firstLine = (error: unknown): string =>
  deniedLine(error) ?? (error instanceof Error ? error.message : String(error)).split("\n")[0];

/** Whether an error comes from the file system. For some errors, such as a file that is too large, only the text shows it. */
export const isSystemError = (error: unknown): boolean =>
  Object.values(Deno.errors).some((kind) => error instanceof kind) ||
  error instanceof Error && ("code" in error || /\(os error \d+\)$/.test(error.message));

/** Whether an error says that nothing exists at a path. */
export const isMissing = (error: unknown): boolean =>
  error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory;

/** Returns a one-line error for a file or folder that could not be written, for lack of space or permission. Keeps other errors. */
export function cannotWrite(path: string, error: unknown): unknown {
  return isSystemError(error) ? writingFailed(path, error) : error;
}

/**
 * Returns a one-line error for something that could not be written, for any reason. An error that is already one line is kept, unless it
 * is about a part of `what` that could not be written.
 */
export function writingFailed(what: string, error: unknown): Error {
  if (error instanceof WritingFailed) return new WritingFailed(what, error.reason);
  if (error instanceof AutoMLPError) return error;
  const denied = deniedLine(error);
  return denied === undefined ? new WritingFailed(what, reasonOf(error)) : new InputError(denied);
}

/** Returns the system's message, without the text that Polars puts before it and the temporary file that Deno names after it. */
const reasonOf = (error: unknown): string =>
  firstLine(error).replace(/^.* underlying IO error: /, "").replace(/( \(os error \d+\)): .*$/, "$1");

/** Returns what is at a path itself, without following links; undefined if there is nothing. */
export function entryAt(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.lstatSync(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/**
 * Creates a folder and those above it, unless it exists; then no permission to write is needed.
 *
 * @returns The folders that were created, lowest first.
 */
export function makeFolder(path: string): string[] {
  try {
    if (Deno.statSync(path).isDirectory) return [];
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  const made = [path];
  for (let above = dirname(path); isNothing(above); above = dirname(above)) made.push(above);
  announce(`mkdir ${basename(path)}`);
  Deno.mkdirSync(path, { recursive: true });
  return made;
}

function isNothing(path: string): boolean {
  try {
    return entryAt(path) === undefined;
  } catch {
    return false; // what may not be examined exists
  }
}

/** Says what an entry is, for messages. */
export function kindOf(entry: Deno.FileInfo): string {
  const kinds: [keyof Deno.FileInfo, string][] = [
    ["isFile", "a file"],
    ["isDirectory", "a folder"],
    ["isSymlink", "a link"],
    ["isFifo", "a pipe"],
    ["isSocket", "a socket"],
    ["isBlockDevice", "a device"],
    ["isCharDevice", "a device"],
  ];
  return kinds.find(([is]) => entry[is])?.[1] ?? "neither a file nor a folder";
}

/** Says what is in the place of a folder, for messages: `a file`; undefined if it is a folder, or nothing is there. Links are followed. */
export function inPlaceOfFolder(path: string): string | undefined {
  try {
    const entry = Deno.statSync(path);
    return entry.isDirectory ? undefined : kindOf(entry);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/**
 * Returns the path of a folder inside one of ours, whether it exists or not.
 *
 * @param path Path below that folder.
 * @param what What is written there, for the message.
 * @throws {InputError} if something else is in its place or on the way to it, such as a link, whose target is not ours.
 */
export function folderWithin(folder: string, path: string, what: string = join(folder, path)): string {
  for (let below = path; below !== "."; below = dirname(below)) {
    const place = join(folder, below), entry = entryAt(place);
    if (!entry || entry.isDirectory) continue;
    throw new InputError(`Cannot write ${what}: ${place} is ${kindOf(entry)}; put a folder in its place`);
  }
  return join(folder, path);
}

/**
 * Opens a regular file for reading. Pipes and devices are refused before they are opened, because opening them could wait forever.
 *
 * @throws {InputError} if something else is there; errors of the file system, if nothing is there or it cannot be read.
 */
export function openFile(path: string): Deno.FsFile {
  const entry = Deno.statSync(path);
  if (!entry.isFile) throw new InputError(`Cannot read ${path}: it is ${kindOf(entry)}; give a file`);
  return Deno.openSync(path);
}

/** Reads the beginning of a file as text. */
export function headOf(path: string, bytes = 4096): string {
  using file = openFile(path);
  const head = new Uint8Array(bytes);
  return new TextDecoder().decode(head.subarray(0, file.readSync(head) ?? 0));
}
