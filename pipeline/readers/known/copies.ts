/**
 * Recognises the files of a known data set among a person's files.
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

/** The archive, or the unpacked files with the options for reading the interactions. */
export type Copies = { archive: string } | { files: Map<KnownFile, string>; read: ReaderOptions };

/**
 * Assigns `paths` (an archive, files, folders) to the files of the data set. Files are recognised by name, with or without `.gz`. A
 * single file with another name is taken for the interactions, with a warning. Tables of items and users next to the interactions
 * under their own names are used as well, with a remark.
 *
 * @param without The side tables that are not wanted.
 * @throws {InputError} if a path does not exist, is a pipe or device, or is not a file of the data set, and if the interactions are
 * missing.
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

/** Returns the options for reading a copy of a data set's interactions: those of the entry, if the copy has the same extension. */
export const readAs = ({ interactions: { path, read } }: DatasetEntry, copy: string): ReaderOptions =>
  extname(plainName(copy)) === extname(plainName(path)) ? read : {};

/** Adds the side tables that are next to the interactions. */
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

/** Returns a file's name without folder and `.gz`. */
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

/** Paths that a file may have in a folder, plain or gzip. */
const copiesIn = (folder: string, path: string) => [join(folder, path), join(folder, `${path}.gz`)];

/** Returns the first path that exists. */
async function firstOf(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) if (await exists(path)) return path;
}

/**
 * Checks whether a path is a folder.
 *
 * @throws {InputError} if there is neither a folder nor a regular file.
 */
function isFolder(path: string): boolean {
  try {
    if (Deno.statSync(path).isDirectory) return true;
  } catch {
    // The next line reports what it is.
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
