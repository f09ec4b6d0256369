/**
 * A kernel's own folder beside Jupyter's connection file. A kernel that is killed leaves it behind, and a later one removes it.
 *
 * @module
 */
import { join } from "node:path";
import { z } from "zod";
import { isSystemError } from "../../../pipeline/contract/errors/system.ts";
import { tryLock } from "../../../pipeline/contract/files/lock.ts";
import { removeConfiguration } from "./configuration.ts";

const PREFIX = "automlp-", LOCK = "in-use.lock", CONNECTION = "connection.json";

/** A folder that is removed at the end of the block. */
export interface OwnFolder extends Disposable {
  path: string;
  /** Path of the connection file in it. */
  connection: string;
}

/** Makes a folder that is locked while this process lives. */
export function ownFolder(beside: string): OwnFolder {
  const path = Deno.makeTempDirSync({ dir: beside, prefix: PREFIX }), connection = join(path, CONNECTION);
  // It is locked before it has its name: a kernel that starts now must not take it for one that was left behind.
  const begun = join(path, `${LOCK}.part`), lock = Deno.openSync(begun, { write: true, createNew: true });
  lock.lockSync(true);
  Deno.renameSync(begun, join(path, LOCK));
  return {
    path,
    connection,
    [Symbol.dispose]() {
      lock.close();
      remove(path);
    },
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

const remove = (folder: string): void =>
  removeConfiguration(folder, join(folder, CONNECTION), join(folder, LOCK));

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
