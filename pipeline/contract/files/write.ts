/**
 * Writes files completely or not at all.
 *
 * @module
 */
import { basename, dirname, join } from "node:path";
import { announce } from "./changes.ts";
import { tryLock } from "./lock.ts";
import { freeId, idFor, idsBesideFile, isPartName, partPath } from "./names.ts";
import { cannotWrite, entryAt, makeFolder } from "./system.ts";

/**
 * Puts a file in place in one step: a kill at any moment leaves either the old one or the new one. The content is first written to a
 * new file with a random name beside it, so that nothing is written through a link or into a file that is not ours.
 *
 * @param write Writes the content to the path that it receives, that of a new, empty file.
 * @throws {InputError} if there is no space or permission to write.
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
    await file.syncData(); // otherwise a power cut could leave an empty file under the new name
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
 * Checks that a file can be put in place before there is any content, by creating an unfinished file and removing it.
 *
 * @param path The file's path; its folder must exist.
 * @throws {InputError} if there is no permission to write.
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

/** An unfinished file is locked by the process that writes it. Mandatory locks, as on Windows, would prevent the writing. */
const LOCKS_ARE_ADVICE = Deno.build.os !== "windows";

/** Removes the unfinished files for a place that killed processes left, that is, those that nobody holds. */
export function removeLeftovers(path: string): void {
  if (!LOCKS_ARE_ADVICE) return;
  for (const part of Array.from(idsBesideFile(path), (id) => partPath(path, id))) {
    if (!entryAt(part)?.isFile) continue;
    using lock = tryLock(part);
    if (lock) removeQuietly(part);
  }
}

/** Does the same as `replaceFileByPath` for content that is written to an open file. */
export const replaceFile = (path: string, write: (file: Deno.FsFile) => Promise<void>): Promise<void> =>
  replaceFileByPath(path, async (part) => {
    using file = Deno.openSync(part, { write: true });
    await write(file);
  });

/** Writes a text file, completely or not at all. */
export const writeText = (path: string, text: string): Promise<void> =>
  replaceFile(path, (file) => writeAll(file, new TextEncoder().encode(text)));

/** Does the same synchronously, for a folder that was just made. */
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

/** Writes all bytes, which a single system call may not do. */
export async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  while (bytes.length > 0) bytes = bytes.subarray(await file.write(bytes));
}

/** Removes the unfinished files that a killed process left in a folder. Nobody else may be writing there. */
export function removePartFiles(folder: string): void {
  for (const { name, isFile } of Deno.readDirSync(folder)) {
    if (isFile && isPartName(name)) removeQuietly(join(folder, name));
  }
}

/** Removes an unfinished file, if it exists. Ignores errors, because an earlier error is the one to report. */
function removeQuietly(path: string): void {
  try {
    announce(`remove ${basename(path)}`);
    Deno.removeSync(path);
  } catch {
    // It was never created, or cannot be removed either.
  }
}
