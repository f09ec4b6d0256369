/**
 * Which commit a folder has checked out, read from git's own files: no program is started, and no permission is asked for.
 *
 * @module
 */
import { dirname, join, resolve } from "node:path";
import { entryAt } from "../../pipeline/contract/files/readable.ts";
import { folderOnDisk } from "../../pipeline/contract/machine/package_folder.ts";

/**
 * Returns the commit of the git checkout that contains a folder; undefined if there is none, or it may not be read. Whether files differ
 * from the commit is not checked.
 *
 * @param folder Default: the working directory.
 * @returns 40 hexadecimal digits, or 64 if the repository uses SHA-256.
 */
export function gitCommit(folder = "."): string | undefined {
  if (!mayRead(folder)) return undefined;
  const git = gitFolder(folder);
  const head = git && readIfAllowed(join(git, "HEAD"))?.trim();
  if (!head) return undefined;
  const [, ref] = /^ref: (refs\/.+)$/.exec(head) ?? [];
  return commitIn(ref === undefined ? head : refIn(git, ref));
}

/**
 * Returns the commit of automlp's own clone, if it runs from one; undefined for a package, even one inside somebody's checkout: its version
 * identifies it.
 *
 * @param folder Default: the folder of this program.
 */
export function programCommit(folder = folderOnDisk()): string | undefined {
  if (folder === undefined || !mayRead(folder) || !entryAt(join(folder, ".git"))) return undefined;
  return gitCommit(folder);
}

const commitIn = (text = ""): string | undefined => /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.exec(text.trim())?.[0];

/** The git folder of the innermost checkout. In a worktree or submodule, a file there says where it is. */
function gitFolder(folder: string): string | undefined {
  for (let at = resolve(folder);; at = dirname(at)) {
    const place = join(at, ".git");
    if (readIfAllowed(join(place, "HEAD")) !== undefined) return place;
    const [, elsewhere] = /^gitdir: (.+)/.exec(readIfAllowed(place) ?? "") ?? [];
    if (elsewhere) return resolve(at, elsewhere);
    if (dirname(at) === at) return undefined;
  }
}

/** Reads a branch from its own file or from the list of packed refs; those of a worktree are in the repository that it belongs to. */
function refIn(git: string, ref: string): string | undefined {
  const common = resolve(git, readIfAllowed(join(git, "commondir"))?.trim() ?? ".");
  const packed = () =>
    readIfAllowed(join(common, "packed-refs"))?.split("\n").find((line) => line.endsWith(` ${ref}`))?.split(
      " ",
    )[0];
  return readIfAllowed(join(common, ref)) ?? packed();
}

function readIfAllowed(path: string): string | undefined {
  if (!mayRead(path)) return undefined;
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return undefined; // not there, a folder, not ours to read: then it is not known
  }
}

const mayRead = (path: string) => Deno.permissions.querySync({ name: "read", path }).state === "granted";
