/**
 * The engine's folders: each is made next to its place, and renamed when it is complete. Because other programs fill them, they carry a
 * mark; a folder without it is never removed, wherever AUTOMLP_CACHE points.
 *
 * @module
 */
import { join } from "node:path";
import { InputError } from "../../../pipeline/contract/errors.ts";
import { isSystemError } from "../../../pipeline/contract/errors/system.ts";
import { tryLock } from "../../../pipeline/contract/files/lock.ts";
import { entryAt } from "../../../pipeline/contract/files/readable.ts";
import { isUnderWay, newPath, oldPath, writeTextSync } from "../../../pipeline/contract/files/stage.ts";
import { isOwnFolder, makeOwnFolder, removeOwnFolder } from "../../../pipeline/contract/files/swap.ts";

/** Makes an empty folder next to `place`, to be moved there when it is complete. Only the holder of the lock may call it. */
export function stage(place: string): string {
  const path = newPath(place);
  removeOwnFolder(path);
  makeOwnFolder(path);
  return path;
}

/**
 * Writes a folder's facts into it and moves it to its place, where it may replace an earlier one.
 *
 * @param file The name of the facts' file, `library.json` or `binding.json`.
 * @throws {InputError} if something that was not made this way is there.
 */
export function put(path: string, place: string, file: string, facts: object): void {
  writeTextSync(join(path, file), JSON.stringify(facts, null, 2) + "\n");
  const isReplaced = isOwnFolder(place), old = oldPath(place);
  if (!isReplaced && entryAt(place)) {
    throw new InputError(`something is at ${place} that this version did not make: move or remove it`);
  }
  if (isReplaced) Deno.renameSync(place, old);
  Deno.renameSync(path, place);
  if (isReplaced) removeOwnFolder(old);
}

/** Removes a folder that was not completed. */
export const drop = (path: string): boolean => removeOwnFolder(path);

/** Returns the lock file of a folder: the process that makes an engine there holds the lock. */
export const lockIn = (folder: string): string => join(folder, "lock");

/** Removes what killed processes left behind, unless a process is making an engine. */
export function sweep(folder: string): void {
  if (!entryAt(folder)?.isDirectory || underWay(folder).length === 0 || !entryAt(lockIn(folder))?.isFile) {
    return;
  }
  using lock = tryLock(lockIn(folder));
  if (lock) removeLeftovers(folder);
}

/** Does the same as {@link sweep}, for the holder of the lock. What the system does not allow to be removed stays. */
export function removeLeftovers(folder: string): void {
  for (const path of underWay(folder)) {
    try {
      removeOwnFolder(path);
    } catch (error) {
      if (!isSystemError(error)) throw error;
    }
  }
}

const underWay = (folder: string): string[] =>
  Array.from(Deno.readDirSync(folder), ({ name }) => name).filter(isUnderWay).map((name) =>
    join(folder, name)
  );
