/**
 * Puts a finished folder in the place of another in one step, so that a kill at any moment leaves the old or the new.
 *
 * @module
 */
import { basename, dirname, join, resolve } from "node:path";
import { InputError } from "./errors.ts";

const AT_FDCWD = -100;
const RENAME_EXCHANGE = 2; // Linux renameat2
const RENAME_SWAP = 2; // macOS renamex_np

/** Exchanges two existing folders atomically. False where the system or its file system cannot. */
function exchange(a: string, b: string): boolean {
  const path = (text: string) => new TextEncoder().encode(text + "\0");
  try {
    if (Deno.build.os === "linux") {
      const libc = Deno.dlopen("libc.so.6", {
        renameat2: { parameters: ["i32", "buffer", "i32", "buffer", "u32"], result: "i32" },
      });
      try {
        return libc.symbols.renameat2(AT_FDCWD, path(a), AT_FDCWD, path(b), RENAME_EXCHANGE) === 0;
      } finally {
        libc.close();
      }
    }
    if (Deno.build.os === "darwin") {
      const libc = Deno.dlopen("libSystem.dylib", {
        renamex_np: { parameters: ["buffer", "buffer", "u32"], result: "i32" },
      });
      try {
        return libc.symbols.renamex_np(path(a), path(b), RENAME_SWAP) === 0;
      } finally {
        libc.close();
      }
    }
  } catch {
    // No such symbol (musl, an old glibc) or no permission for foreign functions: the caller goes the longer way.
  }
  return false;
}

const exists = (path: string): boolean => {
  try {
    Deno.lstatSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return false;
    throw error;
  }
};

const backupOf = (folder: string) => join(dirname(folder), `.${basename(folder)}.previous`);

/**
 * Undoes what a kill between two renames left: where `folder` is gone and its backup is there, puts it back.
 * Only systems without an atomic exchange need it. Called before a folder is read or replaced.
 */
export function recoverFolder(folder: string): void {
  const target = resolve(folder), backup = backupOf(target);
  if (!exists(target) && exists(backup)) Deno.renameSync(backup, target);
}

/** A folder under way, beside the one that it will replace. */
export interface StagedFolder {
  path: string;
  /** Held by the living: a leftover whose lock is free belongs to a killed run. */
  lock: Deno.FsFile;
}

const lockOf = (staged: string) => `${staged}.lock`;

/** A new, empty folder beside `folder`, for {@link replaceFolder} to put in its place. Leftovers of killed runs go. */
export function stageFolder(folder: string): StagedFolder {
  const target = resolve(folder), parent = dirname(target);
  Deno.mkdirSync(parent, { recursive: true });
  recoverFolder(target);
  const prefix = `.${basename(target)}.new-`;
  for (const { name } of Deno.readDirSync(parent)) {
    if (!name.startsWith(prefix) || name.endsWith(".lock")) continue;
    const path = join(parent, name), lock = Deno.openSync(lockOf(path), { write: true, create: true });
    if (lock.tryLockSync(true)) dropStaged({ path, lock });
    else lock.close();
  }
  const path = join(parent, prefix + crypto.randomUUID());
  const lock = Deno.openSync(lockOf(path), { write: true, create: true });
  lock.lockSync(true);
  Deno.mkdirSync(path);
  return { path, lock };
}

/** Takes a staged folder away, with its lock. */
export function dropStaged({ path, lock }: StagedFolder): void {
  if (exists(path)) Deno.removeSync(path, { recursive: true });
  Deno.removeSync(lockOf(path));
  lock.close();
}

/** Takes a staged folder away where something else went wrong, which is the error to report. */
export function dropQuietly(staged: StagedFolder): void {
  try {
    dropStaged(staged);
  } catch {
    // What is left goes with the next run.
  }
}

/** Puts the folder made by {@link stageFolder} in the place of `folder`; the old one and the lock are gone afterwards. */
export function replaceFolder(staged: StagedFolder, folder: string): void {
  const target = resolve(folder);
  try {
    if (!exists(target)) {
      Deno.renameSync(staged.path, target);
    } else if (!exchange(staged.path, target)) {
      const backup = backupOf(target);
      if (exists(backup)) Deno.removeSync(backup, { recursive: true });
      Deno.renameSync(target, backup);
      Deno.renameSync(staged.path, target);
      Deno.removeSync(backup, { recursive: true });
    }
    dropStaged(staged); // Where the folders were exchanged, the old one is there now.
  } catch (error) {
    throw new InputError(`Cannot put the finished folder at ${folder}: ${(error as Error).message}`);
  }
}
