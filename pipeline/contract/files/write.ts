/**
 * Files that are written whole or not at all.
 *
 * @module
 */
import { basename, dirname, join } from "node:path";
import { idFor, isPartName, partPath } from "./names.ts";
import { cannotWrite, makeFolder } from "./system.ts";

let beforeChange: (change: string) => void = () => {};

/**
 * Calls `listener` before each change of the file system that a reader could notice or a kill could cut in two: what is about to
 * happen, as in "rename run.json". For measuring and testing.
 */
export function onChange(listener: (change: string) => void): void {
  beforeChange = listener;
}

/** Announces a change to the listener of {@link onChange}. */
export const announce = (change: string): void => beforeChange(change);

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
  const part = partPath(path, idFor(path));
  try {
    makeFolder(dirname(path));
    announce(`create ${basename(path)}`);
    Deno.openSync(part, { write: true, createNew: true }).close();
    await write(part);
    using file = Deno.openSync(part, { write: true });
    await file.syncData(); // else a power cut could leave the new name on an empty file
    announce(`rename ${basename(path)}`);
    Deno.renameSync(part, path);
  } catch (error) {
    removeQuietly(part);
    throw cannotWrite(path, error);
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

/** The same, at once. */
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

/** Removes a file where something else went wrong, which is the error to report. */
function removeQuietly(path: string): void {
  try {
    Deno.removeSync(path);
  } catch {
    // It was never made, or cannot be removed either.
  }
}
