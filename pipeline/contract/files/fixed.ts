/**
 * Paths that mean the same for as long as they are held.
 *
 * @module
 */
import { isAbsolute, resolve } from "node:path";

/**
 * A path as it was given, for as long as the current folder is the one that it was given in; absolute where a program has gone to another folder since.
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

/** Undefined where it was removed meanwhile. */
function currentFolder(): string | undefined {
  try {
    return Deno.cwd();
  } catch {
    return undefined;
  }
}
