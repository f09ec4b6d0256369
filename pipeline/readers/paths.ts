/**
 * From what a user names to the files that are read.
 *
 * @module
 */
import { globSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { InputError } from "../contract/errors.ts";
import { regularFile, unreadable } from "../contract/files/readable.ts";

/** What makes a path a glob. */
const GLOB = /[*?[\]{}]/;

/** Undefined if something is there: then the path is no glob. */
function whyNot(path: string): InputError | undefined {
  try {
    Deno.lstatSync(path);
  } catch (error) {
    return unreadable(path, error) ?? new InputError(`Cannot read ${path}: ${(error as Error).message}`);
  }
}

/**
 * The files that `patterns` (paths and globs) mean: in this order, those of one glob in the order of their names, folders left
 * out. A path that exists is never taken for a glob.
 *
 * @throws {InputError} if a path is missing, a glob matches nothing or what is no regular file, or a file is meant twice.
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

/** @throws {InputError} for a folder, with a glob that means what is in it. */
function notAFolder(path: string): string {
  const glob = isFolder(path) ? globIn(path) : undefined;
  if (glob === undefined) return path; // a folder without files is refused as it is read
  throw new InputError(`Cannot read ${path}: it is a folder; name the files in it, as '${glob}' does`);
}

/** What means the files of a folder that end as most do, but for those that tools keep their notes in; undefined where none is there, or in a dataset. */
function globIn(folder: string): string | undefined {
  const endings = new Map<string, number>();
  try {
    for (const { name, isFile } of Deno.readDirSync(folder)) {
      if (name === "manifest.json" || /['*?[\]{}]/.test(folder)) return undefined;
      const ending = /\.[a-z\d]+(\.gz)?$/i.exec(name)?.[0];
      if (isFile && ending && !/^[._]/.test(name)) endings.set(ending, (endings.get(ending) ?? 0) + 1);
    }
  } catch {
    return undefined; // why it cannot be looked into is said as it is read
  }
  const [most] = [...endings].sort(([a, n], [b, m]) => m - n || a.localeCompare(b));
  return most && join(folder, `*${most[0]}`);
}

function matching(glob: string): string[] {
  const found = globSync(glob).filter((path) => !isFolder(path)).sort();
  if (found.length === 0) throw unmatched(glob);
  // What a glob matches by accident, such as a pipe or a link to nothing, is not left out without a word.
  found.forEach(regularFile);
  return found;
}

/** Why nothing matches: there is no such file or no such folder, or it may not be looked into. */
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
