/**
 * One process at a time works on a run.
 *
 * @module
 */
import { join } from "node:path";
import { InputError } from "../../pipeline/contract/errors.ts";
import { cannotWrite } from "../../pipeline/contract/errors/system.ts";
import {
  closeSigned,
  holderOf,
  isHeld,
  LOCK,
  openLock,
  shareLock,
  signLock,
} from "../../pipeline/contract/files/lock.ts";

/**
 * Takes a run folder for this process until the lock is disposed of or the process ends, however it ends.
 *
 * @param path The folder, which must exist.
 * @throws {InputError} if another process or another job is working on it, or it cannot be written to.
 */
export function lockRun(path: string): Disposable {
  const file = join(path, LOCK);
  let lock: Deno.FsFile | undefined, isOurs: boolean;
  try {
    lock = openLock(file);
    isOurs = lock.tryLockSync(true) || lockSoon(lock);
  } catch (error) { // some file systems do not support locks
    lock?.close();
    throw cannotWrite(file, error);
  }
  if (!isOurs) {
    lock.close();
    const holder = holderOf(file) ?? ", in this process or another";
    throw new InputError(
      `Cannot write to ${path}: work on it is going on${holder}; wait for it, or give another folder with --out`,
    );
  }
  signLock(lock);
  return { [Symbol.dispose]: () => closeSigned(lock) };
}

/**
 * Keeps a run folder unchanged while it is copied, until the lock is disposed of: nobody can work on it meanwhile. If this process may not
 * open the lock, nothing is locked.
 *
 * @throws {InputError} if a process works on it.
 */
export function lockToCopy(path: string): Disposable {
  const lock = shareLock(join(path, LOCK));
  if (lock === "held") {
    throw new InputError(`Cannot copy ${path}: a process is at work on it; wait for it`);
  }
  return { [Symbol.dispose]: () => lock?.close() };
}

/** Number of further attempts to take a lock that is held, and the pause before each in milliseconds. */
const ATTEMPTS = 10, PAUSE = 50;

/** Tries again shortly: perhaps another process was only checking whether the lock is held. */
function lockSoon(lock: Deno.FsFile): boolean {
  const never = new Int32Array(new SharedArrayBuffer(4));
  return Array.from({ length: ATTEMPTS }).some(() => {
    Atomics.wait(never, 0, 0, PAUSE);
    return lock.tryLockSync(true);
  });
}

/** Whether it is certain that no process is working on a run; never certain for a run that was made without a lock. */
export const isLeft = (path: string): boolean => isHeld(join(path, LOCK)) === false;
