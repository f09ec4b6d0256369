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

/** Writes into a file whose lock this process has taken who that is, for those who find it held. A full disk, say, is no reason not to work. */
export function signLock(lock: Deno.FsFile): void {
  try {
    lock.truncateSync(0);
    lock.writeSync(new TextEncoder().encode(`${Deno.pid} ${new Date().toISOString()}\n`));
  } catch (error) {
    if (!isSystemError(error)) throw error;
  }
}

/** Lets go of a lock that was signed: nobody is named any more. */
export function closeSigned(lock: Deno.FsFile): void {
  try {
    lock.truncateSync(0);
  } catch (error) {
    if (!isSystemError(error)) throw error;
  } finally {
    lock.close();
  }
}

/**
 * Who holds the lock of a file for himself, in words that follow on others: ` in process 4711, since 2026-11-02 03:00 UTC`.
 *
 * @returns undefined where nobody says so, as those who only read do not.
 */
export function holderOf(path: string): string | undefined {
  if (isHeld(path) !== true) return undefined; // what it says is of somebody who was killed
  try {
    const [, pid, since] = /^(\d+) (\d{4}-\d\d-\d\dT\d\d:\d\d)\S*\n$/.exec(Deno.readTextFileSync(path)) ?? [];
    if (pid === undefined) return undefined;
    return ` in ${Number(pid) === Deno.pid ? "this process" : `process ${pid}`}, since ${
      since.replace("T", " ")
    } UTC`;
  } catch (error) { // Windows gives nobody what is locked
    if (!isSystemError(error)) throw error;
  }
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
