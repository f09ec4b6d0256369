/**
 * Distinguishes our files in a folder from those of others.
 *
 * @module
 */
import { basename, join } from "node:path";
import { announce } from "./changes.ts";
import { hashFileSync } from "./hash.ts";
import { type LegacyFolder, legacyFolder } from "./legacy.ts";
import { removeIfEmpty } from "./made.ts";
import { isPartName } from "./names.ts";
import { type FolderKind, FolderRecord, RECORD } from "./record.ts";
import { entryAt, isSystemError } from "./system.ts";
import { walk } from "./walk.ts";

/** What a folder of ours contains. Paths are below it, with `/`. */
export interface OwnFolder {
  kind: FolderKind;
  /** The file that identifies the folder: its record, or the description from an earlier version. */
  knownBy: string;
  /** The id in its record; undefined for a folder of an earlier version, which has none. */
  id?: string;
  /** Files of ours that are unchanged, and unfinished ones that a killed process left. */
  own: string[];
  /** Files of ours that were changed since they were written, or may have been. */
  changed: string[];
  /** Everything else: files of others, links, pipes, and empty folders, which we never leave. */
  strangers: string[];
}

/**
 * Examines a folder. Reads every file of ours, at about 1.4 GB a second.
 *
 * @returns What the folder contains; undefined if it is not ours.
 * @throws {InputError} if its record is damaged.
 */
export function recogniseFolder(folder: string): OwnFolder | undefined {
  const record = FolderRecord.read(folder), legacy = record ? undefined : legacyFolder(folder);
  const kind = record?.kind ?? legacy?.kind;
  if (!kind) return undefined;
  const knownBy = legacy?.files[0] ?? RECORD;
  const found: OwnFolder = { kind, knownBy, id: record?.facts.id, own: [], changed: [], strangers: [] };
  const all = [...walk(folder)];
  for (const [i, { path, entry }] of all.entries()) {
    const isFilled = entry.isDirectory && all[i + 1]?.path.startsWith(`${path}/`);
    if (!isFilled) found[standing(folder, path, entry, record, legacy)].push(path);
  }
  return found;
}

/** Returns the kind of a folder of ours, from its record or its own description; undefined if it is not ours. */
export const folderKind = (folder: string): FolderKind | undefined =>
  FolderRecord.read(folder)?.kind ?? legacyFolder(folder)?.kind;

function standing(
  folder: string,
  path: string,
  entry: Deno.FileInfo,
  record?: FolderRecord,
  legacy?: LegacyFolder,
): "own" | "changed" | "strangers" {
  if (!entry.isFile) return "strangers";
  if (record && path === RECORD || isPartName(basename(path))) return "own";
  if (record?.has(path)) return record.holds(path, hashFileSync(join(folder, path))) ? "own" : "changed";
  return legacy?.files.includes(path) ? "changed" : "strangers";
}

/** Returns the first names of a list, for a message. */
export const someOf = (names: readonly string[]): string =>
  names.slice(0, 3).join(", ") + (names.length > 3 ? ` and ${names.length - 3} more` : "");

/**
 * Removes files from a folder, then empty folders, then the file that identifies the folder, so that what a kill leaves is still
 * recognized.
 * Everything else stays, and so does what the system does not let go.
 *
 * @param files Paths below the folder.
 * @returns The paths that stayed; empty if the folder is gone.
 */
export function removeOwn(folder: string, files: readonly string[], knownBy: string): string[] {
  const remove = (path: string) => {
    announce(`remove ${path}`);
    Deno.removeSync(join(folder, path));
  };
  const steps = [
    ...files.filter((path) => path !== knownBy).map((path) => () => remove(path)),
    () => removeEmptyFolders(folder),
  ];
  const gone = steps.map(isLetGo).every(Boolean);
  if (gone && files.includes(knownBy)) isLetGo(() => remove(knownBy));
  isLetGo(() => removeIfEmpty(folder));
  return entryAt(folder) ? Array.from(walk(folder), ({ path }) => path) : [];
}

function removeEmptyFolders(folder: string): void {
  for (const { path, entry } of [...walk(folder)].toReversed()) {
    if (entry.isDirectory) removeIfEmpty(join(folder, path));
  }
}

/** Removes something and returns whether the system permitted it; in a read-only folder it does not. */
function isLetGo(remove: () => void): boolean {
  try {
    remove();
    return true;
  } catch (error) {
    if (isSystemError(error)) return false;
    throw error;
  }
}
