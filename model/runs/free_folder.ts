/**
 * Where a run goes if nobody says.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { isHeld } from "../../pipeline/contract/files/lock.ts";
import { LOCK } from "../../pipeline/contract/files/names.ts";
import { FILES } from "./files.ts";

/** Whether a run is in a folder. */
export const holdsRun = (path: string): boolean => existsSync(join(path, FILES.run.path));

/** Folders that this process has chosen for runs, of which nothing need be there yet. */
const chosen = new Set<string>();

/** Whether a run is in a folder, or is about to be. */
const isTaken = (path: string): boolean =>
  holdsRun(path) || chosen.has(resolve(path)) || isHeld(join(path, LOCK)) === true;

/** The folder, or the next of its name in which there is no run. */
export function freeFolder(folder: string): string {
  if (!isTaken(folder)) return folder;
  for (let number = 2;; number++) {
    if (!isTaken(`${folder}-${number}`)) return `${folder}-${number}`;
  }
}

/** The same, and nobody else in this process is given it until it is disposed of: two runs may begin at once. */
export function chooseFolder(folder: string): { path: string } & Disposable {
  const path = freeFolder(folder), place = resolve(path);
  chosen.add(place);
  return { path, [Symbol.dispose]: () => void chosen.delete(place) };
}
