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

/** Returns the paths for replacing a folder: itself, unfinished folders beside it, and what killed runs left there. */
export function replacedFolder(place: string, id: string): string[] {
  const target = realPath(place), parent = dirname(target);
  if (!isFolder(parent)) return [parent]; // it is created, too
  return [target, ...[id, ...seen(idsBesideFolder, target)].flatMap((id) => besideFolder(target, id))];
}

/** Returns the path of the notes about a cluster's work for a place. */
export const notedBeside = (place: string): string[] => [notePath(realPath(place))];

/** Returns the paths for replacing a file: itself, and unfinished files beside it. */
export function replacedFile(place: string, id: string): string[] {
  const target = realPath(place);
  if (!isFolder(dirname(target))) return []; // the command reports that the folder is missing
  return [target, ...[id, ...seen(idsBesideFile, target)].map((id) => partPath(target, id))];
}

/** Returns the paths for working within a folder: the given one, and the one without links. */
export const wholeFolder = (place: string): string[] => [...new Set([resolve(place), realPath(place)])];

/** Returns the paths for recovering from a kill: if nothing is at `place` and its old folder is beside it, a reader restores it. */
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

/** Returns ids of unfinished work beside a place; none if the folder may not be read, which the command reports. */
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
    return undefined; // also if it may not be read, which the command reports
  }
}

/** Returns the path without links; its last parts need not exist. */
function realPath(place: string): string {
  const path = resolve(place), parent = dirname(path);
  try {
    return Deno.realPathSync(path);
  } catch {
    return parent === path ? path : join(realPath(parent), basename(path));
  }
}
