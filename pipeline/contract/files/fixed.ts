/**
 * Paths that keep their meaning even if the current folder changes.
 *
 * @module
 */
import { isAbsolute, resolve } from "node:path";

/**
 * Returns a function that gives the path: as it was given while the current folder is the same, absolute if the program has changed to
 * another folder since.
 *
 * @example
 * ```ts
 * import { fixedPath } from "./fixed.ts";
 * import assert from "node:assert/strict";
 *
 * const before = Deno.cwd(), path = fixedPath("runs/mine");
 * assert.equal(path(), "runs/mine");
 * Deno.chdir(await Deno.makeTempDir());
 * assert.equal(path(), `${before}/runs/mine`);
 * Deno.chdir(before);
 * ```
 */
export function fixedPath(path: string): () => string {
  if (isAbsolute(path)) return () => path;
  const given = currentFolder(), absolute = given === undefined ? path : resolve(given, path);
  return () => currentFolder() === given ? path : absolute;
}

/** Returns the current folder; undefined if it was removed. */
function currentFolder(): string | undefined {
  try {
    return Deno.cwd();
  } catch {
    return undefined;
  }
}
