/**
 * Recognises a known data set's files among those that a person has.
 *
 * @module
 */
import { basename, extname, join } from "node:path";
import { InputError } from "../../contract/errors.ts";
import { type Progress, silent } from "../../contract/progress.ts";
import { regularFile } from "../../contract/readable.ts";
import { isArchive } from "./archive.ts";
import { type DatasetEntry, filesOf, type KnownFile, type ReaderOptions } from "./entry.ts";

/** The archive, or the unpacked files with what to read the interactions by. */
export type Copies = { archive: string } | { files: Map<KnownFile, string>; read: ReaderOptions };

/**
 * Sorts `paths` (an archive, files, folders) by what they are to the data set. Files are known by their names, with
 * or without `.gz`. One file alone whose name is another is taken for the interactions, with a warning.
 *
 * @throws {InputError} if a path is not there, is a pipe or device, or no file of the data set, and if the interactions are missing.
 */
export async function findCopies(
  entry: DatasetEntry,
  paths: string[],
  progress: Progress = silent,
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
  if (files.has(interactions) && strangers.length === 0) return { files, read: interactions.read };
  if (!files.has(interactions) && strangers.length === 1) {
    const [file] = strangers;
    progress.warn(
      `${file} is not called ${basename(interactions.path)}; it is read as the interactions of ${entry.name}`,
    );
    files.set(interactions, file);
    const sameKind = extname(plainName(file)) === extname(plainName(interactions.path));
    return { files, read: sameKind ? interactions.read : {} };
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

/** A file's name without folder and `.gz`. */
const plainName = (path: string) => basename(path).replace(/\.gz$/, "");

async function searchFolder(entry: DatasetEntry, folder: string): Promise<Map<KnownFile, string>> {
  const found = new Map<KnownFile, string>();
  for (const file of filesOf(entry)) {
    const plain = file.path.replace(/\.gz$/, "");
    const candidates = [plain, basename(plain)].flatMap((
      path,
    ) => [join(folder, path), join(folder, `${path}.gz`)]);
    for (const candidate of candidates) {
      if (!found.has(file) && await exists(candidate)) found.set(file, candidate);
    }
  }
  return found;
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
    throw error;
  }
}
