/**
 * Puts a finished folder in the place of another, so that a kill at any moment leaves the old one or the new one.
 *
 * The new folder is made beside the place as `.NAME.new-ID`. If there is an old one, it is renamed to `.NAME.previous-ID`, the new one
 * gets its name, and then our files in the old one are removed. A kill between the two renames is undone by whoever comes next.
 * Only what we made is removed: a folder under way by its record, which has the id of its name; an old one file by file.
 *
 * @module
 */
import { basename, dirname, resolve } from "node:path";
import { InputError } from "../errors.ts";
import { idFor, idsBesideFolder, lockPath, previousPath, stagedPath } from "./names.ts";
import type { FolderPlace } from "./place.ts";
import { type OwnFolder, recogniseFolder, removeOwn, someOf } from "./recognise.ts";
import { FolderRecord } from "./record.ts";
import { entryAt, firstLine, makeFolder } from "./system.ts";
import { announce } from "./write.ts";

/** A folder under way, beside the place that it is for. */
export interface StagedFolder {
  place: FolderPlace;
  path: string;
  /** Files are entered here as they are written; {@link placeFolder} saves it. */
  record: FolderRecord;
  /** Held by the living: a leftover whose lock is free belongs to a killed run. */
  lock: Deno.FsFile;
}

/** A new, empty folder beside a place that was claimed. Leftovers of killed runs are removed, or put back. */
export async function stageFolder(place: FolderPlace): Promise<StagedFolder> {
  const { path: target } = place;
  makeFolder(dirname(target));
  recoverFolder(target);
  removeLeftovers(target);
  const id = idFor(target), path = stagedPath(target, id);
  const lock = Deno.openSync(lockPath(target, id), { write: true, createNew: true });
  lock.lockSync(true);
  announce(`mkdir ${basename(path)}`);
  Deno.mkdirSync(path);
  const record = FolderRecord.begin(path, place.kind, id);
  const staged = { place, path, record, lock };
  try {
    await record.save();
  } catch (error) {
    dropQuietly(staged);
    throw error;
  }
  return staged;
}

/**
 * Puts a staged folder in its place. What was there of ours before is removed afterwards; whatever has come into it since it was
 * looked at stays.
 *
 * @returns A warning if something of the old folder was kept.
 * @throws {InputError} if the place was taken in the meantime.
 */
export async function placeFolder({ place, path, record, lock }: StagedFolder): Promise<string | undefined> {
  const { path: target, previous } = place, { id } = record.facts;
  await record.save();
  const old = previousPath(target, id);
  try {
    if (previous) {
      refuseOther(target, previous);
      announce(`rename ${basename(target)} to ${basename(old)}`);
      Deno.renameSync(target, old);
    }
    announce(`rename ${basename(path)}`);
    Deno.renameSync(path, target); // refused by the system if a folder with something in it, or a file, has come there
  } catch (error) {
    if (entryAt(old) && !entryAt(target)) Deno.renameSync(old, target);
    const kept = entryAt(old) ? `; the folder that was there before is now ${old}` : "";
    throw new InputError(`Cannot put the finished folder at ${target}: ${firstLine(error)}${kept}`);
  }
  const rest = previous ? removePrevious(old, previous) : [];
  freeLock(target, id, lock);
  return rest.length === 0
    ? undefined
    : `${target} was replaced; what automlp did not write of the old folder (${
      someOf(rest)
    }) is kept in ${old}`;
}

/** A last look before a folder is replaced: it is still the one that was claimed. */
function refuseOther(target: string, { id }: OwnFolder): void {
  if (FolderRecord.read(target)?.facts.id !== id) throw new Error("another folder has come there since");
}

/** Removes what is ours and still as it was when the folder was claimed. Returns what stays. */
function removePrevious(old: string, claimed: OwnFolder): string[] {
  const now = recogniseFolder(old);
  if (!now) return [];
  return removeOwn(old, [...now.own, ...now.changed.filter((path) => claimed.changed.includes(path))]);
}

/** Removes a staged folder with its lock, where something else went wrong, which is the error to report. */
export function dropQuietly({ place, path, record, lock }: StagedFolder): void {
  try {
    removeMade(path, record.facts.id);
    freeLock(place.path, record.facts.id, lock);
  } catch {
    // What is left is removed by the next run.
  }
}

function freeLock(target: string, id: string, lock: Deno.FsFile): void {
  Deno.removeSync(lockPath(target, id));
  lock.close();
}

/** Removes a folder under way: one whose record has the id that its name has. */
function removeMade(path: string, id: string): void {
  if (!entryAt(path)?.isDirectory) return;
  if (FolderRecord.read(path)?.facts.id === id) {
    announce(`remove ${basename(path)}`);
    Deno.removeSync(path, { recursive: true });
  } else if ([...Deno.readDirSync(path)].length === 0) {
    Deno.removeSync(path); // killed before the record was written
  }
}

/** What runs were killed at: folders under way, and old ones of which the new one is in place. */
function removeLeftovers(target: string): void {
  for (const id of idsBesideFolder(target)) {
    const lock = freeLockOf(target, id);
    if (lock === "held") continue;
    try {
      removeMade(stagedPath(target, id), id);
      const old = previousPath(target, id);
      const previous = entryAt(old)?.isDirectory ? recogniseFolder(old) : undefined;
      if (previous) removeOwn(old, previous.own);
      if (lock) Deno.removeSync(lockPath(target, id));
    } catch (error) {
      if (!(error instanceof InputError)) throw error; // it cannot be proved to be ours: it stays
    } finally {
      lock?.close();
    }
  }
}

/** The lock of a folder under way: taken, held by a living process, or gone. */
function freeLockOf(target: string, id: string): Deno.FsFile | "held" | undefined {
  const path = lockPath(target, id);
  if (!entryAt(path)?.isFile) return undefined;
  const lock = Deno.openSync(path, { write: true });
  if (lock.tryLockSync(true)) return lock;
  lock.close();
  return "held";
}

/** How long a reader waits for a process that is between two renames. */
const PATIENCE_MS = 2000;

/**
 * Undoes what a kill between two renames left: if nothing is at `folder` and its old folder is there, puts that back. Called before a
 * folder is read or replaced; waits for a living process that is between the two.
 */
export function recoverFolder(folder: string): void {
  const target = resolve(folder);
  if (entryAt(target) || !entryAt(dirname(target))?.isDirectory) return;
  for (const id of idsBesideFolder(target)) {
    const old = previousPath(target, id);
    // Where the folder under way is gone, it has got its name, and was moved or removed by somebody since.
    if (!entryAt(old)?.isDirectory || !entryAt(stagedPath(target, id))?.isDirectory) continue;
    const lock = waitForLock(target, id);
    if (lock === "held") return;
    if (!entryAt(target) && entryAt(old) && recogniseFolder(old)) Deno.renameSync(old, target);
    lock?.close(); // the folder under way is removed by the next process that writes here
    return;
  }
}

function waitForLock(target: string, id: string): Deno.FsFile | "held" | undefined {
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    const lock = freeLockOf(target, id);
    if (lock !== "held" || performance.now() > until) return lock;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
  }
}
