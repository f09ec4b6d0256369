/**
 * Files that are written whole or not at all.
 *
 * @module
 */
import { basename, dirname, join } from "node:path";
import { announce } from "./changes.ts";
import { tryLock } from "./lock.ts";
import { freeId, idFor, idsBesideFile, isPartName, partPath } from "./names.ts";
import { cannotWrite, entryAt, makeFolder } from "./system.ts";

/**
 * Puts a file in place in one step: a kill at any moment leaves the old one or the new one. The content is first written to a
 * new file of a random name beside it, so that no link and no file of somebody else's can be written through.
 *
 * @param write Writes the content to the path that it is given, that of a new, empty file.
 * @throws {InputError} if there is no room or no right to write.
 */
export async function replaceFileByPath(
  path: string,
  write: (part: string) => Promise<void> | void,
): Promise<void> {
  try {
    makeFolder(dirname(path));
    removeLeftovers(path);
  } catch (error) {
    throw cannotWrite(path, error);
  }
  const part = partPath(path, idFor(path));
  let held: Deno.FsFile | undefined;
  try {
    announce(`create ${basename(path)}`);
    held = Deno.openSync(part, { write: true, createNew: true });
    if (LOCKS_ARE_ADVICE) held.lockSync(true);
    announce(`write ${basename(path)}`);
    await write(part);
    using file = Deno.openSync(part, { write: true });
    await file.syncData(); // else a power cut could leave the new name on an empty file
    announce(`rename ${basename(path)}`);
    Deno.renameSync(part, path);
  } catch (error) {
    removeQuietly(part);
    throw cannotWrite(path, error);
  } finally {
    held?.close();
  }
}

/**
 * Makes sure that a file can be put in place, before there is anything to put: one under way is made, and removed.
 *
 * @param path Its folder is there.
 * @throws {InputError} if there is no right to write.
 */
export function tryFile(path: string): void {
  const part = partPath(path, idFor(path));
  try {
    announce(`create ${basename(path)}`);
    Deno.openSync(part, { write: true, createNew: true }).close();
  } catch (error) {
    throw cannotWrite(path, error);
  } finally {
    removeQuietly(part);
    freeId(path);
  }
}

/** A file under way is locked by who writes it. Where locks bind, as on Windows, the lock would keep the writing out. */
const LOCKS_ARE_ADVICE = Deno.build.os !== "windows";

/** Removes the files under way for a place that killed processes left: those that nobody holds. */
export function removeLeftovers(path: string): void {
  if (!LOCKS_ARE_ADVICE) return;
  for (const part of Array.from(idsBesideFile(path), (id) => partPath(path, id))) {
    if (!entryAt(part)?.isFile) continue;
    using lock = tryLock(part);
    if (lock) removeQuietly(part);
  }
}

/** The same for content that is written to an open file. */
export const replaceFile = (path: string, write: (file: Deno.FsFile) => Promise<void>): Promise<void> =>
  replaceFileByPath(path, async (part) => {
    using file = Deno.openSync(part, { write: true });
    await write(file);
  });

/** Writes a text file, whole or not at all. */
export const writeText = (path: string, text: string): Promise<void> =>
  replaceFile(path, (file) => writeAll(file, new TextEncoder().encode(text)));

/** The same for a folder that was just made, at once. */
export function writeTextSync(path: string, text: string): void {
  const part = partPath(path, idFor(path));
  try {
    announce(`create ${basename(path)}`);
    Deno.writeTextFileSync(part, text, { createNew: true });
    announce(`rename ${basename(path)}`);
    Deno.renameSync(part, path);
  } catch (error) {
    removeQuietly(part);
    throw cannotWrite(path, error);
  }
}

/** Writes bytes to the end, which one call of the system need not do. */
export async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  while (bytes.length > 0) bytes = bytes.subarray(await file.write(bytes));
}

/** Removes the files under way that a killed process left in a folder. Nobody else may be writing there. */
export function removePartFiles(folder: string): void {
  for (const { name, isFile } of Deno.readDirSync(folder)) {
    if (isFile && isPartName(name)) removeQuietly(join(folder, name));
  }
}

/** Removes a file under way, if it is there: where something else went wrong, that is the error to report. */
function removeQuietly(path: string): void {
  try {
    announce(`remove ${basename(path)}`);
    Deno.removeSync(path);
  } catch {
    // It was never made, or cannot be removed either.
  }
}
