/**
 * The paths that a command needs to write a folder or a file at a place, and no others.
 *
 * @module
 */
import { basename, dirname, join, resolve } from "node:path";
import { lockPath, newPath, notePath, oldPath, partPath } from "../../contract/files/stage.ts";

/** Returns the paths for replacing a folder: itself, and what is beside it meanwhile. */
export function replacedFolder(place: string): string[] {
  const target = realPath(place), parent = dirname(target);
  if (!isFolder(parent)) return [parent]; // it is created, too
  return [target, newPath(target), oldPath(target), lockPath(target)];
}

/** Returns the path of the notes about a cluster's work for a place. */
export const notedBeside = (place: string): string[] => [notePath(realPath(place))];

/** Returns the paths for replacing a file: itself, and the unfinished one beside it. */
export function replacedFile(place: string): string[] {
  const target = realPath(place);
  return isFolder(dirname(target)) ? [target, partPath(target)] : []; // else the command reports that the folder is missing
}

/** Returns the paths for working within a folder: the given one, and the one without links. */
export const wholeFolder = (place: string): string[] => [...new Set([resolve(place), realPath(place)])];

/** Whether a folder is there. Links are followed. */
export const isFolder = (path: string): boolean => entryAt(path)?.isDirectory ?? false;

/** Whether a file is there, or a pipe. */
export const isFile = (path: string): boolean => isThere(path) && !isFolder(path);

/** Whether a run is in a folder: `model/runs/files.ts` has the name. */
export const holdsRun = (path: string): boolean => isThere(join(path, "run.json"));

/** Whether a prepared dataset is in a folder: `pipeline/contract/dataset/store.ts` has the name. */
export const holdsDataset = (path: string): boolean => isThere(join(path, "manifest.json"));

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
