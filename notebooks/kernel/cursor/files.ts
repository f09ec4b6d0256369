/**
 * Files that a path may go on with.
 *
 * @module
 */
import { resolve } from "node:path";

/**
 * What lies where a path leads that is being typed, folders with a slash behind them; hidden files only where a dot was typed. Where there is no such
 * folder, or it may not be read, nothing.
 *
 * @param from The folder that the path is taken from.
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
