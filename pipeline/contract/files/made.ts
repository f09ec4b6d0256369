/**
 * Folders that other programs, such as pip and tar, fill for us, and that may be removed with everything in them: they carry a mark,
 * written when they were made. A folder without a mark is never removed with its content.
 *
 * @module
 */
import { basename, join } from "node:path";
import { z } from "zod";
import { announce } from "./changes.ts";
import { entryAt, isMissing } from "./system.ts";
import { walk } from "./walk.ts";
import { removeLeftovers, writeTextSync } from "./write.ts";

/** The mark's file name. */
const MARK = ".made-by-automlp.json";
const FORMAT = "automlp-folder";

const markSchema = z.object({
  format: z.literal(FORMAT),
  /** Random id, assigned when the folder was made. */
  id: z.uuid(),
  /** The folder's real path at that time, so that the mark of a copied folder does not match. */
  folder: z.string(),
});

/**
 * Creates a new folder with a mark.
 *
 * @param id The id to pass to {@link removeOwnFolder} if the folder is renamed before it is removed.
 * @throws errors of the file system, also if something already exists at the path.
 */
export function makeOwnFolder(path: string, id: string = crypto.randomUUID()): void {
  announce(`mkdir ${basename(path)}`);
  Deno.mkdirSync(path);
  const mark = { format: FORMAT, id, folder: Deno.realPathSync(path) };
  writeTextSync(join(path, MARK), JSON.stringify(mark, null, 2) + "\n");
}

/**
 * Removes a folder that {@link makeOwnFolder} made, with everything in it.
 *
 * @param id The folder's id; may be omitted for a folder that is still where it was made.
 * @returns Whether nothing is left at the path; a folder without the mark stays as it is.
 */
export function removeOwnFolder(path: string, id?: string): boolean {
  if (isOwnFolder(path, id)) removeMarked(path, MARK);
  else if (entryAt(path)?.isDirectory) removeUnmarked(path, MARK);
  return !entryAt(path);
}

/** Whether a folder is one that {@link makeOwnFolder} made. */
export function isOwnFolder(path: string, id?: string): boolean {
  const mark = entryAt(path)?.isDirectory ? markOf(path) : undefined;
  return mark !== undefined && (id === undefined ? mark.folder === Deno.realPathSync(path) : mark.id === id);
}

/**
 * Removes a folder with everything in it, the mark last, so that what a kill leaves is still recognized. The caller has checked the mark.
 * Links are removed, not followed.
 */
export function removeMarked(folder: string, mark: string): void {
  const all = [...walk(folder)].filter(({ path }) => path !== mark).toReversed();
  for (const path of [...all.map(({ path }) => join(folder, path)), join(folder, mark), folder]) {
    announce(`remove ${basename(path)}`);
    Deno.removeSync(path); // not recursive, so that files that are added meanwhile are not lost
  }
}

/** Removes a folder whose mark was never completely written, or was already removed, unless something else is in it. */
export function removeUnmarked(folder: string, mark: string): void {
  removeLeftovers(join(folder, mark));
  removeIfEmpty(folder);
}

/** Removes a folder if it is empty. Links are left alone. */
export function removeIfEmpty(folder: string): void {
  if (!entryAt(folder)?.isDirectory || [...Deno.readDirSync(folder)].length > 0) return;
  announce(`remove ${basename(folder)}`);
  Deno.removeSync(folder);
}

function markOf(folder: string): z.output<typeof markSchema> | undefined {
  try {
    const path = join(folder, MARK);
    if (!entryAt(path)?.isFile) return undefined;
    return markSchema.safeParse(JSON.parse(Deno.readTextFileSync(path))).data;
  } catch (error) {
    if (isMissing(error) || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
