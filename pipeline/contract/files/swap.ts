/**
 * Puts a finished folder in the place of another, so that a kill at any moment leaves either the old one or the new one.
 *
 * The new folder is made beside the place as `.NAME.new-ID`. If there is an old one, it is renamed to `.NAME.previous-ID`, the new one
 * gets its name, and then our files in the old one are removed. A kill between the two renames is repaired by the next process that comes.
 * Only what we made is removed: a staged folder if its record has the id of its name; an old one file by file.
 *
 * @module
 */
import { basename, dirname } from "node:path";
import { InputError } from "../errors.ts";
import { announce } from "./changes.ts";
import { noteReplaced, removeLock, removePrevious, removeStaged } from "./leftovers.ts";
import { removeIfEmpty } from "./made.ts";
import { idFor, lockPath, previousPath, stagedPath } from "./names.ts";
import type { FolderPlace } from "./place.ts";
import { type OwnFolder, someOf } from "./recognise.ts";
import { FolderRecord } from "./record.ts";
import { entryAt, firstLine, makeFolder } from "./system.ts";

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

/**
 * Creates a new, empty folder beside a place that was claimed.
 *
 * @throws errors of the file system, if there is no space or permission to write there; nothing is left behind.
 */
export async function stageFolder(place: FolderPlace): Promise<StagedFolder> {
  const { path: target } = place, id = idFor(target), path = stagedPath(target, id);
  const record = FolderRecord.begin(path, place.kind, id);
  let staged: StagedFolder | undefined;
  try {
    const above = makeFolder(dirname(target));
    announce(`create ${basename(lockPath(target, id))}`);
    const lock = Deno.openSync(lockPath(target, id), { write: true, createNew: true });
    staged = { place, path, record, above, lock };
    lock.lockSync(true);
    announce(`mkdir ${basename(path)}`);
    Deno.mkdirSync(path);
    if (place.mode !== undefined) givePermissions(path, place.mode | OWNER_MAY_ALL);
    await record.save();
    return staged;
  } catch (error) {
    if (staged) dropQuietly(staged);
    throw error;
  }
}

/**
 * Puts a staged folder in its place. What was there of ours is removed afterwards; anything that was added since the place was
 * checked stays.
 *
 * @returns A warning if something of the old folder was kept.
 * @throws {InputError} if the place was taken in the meantime.
 */
export async function placeFolder({ place, path, record, lock }: StagedFolder): Promise<string | undefined> {
  const { path: target, previous, mode } = place, { id } = record.facts;
  await record.save();
  const old = previousPath(target, id);
  try {
    if (mode !== undefined) givePermissions(path, mode);
    if (previous) {
      refuseOther(target, previous);
      noteReplaced(lock, previous);
      announce(`rename ${basename(target)} to ${basename(old)}`);
      Deno.renameSync(target, old);
    }
    announce(`rename ${basename(path)}`);
    Deno.renameSync(path, target); // refused by the system if a file, or a folder that is not empty, has appeared there
  } catch (error) {
    if (entryAt(old) && !entryAt(target)) {
      announce(`rename ${basename(old)} to ${basename(target)}`);
      Deno.renameSync(old, target);
    }
    const kept = entryAt(old) ? `; the folder that was there before is now ${old}` : "";
    if (isImmovable(error)) {
      throw new InputError(
        `Cannot put the finished folder at ${target}: the system does not let the folder that is there be replaced, as where a volume is mounted or a container's image brought it (${
          firstLine(error)
        })${kept}; choose another folder with --out`,
      );
    }
    if (!previous && entryAt(target)) {
      throw new InputError(
        `Cannot put the finished folder at ${target}: something else was put there meanwhile; ${ELSEWHERE}`,
      );
    }
    throw new InputError(`Cannot put the finished folder at ${target}: ${firstLine(error)}${kept}`);
  }
  const rest = previous ? removePrevious(old, previous.changed) : [];
  removeLock(target, id);
  lock.close();
  return rest.length === 0
    ? undefined
    : `${target} was replaced; of the old folder, what automlp did not write or may not remove (${
      someOf(rest)
    }) is kept in ${old}`;
}

/** Permissions that the owner needs while a folder is filled. */
const OWNER_MAY_ALL = 0o700;

/** Gives a folder the permissions of another: a private folder stays private when it is replaced. */
function givePermissions(path: string, mode: number): void {
  const PERMISSIONS = 0o7777; // the rest of a mode says that it is a folder
  const has = Deno.lstatSync(path).mode ?? mode;
  // Some file systems know no permissions, and refuse any change.
  if ((has & PERMISSIONS) === (mode & PERMISSIONS)) return;
  announce(`chmod ${basename(path)}`);
  Deno.chmodSync(path, mode & PERMISSIONS);
}

const ELSEWHERE = "try again, or choose another folder with --out";

/** Whether the system refuses to move folders from or to a place, such as the root of a volume or the lower layer of an overlay. */
const isImmovable = (error: unknown): boolean =>
  error instanceof Error && "code" in error && (error.code === "EBUSY" || error.code === "EXDEV");

/** Checks once more, before a folder is replaced, that it is still the one that was claimed. */
function refuseOther(target: string, { id }: OwnFolder): void {
  if (!entryAt(target)?.isDirectory || FolderRecord.read(target)?.facts.id !== id) {
    throw new Error(`another folder has come there since; ${ELSEWHERE}`);
  }
}

/**
 * Removes a staged folder with its lock and the empty folders made for it. Ignores errors, because an earlier error is the one to report.
 */
export function dropQuietly({ place, path, record, above, lock }: StagedFolder): void {
  try {
    removeStaged(path, record.facts.id);
    removeLock(place.path, record.facts.id);
    above.forEach(removeIfEmpty);
  } catch {
    // What is left is removed by the next run.
  } finally {
    lock.close();
  }
}
