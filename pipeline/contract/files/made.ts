/**
 * Folders that other programs fill for us, as pip and tar do, and that may be removed with everything in them: they carry a mark,
 * written when they were made. What carries none is never removed with its content.
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
  /** Random, given when the folder was made. */
  id: z.uuid(),
  /** The folder's real path then: a copy carries the mark of another folder. */
  folder: z.string(),
});

/**
 * Makes a new folder with a mark.
 *
 * @param id What {@link removeOwnFolder} is to be given, where the folder is renamed before.
 * @throws errors of the file system, also if something is at the path.
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
 * @param id The folder's; may be left out for one that is where it was made.
 * @returns Whether nothing is there any more: what has not the mark stays as it is.
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
 * Removes a folder with everything in it, its mark last: what a kill leaves is still known by it. The caller has compared the mark.
 * Links are removed, not followed.
 */
export function removeMarked(folder: string, mark: string): void {
  const all = [...walk(folder)].filter(({ path }) => path !== mark).toReversed();
  for (const path of [...all.map(({ path }) => join(folder, path)), join(folder, mark), folder]) {
    announce(`remove ${basename(path)}`);
    Deno.removeSync(path); // not recursive: what comes in meanwhile is not lost
  }
}

/** Removes a folder in which a mark never came into its place, or was removed already, unless something else is in it. */
export function removeUnmarked(folder: string, mark: string): void {
  removeLeftovers(join(folder, mark));
  removeIfEmpty(folder);
}

/** Removes a folder, unless something is in it. Links are left alone. */
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
