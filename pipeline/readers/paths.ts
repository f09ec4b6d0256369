/**
 * From what a user names to the files that are read.
 *
 * @module
 */
import { globSync } from "node:fs";
import { resolve } from "node:path";
import { InputError } from "../contract/errors.ts";
import { whyMissing } from "./source.ts";

const exists = (path: string) => {
  try {
    return Deno.lstatSync(path) !== undefined;
  } catch {
    return false;
  }
};

/**
 * The files that `patterns` (paths and globs) mean: in this order, those of one glob in the order of their names. A
 * path that exists is never taken for a glob.
 *
 * @throws {InputError} where a path is missing, a glob matches nothing, or a file is meant twice.
 */
export async function expandPaths(patterns: string[]): Promise<string[]> {
  const files: string[] = [];
  for (const pattern of patterns) {
    if (exists(pattern)) files.push(pattern);
    else if (!/[*?[\]{}]/.test(pattern)) {
      throw new InputError(`Cannot read ${pattern}: ${await whyMissing(pattern)}`);
    } else {
      const found = globSync(pattern).filter((path) => Deno.statSync(path).isFile).sort();
      if (found.length === 0) throw new InputError(`Cannot read ${pattern}: no file matches`);
      files.push(...found);
    }
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
