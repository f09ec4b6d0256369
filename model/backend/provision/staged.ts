/**
 * The engine's folders: each is made next to its place, and renamed when it is complete. Because other programs fill them, they carry a
 * mark; a folder without it is never removed, wherever AUTOMLP_CACHE points.
 *
 * @module
 */
import { basename, join } from "node:path";
import { InputError } from "../../../pipeline/contract/errors.ts";
import { announce } from "../../../pipeline/contract/files/changes.ts";
import { tryLock } from "../../../pipeline/contract/files/lock.ts";
import { isOwnFolder, makeOwnFolder, removeOwnFolder } from "../../../pipeline/contract/files/made.ts";
import { idUnderWay, previousPath, stagedPath } from "../../../pipeline/contract/files/names.ts";
import { entryAt, isSystemError } from "../../../pipeline/contract/files/system.ts";
import { writeTextSync } from "../../../pipeline/contract/files/write.ts";
import { readJson } from "./store.ts";

/** A folder that is being made. */
export interface StagedEngine {
  path: string;
  /** Id in the folder's mark and name, and later in its file of facts. */
  id: string;
}

/** Makes an empty folder next to `place`, to be moved there when it is complete. Only the holder of the lock may call it. */
export function stage(place: string): StagedEngine {
  const id = crypto.randomUUID(), path = stagedPath(place, id);
  makeOwnFolder(path, id);
  return { path, id };
}

/**
 * Writes a folder's facts into it and moves it to its place, where it may replace an earlier one.
 *
 * @param file The name of the facts' file, `library.json` or `binding.json`.
 * @throws {InputError} if something that was not made this way is there.
 */
export function put({ path, id }: StagedEngine, place: string, file: string, facts: object): void {
  writeTextSync(join(path, file), JSON.stringify({ ...facts, made: id }, null, 2) + "\n");
  const made = readJson<{ made?: string }>(join(place, file))?.made;
  const old = made && isOwnFolder(place, made) ? previousPath(place, made) : undefined;
  if (old) {
    announce(`rename ${basename(place)} to ${basename(old)}`);
    Deno.renameSync(place, old);
  } else if (entryAt(place)) {
    throw new InputError(`something is at ${place} that this version did not make: move or remove it`);
  }
  announce(`rename ${basename(path)}`);
  Deno.renameSync(path, place);
  if (old) removeOwnFolder(old, made);
}

/** Removes a folder that was not completed. */
export const drop = ({ path, id }: StagedEngine): boolean => removeOwnFolder(path, id);

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
  for (const { path, id } of underWay(folder)) {
    try {
      removeOwnFolder(path, id);
    } catch (error) {
      if (!isSystemError(error)) throw error;
    }
  }
}

const underWay = (folder: string): StagedEngine[] =>
  Array.from(Deno.readDirSync(folder), ({ name }) => ({ path: join(folder, name), id: idUnderWay(name) }))
    .filter((found): found is StagedEngine => found.id !== undefined);
