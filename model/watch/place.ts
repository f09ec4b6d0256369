/**
 * Whether a folder can be watched: it has a run, or one may begin there.
 *
 * @module
 */
import { join } from "node:path";
import { InputError } from "../../pipeline/contract/errors.ts";
import { folderKind } from "../../pipeline/contract/files/recognise.ts";
import { FOLDER_KINDS } from "../../pipeline/contract/files/record.ts";
import { firstLine, isMissing, isSystemError, kindOf } from "../../pipeline/contract/files/system.ts";
import { quoted } from "../../pipeline/terminal/quoted.ts";
import { listRuns } from "../report/list.ts";
import { hasRun } from "../runs/place.ts";

/**
 * Makes sure that a folder has a run, or that one can begin there.
 *
 * @returns Whether there is anything yet.
 * @throws {InputError} if something else is there, or it cannot be read.
 */
export function checkWatchable(path: string): boolean {
  const refuse = (problem: string) => new InputError(`Cannot watch ${path}: ${problem}`);
  try {
    const entry = Deno.statSync(path);
    if (!entry.isDirectory) throw refuse(`it is ${kindOf(entry)}; name a run folder`);
    if (hasRun(path)) return true;
    const kind = folderKind(path);
    if (kind === "run") return true;
    const runs = newestRuns(path);
    if (runs.length > 0) {
      throw refuse(
        `it is ${kind ? FOLDER_KINDS[kind] : "a folder"} of several runs; name one, as in deno task watch ${
          quoted(runs[0])
        }`,
      );
    }
    if (kind) throw refuse(`it is ${FOLDER_KINDS[kind]}; name a run folder`);
    if ([...Deno.readDirSync(path)].length === 0) return false;
    throw refuse(
      `there is no run in it; name a run folder, as what deno task pipeline --out ${
        quoted(join(path, "run"))
      } makes`,
    );
  } catch (error) {
    if (isMissing(error)) return false;
    throw isSystemError(error) ? refuse(firstLine(error)) : error;
  }
}

/** The runs in a folder, newest first; none if the folder cannot be read. */
function newestRuns(path: string): string[] {
  try {
    return listRuns(path).runs.map(({ run }) => run);
  } catch (error) {
    if (isSystemError(error)) return [];
    throw error;
  }
}
