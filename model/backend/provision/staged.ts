/**
 * The engine's folders: each is made beside its place, and renamed when it is whole. Other programs fill them, so that they carry a
 * mark; a folder without it is never removed, wherever AUTOMLP_CACHE leads to.
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

/** A folder under way. */
export interface StagedEngine {
  path: string;
  /** In its mark and its name, and then in the file of its facts. */
  id: string;
}

/** An empty folder beside `place`, to be put there when it is whole. Only the holder of the lock makes one. */
export function stage(place: string): StagedEngine {
  const id = crypto.randomUUID(), path = stagedPath(place, id);
  makeOwnFolder(path, id);
  return { path, id };
}

/**
 * Writes a folder's facts into it and puts it in its place, also of an earlier one.
 *
 * @param file The name of the facts' file, `library.json` or `binding.json`.
 * @throws {InputError} if something that was not made so is there.
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

/** Removes a folder that did not become whole. */
export const drop = ({ path, id }: StagedEngine): boolean => removeOwnFolder(path, id);

/** The file that the process which makes an engine in a folder holds the lock of. */
export const lockIn = (folder: string): string => join(folder, "lock");

/** Removes what killed processes left, unless one is at work. */
export function sweep(folder: string): void {
  if (!entryAt(folder)?.isDirectory || underWay(folder).length === 0 || !entryAt(lockIn(folder))?.isFile) {
    return;
  }
  using lock = tryLock(lockIn(folder));
  if (lock) removeLeftovers(folder);
}

/** The same for the holder of the lock. What the system does not let be removed stays. */
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
