/**
 * Writes beside the place and renames: a kill at any moment leaves either what was there before, or the new file or folder, complete.
 * What is not finished has a name that nothing else has, such as `.report.html.automlp-part`.
 *
 * @module
 */
import { basename, dirname, join } from "node:path";
import { InputError } from "../errors.ts";
import { cannotWrite, isMissing } from "../errors/system.ts";
import { tryLock } from "./lock.ts";
import { entryAt, kindOf } from "./readable.ts";

const beside = (place: string, what: string) => join(dirname(place), `.${basename(place)}.automlp-${what}`);

/** Path of the folder that is being made for `place`. */
export const newPath = (place: string): string => beside(place, "new");
/** Path of what was at `place` before, until the new folder has its name. */
export const oldPath = (place: string): string => beside(place, "old");
/** Path of the lock that the process holds which replaces `place`. */
export const lockPath = (place: string): string => beside(place, "lock");
/** Path of the note with what is needed to resume the work that a cluster does for `place`. */
export const notePath = (place: string): string => beside(place, "cluster");
/** Path of the unfinished file that is being written for `file`. */
export const partPath = (file: string): string => beside(file, "part");

/** Whether a file's name has the form of {@link partPath}. Nothing else has such a name, so a leftover may be removed. */
export const isPartName = (name: string): boolean => /^\..+\.automlp-part$/.test(name);

/** Whether a folder's name has the form of {@link newPath} or {@link oldPath}. */
export const isUnderWay = (name: string): boolean => /^\..+\.automlp-(?:new|old)$/.test(name);

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

/** Removes a folder if it is empty. Links are left alone. */
export function removeIfEmpty(folder: string): void {
  if (entryAt(folder)?.isDirectory && [...Deno.readDirSync(folder)].length === 0) Deno.removeSync(folder);
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

/** How often a file that another process is writing is looked at again, and the pause before each time in milliseconds. */
const ATTEMPTS = 100, PAUSE = 20;

/**
 * Puts a file in place in one step: a kill at any moment leaves either the old one or the new one. Nothing is written through a link or
 * into a file that is not ours.
 *
 * @param write Writes the content to the path that it receives, that of a new, empty file.
 * @throws {InputError} if there is no space or permission to write, or another process keeps writing there.
 */
export async function replaceFileByPath(
  path: string,
  write: (part: string) => Promise<void> | void,
): Promise<void> {
  try {
    makeFolder(dirname(path));
    let held = beginPart(path);
    for (let i = 0; !held && i < ATTEMPTS; i++) {
      await new Promise((resolve) => setTimeout(resolve, PAUSE)); // this process itself may be writing it
      held = beginPart(path);
    }
    using part = held ?? refuseHeld(path);
    await write(part.path);
    await part.finish();
  } catch (error) {
    throw cannotWrite(path, error);
  }
}

/** Does the same for content that is written to an open file. */
export const replaceFile = (path: string, write: (file: Deno.FsFile) => Promise<void>): Promise<void> =>
  replaceFileByPath(path, async (part) => {
    using file = Deno.openSync(part, { write: true });
    await write(file);
  });

/** Writes a text file, completely or not at all. */
export const writeText = (path: string, text: string): Promise<void> =>
  replaceFile(path, (file) => writeAll(file, new TextEncoder().encode(text)));

/**
 * Does the same synchronously, in a folder that exists.
 *
 * @param options.keep Whether a file that is there already stays as it is.
 */
export function writeTextSync(path: string, text: string, { keep = false } = {}): void {
  try {
    using part = beginPartSoon(path);
    if (keep && entryAt(path)) return;
    Deno.writeTextFileSync(part.path, text);
    Deno.renameSync(part.path, path);
  } catch (error) {
    throw cannotWrite(path, error);
  }
}

/**
 * Checks that a file can be put in place before there is any content, by creating an unfinished file and removing it.
 *
 * @param path The file's path; its folder must exist.
 * @throws {InputError} if there is no permission to write.
 */
export function tryFile(path: string): void {
  try {
    using _part = beginPartSoon(path);
  } catch (error) {
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
    if (isFile && isPartName(name)) Deno.removeSync(join(folder, name));
  }
}

function refuseHeld(path: string): never {
  throw new InputError(
    `Cannot write ${path}: another process is writing it; wait for it, or choose another place`,
  );
}

/** An unfinished file, held by this process; disposing of it removes what was not finished. */
interface Part extends Disposable {
  path: string;
  /** Renames it to its place. */
  finish(): Promise<void>;
}

/** Creates the unfinished file for a place, empty; undefined if a living process is writing it. */
function beginPart(place: string): Part | undefined {
  const path = partPath(place);
  if (!removeLeftover(path)) return undefined;
  let file: Deno.FsFile;
  try {
    file = Deno.openSync(path, { write: true, createNew: true });
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return undefined;
    throw error;
  }
  // Another process may have taken it for a leftover in the meantime.
  const isOurs = !LOCKS_ARE_ADVICE || file.tryLockSync(true) && entryAt(path)?.ino === file.statSync().ino;
  if (!isOurs) {
    file.close();
    return undefined;
  }
  return {
    path,
    async finish() {
      using written = Deno.openSync(path, { write: true });
      await written.syncData(); // otherwise a power cut could leave an empty file under the new name
      Deno.renameSync(path, place);
    },
    [Symbol.dispose]() {
      try {
        if (entryAt(path)?.ino === file.statSync().ino) Deno.removeSync(path);
      } catch {
        // An earlier error is the one to report; what is left is removed by the next process that writes here.
      } finally {
        file.close();
      }
    },
  };
}

/** The same, but waits for a process that is writing it. */
function beginPartSoon(place: string): Part {
  const never = new Int32Array(new SharedArrayBuffer(4));
  for (let i = 0; i < ATTEMPTS; i++) {
    const part = beginPart(place);
    if (part) return part;
    Atomics.wait(never, 0, 0, PAUSE);
  }
  return refuseHeld(place);
}

/** Mandatory locks, as on Windows, would prevent the writing of a file that is held. */
const LOCKS_ARE_ADVICE = Deno.build.os !== "windows";

/** Removes an unfinished file that a killed process left. Returns whether nothing is there now. */
function removeLeftover(path: string): boolean {
  const entry = entryAt(path);
  if (!entry) return true;
  if (!entry.isFile) throw new InputError(`Cannot write ${path}: it is ${kindOf(entry)}; remove it`);
  using lock = LOCKS_ARE_ADVICE ? tryLock(path) : undefined;
  if (!lock && LOCKS_ARE_ADVICE) return false;
  Deno.removeSync(path);
  return true;
}
