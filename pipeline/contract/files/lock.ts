/**
 * Files that are there to be locked.
 *
 * @module
 */
import { basename } from "node:path";
import { InputError } from "../errors/classes.ts";
import { announce } from "./changes.ts";
import { entryAt, isSystemError, kindOf } from "./system.ts";

/**
 * Takes the lock of a file that is there.
 *
 * @returns undefined if a living process holds it; or may hold it, where this process may not open the file.
 */
export function tryLock(path: string): Deno.FsFile | undefined {
  try {
    const file = Deno.openSync(path, { write: true });
    if (file.tryLockSync(true)) return file;
    file.close();
  } catch (error) {
    const { NotCapable, NotFound, PermissionDenied } = Deno.errors;
    if (![NotCapable, NotFound, PermissionDenied].some((kind) => error instanceof kind)) throw error;
  }
}

/**
 * Opens a file to be locked; made if it is not there, and not written to.
 *
 * @param more Other ways in which it is to be opened.
 * @throws {InputError} if something else is in its place: a link, a pipe, which could wait for ever; errors of the file system.
 */
export function openLock(path: string, more: Deno.OpenOptions = {}): Deno.FsFile {
  const entry = entryAt(path);
  if (entry && !entry.isFile) throw new InputError(`Cannot lock ${path}: it is ${kindOf(entry)}; remove it`);
  if (!entry) announce(`create ${basename(path)}`);
  return Deno.openSync(path, { ...more, write: true, create: true });
}

/**
 * Takes the lock of a file together with others who only read: nobody can take it for themselves meanwhile.
 *
 * @returns `"held"` if a living process has it for itself; undefined if there is no such file, or it cannot be opened.
 */
export function shareLock(path: string): Deno.FsFile | "held" | undefined {
  try {
    if (!entryAt(path)?.isFile) return undefined;
    const file = Deno.openSync(path, { read: true });
    if (file.tryLockSync(false)) return file;
    file.close();
    return "held";
  } catch (error) {
    if (isSystemError(error)) return undefined;
    throw error;
  }
}

/**
 * Whether a living process holds the lock of a file, for those who only look and may write nothing.
 *
 * @returns undefined where it cannot be told: there is no such file, or it cannot be opened.
 */
export function isHeld(path: string): boolean | undefined {
  const lock = shareLock(path);
  if (lock === "held") return true;
  lock?.close();
  return lock && false;
}
