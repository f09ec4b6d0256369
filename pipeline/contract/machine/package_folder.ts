/** The folder on disk of the package itself: that of a clone or an npm package. */
import { join, resolve, sep as SEPARATOR } from "node:path";
import { fileURLToPath } from "node:url";
import { RunError } from "../errors/classes.ts";

/** File extension of its modules: an npm package has JavaScript. */
export const MODULE: ".ts" | ".js" = import.meta.url.endsWith(".js") ? ".js" : ".ts";

/** Returns the package's folder; undefined if it was loaded from a registry. */
export function folderOnDisk(): string | undefined {
  const base = new URL("../../..", import.meta.url);
  return base.protocol === "file:" ? resolve(fileURLToPath(base)) : undefined;
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
    "automlp was loaded from the net, and this needs it on the disk: take a clone or the npm package",
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
