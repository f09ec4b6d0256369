/**
 * Expands what a user names into the files to read.
 *
 * @module
 */
import { globSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { InputError } from "../contract/errors.ts";
import { regularFile, unreadable } from "../contract/files/readable.ts";

/** Characters that make a path a glob. */
const GLOB = /[*?[\]{}]/;

/** Returns why a path cannot be read; undefined if something exists there, and then the path is not a glob. */
function whyNot(path: string): InputError | undefined {
  try {
    Deno.lstatSync(path);
  } catch (error) {
    return unreadable(path, error) ?? new InputError(`Cannot read ${path}: ${(error as Error).message}`);
  }
}

/**
 * Expands `patterns` (paths and globs) into files: in this order, the files of a glob in order of their names, without folders. A
 * path that exists is never treated as a glob.
 *
 * @throws {InputError} if a path is missing, a glob matches nothing or something other than a regular file, or a file is named
 * twice.
 */
export function expandPaths(patterns: readonly string[]): string[] {
  const files: string[] = [];
  for (const pattern of patterns) {
    const missing = whyNot(pattern);
    if (!missing) files.push(notAFolder(pattern));
    else if (!GLOB.test(pattern)) throw missing;
    else for (const file of matching(pattern)) files.push(file);
  }
  if (files.length === 0) {
    throw new InputError("Cannot read the data: no file was named; give one with --data");
  }
  const seen = new Set<string>();
  for (const file of files) {
    const path = resolve(file);
    if (seen.has(path)) throw new InputError(`Cannot read ${file} twice: name each file once`);
    seen.add(path);
  }
  return files;
}

/**
 * Returns the path, unless it is a folder with files.
 *
 * @throws {InputError} for such a folder; the message suggests a glob for its content.
 */
function notAFolder(path: string): string {
  const glob = isFolder(path) ? globIn(path) : undefined;
  if (glob === undefined) return path; // a folder without files is refused when it is read
  throw new InputError(`Cannot read ${path}: it is a folder; name the files in it, as '${glob}' does`);
}

/**
 * Returns a glob for the files in a folder with the most common extension, ignoring those in which tools keep notes; undefined if
 * there are none, or the folder is a dataset.
 */
function globIn(folder: string): string | undefined {
  const endings = new Map<string, number>();
  try {
    for (const { name, isFile } of Deno.readDirSync(folder)) {
      if (name === "manifest.json" || /['*?[\]{}]/.test(folder)) return undefined;
      const ending = /\.[a-z\d]+(\.gz)?$/i.exec(name)?.[0];
      if (isFile && ending && !/^[._]/.test(name)) endings.set(ending, (endings.get(ending) ?? 0) + 1);
    }
  } catch {
    return undefined; // why it cannot be listed is reported when it is read
  }
  const [most] = [...endings].sort(([a, n], [b, m]) => m - n || a.localeCompare(b));
  return most && join(folder, `*${most[0]}`);
}

function matching(glob: string): string[] {
  const found = globSync(glob).filter((path) => !isFolder(path)).sort();
  if (found.length === 0) throw unmatched(glob);
  // What a glob matches by accident, such as a pipe or a broken link, is not silently left out.
  found.forEach(regularFile);
  return found;
}

/** Returns why nothing matches: no such file, no such folder, or no permission to list it. */
function unmatched(glob: string): InputError {
  const folder = dirname(glob), none = new InputError(`Cannot read ${glob}: no file matches`);
  if (GLOB.test(folder)) return none;
  try {
    Deno.readDirSync(folder);
    return none;
  } catch (error) {
    return unreadable(glob, error) ?? none;
  }
}

function isFolder(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}
