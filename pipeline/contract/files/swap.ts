/**
 * Puts a finished folder in the place of another, so that a kill at any moment leaves either the old one or the new one.
 *
 * The new folder is made beside its place. If there is an old one, it is renamed, the new one gets its name, and then our files in the old
 * one are removed. After a kill between the two renames, the next command that writes there puts the old one back.
 *
 * @module
 */
import { dirname, join } from "node:path";
import { InputError } from "../errors.ts";
import { firstLine, isSystemError } from "../errors/system.ts";
import {
  examine,
  type FolderKind,
  FolderRecord,
  type OwnFolder,
  RECORD,
  removeFiles,
  someOf,
} from "./checksums.ts";
import { takeLock } from "./lock.ts";
import { entryAt, walk } from "./readable.ts";
import { lockPath, makeFolder, newPath, oldPath, partPath, removeIfEmpty, writeTextSync } from "./stage.ts";

/** A folder that may be written: its real path, and what of ours is already there. */
export interface FolderPlace {
  /** Absolute path, without links. */
  path: string;
  kind: FolderKind;
  /** The folder that is replaced; undefined if there is nothing or an empty folder. */
  previous?: OwnFolder;
  /** Permissions of the existing folder, which the new one gets. */
  mode?: number;
}

/** A staged folder: one that is being filled beside the place that it is for. */
export interface StagedFolder {
  place: FolderPlace;
  path: string;
  /** Files are entered here as they are written; {@link placeFolder} saves it. */
  record: FolderRecord;
  /** The folders above it that were made for it, lowest first. */
  above: string[];
  /** Held as long as the process lives: a leftover whose lock is free belongs to a killed run. */
  lock: Deno.FsFile;
}

/** Milliseconds between two looks at a lock that another process holds. */
const LOOK_MS = 100;

/**
 * Creates a new, empty folder beside a place that was claimed.
 *
 * @param options.wait Whether to wait for another process that is writing there.
 * @throws {InputError} if another process is writing there; errors of the file system, if there is no space or permission to write there.
 * Nothing is left behind.
 */
export async function stageFolder(
  place: FolderPlace,
  { wait = false }: { wait?: boolean } = {},
): Promise<StagedFolder> {
  const { path: target, mode } = place, path = newPath(target), above = makeFolder(dirname(target));
  let lock = takeLock(lockPath(target));
  while (!lock && wait) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    lock = takeLock(lockPath(target));
  }
  if (!lock) {
    throw new InputError(
      `Cannot write ${target}: another command is at work for it; wait for its end, or choose another folder with --out`,
    );
  }
  const staged = { place, path, record: FolderRecord.begin(path, place.kind), above, lock };
  try {
    tidy(target);
    if (entryAt(oldPath(target))) {
      throw new InputError(
        `Cannot write ${target}: ${
          oldPath(target)
        }, which was replaced, holds what automlp did not write; move it`,
      );
    }
    Deno.mkdirSync(path);
    if (mode !== undefined) givePermissions(path, mode);
    await staged.record.save();
    return staged;
  } catch (error) {
    dropQuietly(staged);
    throw error;
  }
}

/** Gives a folder the permissions of another, and all to its owner: a private folder stays private when it is replaced. */
function givePermissions(path: string, mode: number): void {
  const wanted = mode & 0o7777 | 0o700, has = Deno.lstatSync(path).mode ?? wanted;
  // Some file systems know no permissions, and refuse any change.
  if ((has & 0o7777) !== wanted) Deno.chmodSync(path, wanted);
}

/**
 * Puts a staged folder in its place. What was there of ours is removed afterwards; anything that was added since the place was
 * checked stays.
 *
 * @returns A warning if something of the old folder was kept.
 * @throws {InputError} if the place was taken in the meantime.
 */
export async function placeFolder({ place, path, record, lock }: StagedFolder): Promise<string | undefined> {
  await record.save();
  const { path: target, previous } = place, old = oldPath(target);
  const refuse = (state: string) =>
    new InputError(
      `Cannot put the finished folder at ${target}: ${state}; try again, or choose another folder with --out`,
    );
  if (previous && !isStill(target, previous)) throw refuse("another folder has come there since");
  try {
    if (previous) Deno.renameSync(target, old);
    Deno.renameSync(path, target); // refused by the system if a file, or a folder that is not empty, has appeared there
  } catch (error) {
    if (previous && entryAt(old) && !entryAt(target)) Deno.renameSync(old, target);
    const isTaken = !previous && entryAt(target);
    throw refuse(isTaken ? "something else was put there meanwhile" : firstLine(error));
  }
  const rest = previous ? removeOld(old, previous.changed) : [];
  release(target, lock);
  return rest.length === 0
    ? undefined
    : `${target} was replaced; of the old folder, what automlp did not write or may not remove (${
      someOf(rest)
    }) is kept in ${old}`;
}

/**
 * Removes a staged folder with its lock and the empty folders made for it. Ignores errors, because an earlier error is the one to report.
 */
export function dropQuietly({ place, path, above, lock }: StagedFolder): void {
  try {
    removeOwnFolder(path, RECORD);
    release(place.path, lock);
    above.forEach(removeIfEmpty);
  } catch {
    lock.close(); // what is left is removed by the next run
  }
}

/** Whether the folder that was claimed is still at its place. */
const isStill = (target: string, { record }: OwnFolder): boolean =>
  entryAt(target)?.isDirectory === true && FolderRecord.read(target)?.facts.id === record.facts.id;

function release(target: string, lock: Deno.FsFile): void {
  Deno.removeSync(lockPath(target));
  lock.close();
}

/** Removes or puts back what killed processes left beside a place, unless a living one is at work there. */
export function recoverPlace(target: string): void {
  if (![newPath, oldPath, lockPath].some((beside) => entryAt(beside(target)))) return;
  const lock = takeLock(lockPath(target));
  if (!lock) return;
  try {
    tidy(target);
  } catch (error) {
    if (!(error instanceof InputError || isSystemError(error))) throw error; // it stays, and is in the way of the next folder
  } finally {
    release(target, lock);
  }
}

/** Does so for the holder of the lock. */
function tidy(target: string): void {
  const old = oldPath(target);
  removeOwnFolder(newPath(target), RECORD);
  if (!entryAt(old)?.isDirectory) return;
  if (!entryAt(target) && FolderRecord.read(old)) Deno.renameSync(old, target);
  else removeOld(old);
}

/**
 * Removes our files from a folder that was replaced.
 *
 * @param changed Files that were known to be changed when it was to be replaced.
 * @returns What stays.
 */
function removeOld(old: string, changed: readonly string[] = []): string[] {
  const now = examine(old);
  if (now) return removeFiles(old, [...now.own, ...now.changed.filter((path) => changed.includes(path))]);
  removeIfEmpty(old); // killed after its record was removed
  return [];
}

/** The mark of a folder that another program, such as pip or tar, fills for us. */
const MARK = ".made-by-automlp.json";

/**
 * Creates a new folder with a mark: it may be removed with everything in it.
 *
 * @throws errors of the file system, also if something already exists at the path.
 */
export function makeOwnFolder(path: string): void {
  Deno.mkdirSync(path);
  writeTextSync(join(path, MARK), '{ "format": "automlp-folder" }\n');
}

/** Whether a folder is one that {@link makeOwnFolder} made. */
export const isOwnFolder = (path: string): boolean =>
  entryAt(path)?.isDirectory === true && entryAt(join(path, MARK))?.isFile === true;

/**
 * Removes a folder that {@link makeOwnFolder} made, with everything in it, the mark last, so that what a kill leaves is still recognized.
 * Links are removed, not followed. A folder without the mark stays, unless it is empty.
 *
 * @returns Whether nothing is left at the path.
 */
export function removeOwnFolder(path: string, mark = MARK): boolean {
  if (!entryAt(path)?.isDirectory) return !entryAt(path);
  if (entryAt(join(path, mark))?.isFile) {
    const all = [...walk(path)].filter((found) => found.path !== mark).toReversed();
    for (const found of [...all.map((found) => found.path), mark]) Deno.removeSync(join(path, found));
  } else if (entryAt(partPath(join(path, mark)))?.isFile) Deno.removeSync(partPath(join(path, mark)));
  removeIfEmpty(path);
  return !entryAt(path);
}
