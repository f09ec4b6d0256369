/**
 * One process at a time works on a run.
 *
 * @module
 */
import { join } from "node:path";
import { InputError } from "../../pipeline/contract/errors.ts";
import { openLock } from "../../pipeline/contract/files/lock.ts";
import { cannotWrite } from "../../pipeline/contract/files/system.ts";

/** The lock's file in a run folder. */
export const LOCK = ".lock";

/**
 * Takes a run folder for this process until the lock is disposed of or the process ends, however it ends.
 *
 * @param path The folder; it exists.
 * @throws {InputError} if another process works on it, or it cannot be written to.
 */
export function lockRun(path: string): Disposable {
  const file = join(path, LOCK);
  let lock: Deno.FsFile;
  try {
    lock = openLock(file);
  } catch (error) {
    throw cannotWrite(file, error);
  }
  if (!lock.tryLockSync(true)) {
    lock.close();
    throw new InputError(
      `Cannot write to the run ${path}: another process is at work on it; wait for it, or give another folder with --out`,
    );
  }
  return { [Symbol.dispose]: () => lock.close() };
}
