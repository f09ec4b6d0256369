/**
 * The package's folder on disk: that of a clone or an npm package; if it was loaded from a registry, the cache has a copy.
 *
 * @module
 */
import { join, resolve, sep as SEPARATOR } from "node:path";
import { fileURLToPath } from "node:url";
import { cachePlace } from "../../contract/machine/cache_place.ts";
import { InputError, RunError } from "../../contract/errors/classes.ts";
import { entryAt } from "../../contract/files/system.ts";
import { forStream } from "../../display/text/wrap.ts";

/** File extension of its modules: an npm package has JavaScript. */
export const MODULE: ".ts" | ".js" = import.meta.url.endsWith(".js") ? ".js" : ".ts";

/** The package's address, with a slash at the end. */
const BASE = new URL("../../../", import.meta.url);

/** The file of a copy that is written last: if it exists, all files do. */
const WHOLE = "whole.json";

/** Returns the package's folder; undefined if it was loaded from a registry and never copied into the cache. */
export function folderOnDisk(): string | undefined {
  if (BASE.protocol === "file:") return resolve(fileURLToPath(BASE));
  const copy = placeOfCopy();
  return copy !== undefined && entryAt(join(copy, WHOLE)) ? copy : undefined;
}

/**
 * Returns the path of a file or folder of the package.
 *
 * @throws {RunError} if the package is not on the disk.
 */
export function packagePath(...parts: string[]): string {
  const folder = folderOnDisk();
  if (folder !== undefined) return join(folder, ...parts);
  throw new RunError(
    "automlp was loaded from the net, and is not on the disk; install the program, and start it once",
  );
}

/**
 * Returns the folder of the packages that it needs: its own, or the one that contains it as an npm package.
 *
 * @throws {RunError} as {@link packagePath} does.
 */
export function packagesFolder(): string {
  const folder = packagePath(), [above, ...inside] = folder.split(NODE_MODULES);
  return inside.length > 0 ? above + NODE_MODULES.slice(0, -1) : join(folder, "node_modules");
}

const NODE_MODULES = `${SEPARATOR}node_modules${SEPARATOR}`;

/**
 * Returns the package's folder; if it was loaded from a registry, it is first copied into the cache, once per version.
 *
 * @throws {InputError} if no cache is known, or it cannot be written; {@link RunError} if the registry does not give all files.
 */
export async function packageFolder(): Promise<string> {
  const there = folderOnDisk();
  if (there !== undefined) return there;
  const copy = placeOfCopy();
  if (copy === undefined) {
    throw new InputError(
      "Cannot place automlp: no home folder is known; name a folder for it with AUTOMLP_CACHE",
    );
  }
  console.error(forStream(`Laying automlp into ${copy}, once`, Deno.stderr));
  const { layDown } = await import("./lay_down.ts"); // not needed by any later start
  await layDown(BASE, copy, WHOLE);
  return copy;
}

function placeOfCopy(): string | undefined {
  const cache = cachePlace();
  return cache && join(cache, "program", BASE.host.replace(":", "_"), ...BASE.pathname.split("/"));
}
