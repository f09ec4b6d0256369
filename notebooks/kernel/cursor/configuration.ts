/**
 * A configuration of the kernel's own. Deno's kernel takes that of the folder it is started in, and writes what a cell imports into the lock
 * beside it: that lock is a copy, so that the repository's stays as it is.
 *
 * @module
 */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod";

/** Of the repository's configuration, what matters to cells. */
const cellsSchema = z.object({
  nodeModulesDir: z.string(),
  allowScripts: z.unknown(),
  imports: z.record(z.string(), z.string()),
});

const CONFIGURATION = "deno.json", PACKAGES = "node_modules";
/** Files that are copied beside it unchanged. */
const COPIED = ["deno.lock", "package.json"];

/** The repository's configuration for a folder elsewhere. Its comments stand on lines of their own. */
export function configurationFor(root: string): z.infer<typeof cellsSchema> {
  const text = Deno.readTextFileSync(join(root, CONFIGURATION)).replace(/^\s*\/\/.*$/gm, "");
  const { imports, ...rest } = cellsSchema.parse(JSON.parse(text));
  const from = (target: string) => target.startsWith("./") ? pathToFileURL(join(root, target)).href : target;
  return {
    ...rest,
    imports: Object.fromEntries(Object.entries(imports).map(([name, target]) => [name, from(target)])),
  };
}

/** Lays it into an empty folder, with a link to the repository's packages. */
export function layConfiguration(folder: string, root: string): void {
  Deno.writeTextFileSync(join(folder, CONFIGURATION), JSON.stringify(configurationFor(root), null, 2));
  for (const name of COPIED) Deno.copyFileSync(join(root, name), join(folder, name));
  Deno.symlinkSync(join(root, PACKAGES), join(folder, PACKAGES), { type: "junction" });
}

/** Takes it away again, with files of the kernel's beside it. What else a cell has put there is somebody's: then the folder stays. */
export function removeConfiguration(folder: string, ...files: string[]): void {
  for (const name of [CONFIGURATION, ...COPIED, PACKAGES]) rmSync(join(folder, name), { force: true }); // of the packages only the link
  for (const file of files) rmSync(file, { force: true });
  if ([...Deno.readDirSync(folder)].length === 0) Deno.removeSync(folder);
}
