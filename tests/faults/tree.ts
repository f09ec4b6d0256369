/** Compares the content of a folder before and after, and makes or removes what needs more than one call. */
import { createHash } from "node:crypto";
import { join } from "node:path";

/** Kind, permissions and content of each path below a folder. */
export type Tree = Map<string, string>;

/** Reads a tree. Links are not followed; unreadable files have only their metadata. */
export function treeOf(folder: string): Tree {
  const tree: Tree = new Map();
  const visit = (below: string) => {
    for (const { name } of allowed(() => [...Deno.readDirSync(join(folder, below))]) ?? []) {
      const path = below + name, full = join(folder, path), entry = allowed(() => Deno.lstatSync(full));
      if (!entry) continue;
      tree.set(path, `${kindOf(entry)} ${(entry.mode! & 0o7777).toString(8)} ${contentOf(full, entry)}`);
      if (entry.isDirectory) visit(`${path}/`);
    }
  };
  visit("");
  return tree;
}

/** Returns the result, or undefined if the system does not permit it. */
function allowed<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (error instanceof Deno.errors.PermissionDenied) return undefined;
    throw error;
  }
}

const kindOf = ({ isFile, isDirectory, isSymlink }: Deno.FileInfo) =>
  isFile ? "file" : isDirectory ? "folder" : isSymlink ? "link" : "other";

function contentOf(path: string, { isFile, isSymlink, ino, size }: Deno.FileInfo): string {
  if (isSymlink) return Deno.readLinkSync(path);
  if (!isFile) return "";
  const bytes = allowed(() => Deno.readFileSync(path));
  return bytes ? createHash("sha256").update(bytes).digest("hex") : `${ino} ${size}`;
}

/** The change of a path. */
export interface Change {
  path: string;
  change: "new" | "gone" | "changed";
  /** What was there before; empty if the path is new. */
  before: string;
}

/** Returns paths that are new, gone or different. */
export function changesBetween(before: Tree, after: Tree): Change[] {
  const gone = [...before].filter(([path, what]) => after.get(path) !== what)
    .map(([path, before]): Change => ({ path, change: after.has(path) ? "changed" : "gone", before }));
  const added = [...after.keys()].filter((path) => !before.has(path));
  return [...gone, ...added.map((path): Change => ({ path, change: "new", before: "" }))];
}

/** Removes everything at a path, including what was made read-only. */
export function removeAll(path: string): void {
  if (Deno.lstatSync(path).isDirectory) {
    Deno.chmodSync(path, 0o700);
    for (const { name } of Deno.readDirSync(path)) removeAll(join(path, name));
  }
  Deno.removeSync(path);
}

/** Whether anything is at a path, even a broken link. */
export function isThere(path: string): boolean {
  try {
    return Deno.lstatSync(path) !== undefined;
  } catch {
    return false;
  }
}

/** Makes a pipe that nobody writes to: a process that opens it waits. */
export function makePipe(path: string): void {
  const { success } = new Deno.Command("mkfifo", { args: ["--", path] }).outputSync();
  if (!success) throw new Error(`mkfifo ${path}`);
}
