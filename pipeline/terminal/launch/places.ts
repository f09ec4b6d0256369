/**
 * The paths that a command needs to write a folder or a file at a place, and no others.
 *
 * @module
 */
import { basename, dirname, join, resolve } from "node:path";
import {
  idsBesideFile,
  idsBesideFolder,
  lockPath,
  notePath,
  partPath,
  previousPath,
  stagedPath,
} from "../../contract/files/names.ts";

/** To replace a folder: itself, what is under way beside it, and what killed runs left there. */
export function replacedFolder(place: string, id: string): string[] {
  const target = realPath(place), parent = dirname(target);
  if (!isFolder(parent)) return [parent]; // it is made, too
  return [target, ...[id, ...seen(idsBesideFolder, target)].flatMap((id) => besideFolder(target, id))];
}

/** What is noted of work that a cluster does for a place. */
export const notedBeside = (place: string): string[] => [notePath(realPath(place))];

/** To replace a file: itself, and what is under way beside it. */
export function replacedFile(place: string, id: string): string[] {
  const target = realPath(place);
  if (!isFolder(dirname(target))) return []; // the command says that there is none
  return [target, ...[id, ...seen(idsBesideFile, target)].map((id) => partPath(target, id))];
}

/** To work within a folder, by the path that was given and by the one without links. */
export const wholeFolder = (place: string): string[] => [...new Set([resolve(place), realPath(place)])];

/** To undo what a kill left: where nothing is at `place` and its old folder lies beside it, a reader puts that back. */
export function recoveredFolder(place: string): string[] {
  const target = resolve(place);
  if (isThere(target) || !isFolder(dirname(target))) return [];
  const ids = [...seen(idsBesideFolder, target)];
  return ids.length === 0 ? [] : [target, ...ids.flatMap((id) => besideFolder(target, id))];
}

/** Whether a folder is there. Links are followed. */
export const isFolder = (path: string): boolean => entryAt(path)?.isDirectory ?? false;

/** Whether a file is there, or a pipe. */
export const isFile = (path: string): boolean => isThere(path) && !isFolder(path);

/** Whether a run is in a folder: `model/runs/files.ts` has the name. */
export const holdsRun = (path: string): boolean => isThere(join(path, "run.json"));

/** Whether a prepared dataset is in a folder: `pipeline/contract/dataset/store.ts` has the name. */
export const holdsDataset = (path: string): boolean => isThere(join(path, "manifest.json"));

const besideFolder = (place: string, id: string) =>
  [stagedPath, lockPath, previousPath].map((name) => name(place, id));

/** Ids of what is under way beside a place; none where the folder may not be looked at: the command says so. */
function seen(idsBeside: (place: string) => Set<string>, place: string): Set<string> {
  try {
    return idsBeside(place);
  } catch (error) {
    if (error instanceof Deno.errors.PermissionDenied) return new Set();
    throw error;
  }
}

const isThere = (path: string) => entryAt(path) !== undefined;

function entryAt(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.statSync(path);
  } catch {
    return undefined; // also if it may not be looked at: the command says so
  }
}

/** The path without links, of which the last parts need not exist. */
function realPath(place: string): string {
  const path = resolve(place), parent = dirname(path);
  try {
    return Deno.realPathSync(path);
  } catch {
    return parent === path ? path : join(realPath(parent), basename(path));
  }
}
