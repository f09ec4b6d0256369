/**
 * Where a run goes if nobody says.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { FILES } from "./files.ts";

/** Whether a run is in a folder. */
export const holdsRun = (path: string): boolean => existsSync(join(path, FILES.run.path));

/** The folder, or the next of its name in which there is no run. */
export function freeFolder(folder: string): string {
  if (!holdsRun(folder)) return folder;
  for (let number = 2;; number++) {
    if (!holdsRun(`${folder}-${number}`)) return `${folder}-${number}`;
  }
}
