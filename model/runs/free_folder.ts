/**
 * Chooses a folder for a run if none is given.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { isHeld, LOCK } from "../../pipeline/contract/files/lock.ts";
import { FILES } from "./files.ts";

/** Whether a run is in a folder. */
export const holdsRun = (path: string): boolean => existsSync(join(path, FILES.run.path));

/** Folders that this process has chosen for runs, which may not exist yet. */
const chosen = new Set<string>();

/** Whether a run is in a folder, or is about to be. */
const isTaken = (path: string): boolean =>
  holdsRun(path) || chosen.has(resolve(path)) || isHeld(join(path, LOCK)) === true;

/** Returns the folder, or the next one of that name without a run: `NAME-2` … */
export function freeFolder(folder: string): string {
  if (!isTaken(folder)) return folder;
  for (let number = 2;; number++) {
    if (!isTaken(`${folder}-${number}`)) return `${folder}-${number}`;
  }
}

/** The same, but reserves the folder within this process until it is disposed of, because two runs may begin at once. */
export function chooseFolder(folder: string): { path: string } & Disposable {
  const path = freeFolder(folder), place = resolve(path);
  chosen.add(place);
  return { path, [Symbol.dispose]: () => void chosen.delete(place) };
}
