/**
 * Files that may complete a path.
 *
 * @module
 */
import { resolve } from "node:path";

/**
 * Lists the files that complete a path being typed, folders with a slash at the end; hidden files only if a dot was typed. The list is empty
 * if there is no such folder or it may not be read.
 *
 * @param from The folder that the path is relative to.
 */
export function filesFor(from: string, typed: string): string[] {
  const slash = typed.lastIndexOf("/") + 1, begun = typed.slice(slash);
  try {
    return [...Deno.readDirSync(resolve(from, typed.slice(0, slash)))]
      .filter(({ name }) => name.startsWith(begun) && (begun !== "" || !name.startsWith(".")))
      .map(({ name, isDirectory }) => isDirectory ? `${name}/` : name)
      .sort((a, b) => a.localeCompare(b));
  } catch {
    return [];
  }
}
