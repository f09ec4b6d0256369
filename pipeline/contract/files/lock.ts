/** Lock files: a process holds one as long as it works, and loses it however it ends. */
import { InputError } from "../errors/classes.ts";
import { isSystemError } from "../errors/system.ts";
import { entryAt, kindOf } from "./readable.ts";

/** Name of the lock in a kept folder, held by the process that works on it. */
export const LOCK = ".lock";

/**
 * Takes the lock of an existing file.
 *
 * @returns The locked file; undefined if a living process holds the lock, or may hold it because this process cannot open the file.
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
 * Opens a file in order to lock it. It is created if it does not exist, and is not written to.
 *
 * @param more Additional options for opening it.
 * @throws {InputError} if something else is in its place, such as a link, or a pipe, which could wait forever; errors of the file system.
 */
export function openLock(path: string, more: Deno.OpenOptions = {}): Deno.FsFile {
  const entry = entryAt(path);
  if (entry && !entry.isFile) throw new InputError(`Cannot lock ${path}: it is ${kindOf(entry)}; remove it`);
  return Deno.openSync(path, { ...more, write: true, create: true });
}

/**
 * Creates and takes a lock that its holder removes when the work is done.
 *
 * @returns The locked file; undefined if another process holds it.
 * @throws as {@link openLock}.
 */
export function takeLock(path: string, more: Deno.OpenOptions = {}): Deno.FsFile | undefined {
  for (;;) {
    const file = openLock(path, more), isFree = file.tryLockSync(true);
    // The previous holder may have removed it since it was opened.
    if (isFree && entryAt(path)?.ino === file.statSync().ino) return file;
    file.close();
    if (!isFree) return undefined;
  }
}

/** Writes the process's id and the time into a file that it has locked, for others who find it held. Ignores errors such as a full disk. */
export function signLock(lock: Deno.FsFile): void {
  try {
    lock.truncateSync(0);
    lock.writeSync(new TextEncoder().encode(`${Deno.pid} ${new Date().toISOString()}\n`));
  } catch (error) {
    if (!isSystemError(error)) throw error;
  }
}

/** Releases a lock that was signed, and removes the signature. */
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
 * Says who holds the exclusive lock of a file, as a continuation of a sentence: ` in process 4711, since 2026-11-02 03:00 UTC`.
 *
 * @returns The words; undefined if the file does not say, as with processes that only read.
 */
export function holderOf(path: string): string | undefined {
  if (isHeld(path) !== true) return undefined; // its content is from a process that was killed
  try {
    const [, pid, since] = /^(\d+) (\d{4}-\d\d-\d\dT\d\d:\d\d)\S*\n$/.exec(Deno.readTextFileSync(path)) ?? [];
    if (pid === undefined) return undefined;
    return ` in ${Number(pid) === Deno.pid ? "this process" : `process ${pid}`}, since ${
      since.replace("T", " ")
    } UTC`;
  } catch (error) { // on Windows, nobody can read a locked file
    if (!isSystemError(error)) throw error;
  }
}

/**
 * Takes a shared lock of a file, together with others who only read: meanwhile nobody can take an exclusive one.
 *
 * @returns The locked file; `"held"` if a living process has an exclusive lock; undefined if there is no such file, or it cannot be opened.
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
 * Whether a living process holds the exclusive lock of a file, for callers who only look and may not write.
 *
 * @returns The answer; undefined if it is unknown because there is no such file, or it cannot be opened.
 */
export function isHeld(path: string): boolean | undefined {
  const lock = shareLock(path);
  if (lock === "held") return true;
  lock?.close();
  return lock && false;
}
