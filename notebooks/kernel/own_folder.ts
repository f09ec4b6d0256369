/**
 * A kernel's own folder beside Jupyter's connection file. A kernel that is killed leaves it behind, and a later one removes it.
 *
 * It holds the connection file of Deno's kernel, and its configuration: Deno's kernel takes that of the folder it is started in, and writes
 * what a cell imports into the lock beside it. That lock is a copy, so that the repository's stays as it is.
 *
 * @module
 */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import { isSystemError } from "../../pipeline/contract/errors/system.ts";
import { tryLock } from "../../pipeline/contract/files/lock.ts";

const PREFIX = "automlp-", LOCK = "in-use.lock", CONNECTION = "connection.json";
const CONFIGURATION = "deno.json", PACKAGES = "node_modules";
/** Files of the repository that are copied unchanged. */
const COPIED = ["deno.lock", "package.json"];

/** Of the repository's configuration, what matters to cells. */
const cellsSchema = z.object({
  nodeModulesDir: z.string(),
  allowScripts: z.unknown(),
  imports: z.record(z.string(), z.string()),
});

/** A folder that is removed at the end of the block. */
export interface OwnFolder extends Disposable {
  path: string;
  /** Paths of the connection file and of the configuration in it. */
  connection: string;
  configuration: string;
  /** Names of modules that can be imported by it. */
  modules: string[];
}

/**
 * Makes a folder that is locked while this process lives.
 *
 * @param root The repository, whose configuration is laid into it.
 */
export function ownFolder(beside: string, root: string): OwnFolder {
  const path = Deno.makeTempDirSync({ dir: beside, prefix: PREFIX });
  // It is locked before it has its name: a kernel that starts now must not take it for one that was left behind.
  const begun = join(path, `${LOCK}.part`), lock = Deno.openSync(begun, { write: true, createNew: true });
  lock.lockSync(true);
  Deno.renameSync(begun, join(path, LOCK));
  const configuration = join(path, CONFIGURATION), content = configurationFor(root);
  Deno.writeTextFileSync(configuration, JSON.stringify(content, null, 2));
  for (const name of COPIED) Deno.copyFileSync(join(root, name), join(path, name));
  Deno.symlinkSync(join(root, PACKAGES), join(path, PACKAGES), { type: "junction" });
  return {
    path,
    connection: join(path, CONNECTION),
    configuration,
    modules: Object.keys(content.imports),
    [Symbol.dispose]() {
      lock.close();
      remove(path);
    },
  };
}

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

/** Removes the folders of kernels that were killed. What a cell has put there stays, and so does what cannot be removed. */
export function removeLeftBehind(beside: string): void {
  try {
    for (const { name, isDirectory } of Deno.readDirSync(beside)) {
      if (isDirectory && name.startsWith(PREFIX)) removeIfLeft(join(beside, name));
    }
  } catch (error) {
    if (!isSystemError(error)) throw error; // a folder that may not be read
  }
}

function removeIfLeft(folder: string): void {
  try {
    const lock = tryLock(join(folder, LOCK));
    if (!lock) return; // it is in use, or none of these folders
    lock.close();
    if (!isListening(join(folder, CONNECTION))) remove(folder);
  } catch (error) {
    if (!isSystemError(error)) throw error; // another kernel may have removed it just now
  }
}

/** Takes our files away; of the packages only the link. What else a cell has put there is somebody's: then the folder stays. */
function remove(folder: string): void {
  for (const name of [CONFIGURATION, ...COPIED, PACKAGES, CONNECTION, LOCK]) {
    rmSync(join(folder, name), { force: true });
  }
  if ([...Deno.readDirSync(folder)].length === 0) Deno.removeSync(folder);
}

const placeSchema = z.looseObject({ ip: z.string(), shell_port: z.int() });

/** Whether something listens where a connection file says: Deno's kernel may outlive the program that started it. */
function isListening(file: string): boolean {
  try {
    const { ip: hostname, shell_port: port } = placeSchema.parse(JSON.parse(Deno.readTextFileSync(file)));
    Deno.listen({ hostname, port }).close();
    return false;
  } catch (error) {
    // Without a connection file, or with half of one, no kernel was started.
    return !(error instanceof Deno.errors.NotFound || error instanceof SyntaxError);
  }
}
