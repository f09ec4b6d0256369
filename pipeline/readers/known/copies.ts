/**
 * Recognises a known data set's files among those that a person has.
 *
 * @module
 */
import { basename, dirname, extname, join } from "node:path";
import { InputError } from "../../contract/errors.ts";
import { type Progress, silent } from "../../contract/progress.ts";
import { regularFile, unreadable } from "../../contract/files/readable.ts";
import { isArchive } from "./archive.ts";
import {
  type DatasetEntry,
  filesOf,
  type KnownFile,
  type ReaderOptions,
  SIDE_TABLES,
  type SideTable,
} from "./entry.ts";

/** The archive, or the unpacked files with what to read the interactions by. */
export type Copies = { archive: string } | { files: Map<KnownFile, string>; read: ReaderOptions };

/**
 * Sorts `paths` (an archive, files, folders) by what they are to the data set. Files are known by their names, with
 * or without `.gz`. One file alone whose name is another is taken for the interactions, with a warning. Tables of items and users that lie
 * beside the interactions under their own names are taken as well, which is said.
 *
 * @param without The tables that are not wanted.
 * @throws {InputError} if a path is not there, is a pipe or device, or no file of the data set, and if the interactions are missing.
 */
export async function findCopies(
  entry: DatasetEntry,
  paths: readonly string[],
  progress: Progress = silent,
  without: readonly SideTable[] = [],
): Promise<Copies> {
  const files = new Map<KnownFile, string>();
  const archives: string[] = [], strangers: string[] = [];
  for (const path of paths) {
    if (isFolder(path)) {
      const known = await searchFolder(entry, path);
      for (const [file, found] of known) files.set(file, found);
      const archive = join(path, entry.url ? basename(entry.url) : entry.name);
      if (known.size === 0 && isArchive(archive) && await exists(archive)) archives.push(archive);
    } else {
      const file = filesOf(entry).find((file) => plainName(file.path) === plainName(path));
      if (file) files.set(file, path);
      else (isArchive(path) ? archives : strangers).push(path);
    }
  }
  if (archives.length === 1 && paths.length === 1) return { archive: archives[0] };
  if (archives.length > 0) {
    throw new InputError(
      `Cannot take ${entry.name} from ${paths.join(", ")}: pass one archive alone, or the unpacked files`,
    );
  }
  const { interactions } = entry;
  const withSides = (read: ReaderOptions) =>
    takeSides(entry, files, without, progress).then(() => ({ files, read }));
  if (files.has(interactions) && strangers.length === 0) return await withSides(interactions.read);
  if (!files.has(interactions) && strangers.length === 1) {
    const [file] = strangers;
    progress.warn(
      `${file} is not called ${basename(interactions.path)}; it is read as the interactions of ${entry.name}`,
    );
    files.set(interactions, file);
    return await withSides(readAs(entry, file));
  }
  const names = filesOf(entry).map(({ path }) => basename(path)).join(", ");
  const state = files.has(interactions)
    ? `${strangers.join(", ")} is no file of it`
    : `${basename(interactions.path)} is not among them`;
  throw new InputError(
    `Cannot take ${entry.name} from ${paths.join(", ")}: ${state}; its files are ${names}, plain or .gz` +
      (entry.url && isArchive(entry.url) ? `, or all of them in ${basename(entry.url)}` : ""),
  );
}

/** How a copy of a data set's interactions is read: as these are, where it is of the same kind by its name. */
export const readAs = ({ interactions: { path, read } }: DatasetEntry, copy: string): ReaderOptions =>
  extname(plainName(copy)) === extname(plainName(path)) ? read : {};

/** Adds the tables that lie beside the interactions. */
async function takeSides(
  entry: DatasetEntry,
  files: Map<KnownFile, string>,
  without: readonly SideTable[],
  progress: Progress,
): Promise<void> {
  const main = files.get(entry.interactions)!, taken: string[] = [];
  for (const table of SIDE_TABLES) {
    const file = entry[table];
    if (file === undefined || files.has(file) || without.includes(table)) continue;
    const found = await firstOf(copiesIn(dirname(main), plainName(file.path)));
    if (found === undefined) continue;
    files.set(file, found);
    taken.push(`${basename(found)} as its table of ${table} (--${table} FILE takes another)`);
  }
  if (taken.length > 0) {
    progress.remark?.(`Beside ${main} lies more of ${entry.name}, which is read, too: ${taken.join(", ")}`);
  }
}

/** A file's name without folder and `.gz`. */
const plainName = (path: string) => basename(path).replace(/\.gz$/, "");

async function searchFolder(entry: DatasetEntry, folder: string): Promise<Map<KnownFile, string>> {
  const found = new Map<KnownFile, string>();
  for (const file of filesOf(entry)) {
    const plain = file.path.replace(/\.gz$/, "");
    const copy = await firstOf([plain, basename(plain)].flatMap((path) => copiesIn(folder, path)));
    if (copy !== undefined) found.set(file, copy);
  }
  return found;
}

/** Where a file may lie in a folder, as it is or by gzip. */
const copiesIn = (folder: string, path: string) => [join(folder, path), join(folder, `${path}.gz`)];

/** The first that is there. */
async function firstOf(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) if (await exists(path)) return path;
}

/** @throws {InputError} if there is neither a folder nor a regular file. */
function isFolder(path: string): boolean {
  try {
    if (Deno.statSync(path).isDirectory) return true;
  } catch {
    // What it is, the next line says.
  }
  regularFile(path);
  return false;
}

async function exists(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw unreadable(path, error) ?? error;
  }
}
