/**
 * Handles what killed processes left beside a place: it is recognized by its name, proved to be ours by the record in it, and removed or
 * put back. Anything whose lock a living process holds is left alone.
 *
 * @module
 */
import { basename, dirname, resolve } from "node:path";
import { InputError } from "../errors.ts";
import { announce } from "./changes.ts";
import { tryLock } from "./lock.ts";
import { removeIfEmpty, removeMarked, removeUnmarked } from "./made.ts";
import { idsBesideFolder, lockPath, previousPath, stagedPath } from "./names.ts";
import { type OwnFolder, recogniseFolder, removeOwn } from "./recognise.ts";
import { FolderRecord, readTextSync, RECORD } from "./record.ts";
import { entryAt, isSystemError } from "./system.ts";

/** Removes a staged folder, if its record has the same id as its name. */
export function removeStaged(path: string, id: string): void {
  if (!entryAt(path)?.isDirectory) return;
  if (FolderRecord.read(path)?.facts.id === id) removeMarked(path, RECORD);
  else removeUnmarked(path, RECORD);
}

/**
 * Notes in a lock which other files of the folder that is about to be replaced may be removed: files of ours that were changed since, which
 * the caller knew when asking for the replacement.
 */
export function noteReplaced(lock: Deno.FsFile, { changed }: OwnFolder): void {
  if (changed.length === 0) return;
  announce("write the lock");
  lock.writeSync(new TextEncoder().encode(JSON.stringify(changed)));
}

function notedIn(lock: string): string[] {
  try {
    return JSON.parse(readTextSync(lock, MAX_NOTE_BYTES));
  } catch {
    return []; // nothing was noted, or the note is incomplete: then nothing was replaced either
  }
}

/** Maximum size of a note; one of a million files would be smaller. */
const MAX_NOTE_BYTES = 256 << 20;

/**
 * Removes what is left of a folder that was replaced: files of ours that are unchanged, or were known to be changed.
 *
 * @param changed Files that were known to be changed.
 * @returns The files that stay.
 */
export function removePrevious(old: string, changed: readonly string[]): string[] {
  if (!entryAt(old)?.isDirectory) return [];
  const now = recogniseFolder(old);
  const known = now?.changed.filter((path) => changed.includes(path)) ?? [];
  if (now) return removeOwn(old, [...now.own, ...known], now.knownBy);
  removeIfEmpty(old); // killed after its record was removed
  return [];
}

/** Removes staged folders, and old ones whose replacement is in place. A folder without a lock is not one of them, whatever its name. */
export function removeLeftovers(target: string): void {
  if (!entryAt(dirname(target))?.isDirectory) return;
  for (const id of idsBesideFolder(target)) {
    const lock = freeLockOf(target, id);
    if (!lock || lock === "held") continue;
    try {
      removeStaged(stagedPath(target, id), id);
      removePrevious(previousPath(target, id), notedIn(lockPath(target, id)));
      removeLock(target, id);
    } catch (error) {
      // It stays, because it cannot be proved to be ours, or cannot be removed.
      if (!(error instanceof InputError || isSystemError(error))) throw error;
    } finally {
      lock.close();
    }
  }
}

/** Removes a lock that this process holds and no other process waits for. */
export function removeLock(target: string, id: string): void {
  const path = lockPath(target, id);
  announce(`remove ${basename(path)}`);
  Deno.removeSync(path);
}

/** Tries to take the lock of a staged folder: returns the lock, `"held"` if a living process has it, or undefined if it is gone. */
function freeLockOf(target: string, id: string): Deno.FsFile | "held" | undefined {
  const path = lockPath(target, id);
  return entryAt(path)?.isFile ? tryLock(path) ?? "held" : undefined;
}

/** How long a reader waits for a process that is between two renames, in milliseconds. */
const PATIENCE_MS = 2000;

/**
 * Repairs the state after a kill between two renames: if nothing is at `folder` but its old folder exists, puts that back. Called before a
 * folder is read or replaced; waits for a living process that is between the two renames.
 */
export function recoverFolder(folder: string): void {
  const target = resolve(folder);
  if (entryAt(target) || !entryAt(dirname(target))?.isDirectory) return;
  for (const id of idsBesideFolder(target)) {
    const old = previousPath(target, id);
    // If the staged folder is gone, it was renamed to its place, and has been moved or removed by somebody since.
    if (!entryAt(old)?.isDirectory || !entryAt(stagedPath(target, id))?.isDirectory) continue;
    const lock = waitForLock(target, id);
    if (lock === "held") return;
    if (!entryAt(target) && entryAt(old) && recogniseFolder(old)) {
      announce(`rename ${basename(old)} to ${basename(target)}`);
      Deno.renameSync(old, target);
    }
    lock?.close(); // the staged folder is removed by the next process that writes here
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
