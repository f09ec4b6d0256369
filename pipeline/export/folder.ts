/**
 * Which folders an export may replace.
 *
 * @module
 */
import { join, relative, resolve } from "node:path";
import { InputError } from "../contract/errors.ts";
import { recoverFolder } from "../contract/swap.ts";

/** The file that tells an export of ours from other folders. */
export const MARKER = "export.json";

/**
 * Checks that an export may be put at `out`: nothing is there, or an empty folder, or an earlier export, or anything
 * with `force`. The dataset itself is never replaced.
 *
 * @throws {InputError} where something is in the way.
 */
export function checkTarget(out: string, dataset: string, force: boolean): void {
  const wish = "choose another folder with --out";
  const inside = relative(resolve(out), resolve(dataset));
  if (inside === "" || !inside.startsWith("..")) {
    throw new InputError(
      `Cannot export to ${out}: the dataset ${dataset} is in it and would be lost; ${wish}`,
    );
  }
  let names: string[];
  try {
    recoverFolder(out);
    names = Array.from(Deno.readDirSync(out), ({ name }) => name).sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    if (error instanceof Deno.errors.NotADirectory) {
      throw new InputError(`Cannot export to ${out}: a file is there; ${wish}`);
    }
    throw new InputError(
      `Cannot export to ${out}: the folder cannot be read (${(error as Error).message}); ${wish}`,
    );
  }
  if (names.length === 0 || force || isExport(out)) return;
  const some = names.slice(0, 3).join(", ") + (names.length > 3 ? " …" : "");
  throw new InputError(
    `Cannot export to ${out}: the folder holds other files (${some}); ${wish}, or replace it with --force`,
  );
}

function isExport(folder: string): boolean {
  try {
    return JSON.parse(Deno.readTextFileSync(join(folder, MARKER))).format === "automlp-export";
  } catch {
    return false; // no marker, or another program's file of that name
  }
}
