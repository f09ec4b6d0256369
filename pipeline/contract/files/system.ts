/**
 * What the file system says, in one line, and a few questions to it.
 *
 * @module
 */
import { basename, dirname, join } from "node:path";
import { deniedLine } from "../errors/denied.ts";
import { AutoMLPError, InputError } from "../errors/classes.ts";
import { WritingFailed } from "../errors/writing_failed.ts";
import { announce } from "./changes.ts";

/** The text of an error, without what follows its first line. */
export const firstLine = (error: unknown): string =>
  deniedLine(error) ?? (error instanceof Error ? error.message : String(error)).split("\n")[0];

/** Whether the error came from the file system. Of some, as of a file that is too large, only the text says so. */
export const isSystemError = (error: unknown): boolean =>
  Object.values(Deno.errors).some((kind) => error instanceof kind) ||
  error instanceof Error && ("code" in error || /\(os error \d+\)$/.test(error.message));

/** Whether the error says that nothing is there. */
export const isMissing = (error: unknown): boolean =>
  error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory;

/** One line for a file or folder that could not be written: no room, no right. Other errors are returned as they are. */
export function cannotWrite(path: string, error: unknown): unknown {
  return isSystemError(error) ? writingFailed(path, error) : error;
}

/**
 * One line for something that could not be written, whatever went wrong. What has its line already keeps it, but for a part of it that could not be
 * written.
 */
export function writingFailed(what: string, error: unknown): Error {
  if (error instanceof WritingFailed) return new WritingFailed(what, error.reason);
  if (error instanceof AutoMLPError) return error;
  const denied = deniedLine(error);
  return denied === undefined ? new WritingFailed(what, reasonOf(error)) : new InputError(denied);
}

/** The system's words, without what Polars says before them, nor the temporary file that Deno names after them. */
const reasonOf = (error: unknown): string =>
  firstLine(error).replace(/^.* underlying IO error: /, "").replace(/( \(os error \d+\)): .*$/, "$1");

/** What is at a path itself (a link is a link), or undefined where nothing is. */
export function entryAt(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.lstatSync(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/**
 * Makes a folder with those above it, if it is not there: a process that may not write there need not.
 *
 * @returns Those that were not there, the lowest first.
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
    return false; // what may not be looked at is there
  }
}

/** What an entry is, for messages. */
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

/** What is in the place of a folder, for messages: `a file`; undefined where it is a folder, or nothing is there. Links are followed. */
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
 * Where a folder is that lies in one of ours, there or not.
 *
 * @param path Below that one.
 * @param what Is written there, for the message.
 * @throws {InputError} if something else is on the way to it or in its place: what a link leads to is somebody else's.
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
 * Opens a regular file for reading. Pipes and devices are refused before they are opened: that could wait for ever.
 *
 * @throws {InputError} if something else is there; errors of the file system, if nothing is or it cannot be read.
 */
export function openFile(path: string): Deno.FsFile {
  const entry = Deno.statSync(path);
  if (!entry.isFile) throw new InputError(`Cannot read ${path}: it is ${kindOf(entry)}; give a file`);
  return Deno.openSync(path);
}

/** The beginning of a file as text. */
export function headOf(path: string, bytes = 4096): string {
  using file = openFile(path);
  const head = new Uint8Array(bytes);
  return new TextDecoder().decode(head.subarray(0, file.readSync(head) ?? 0));
}
