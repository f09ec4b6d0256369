/**
 * Finds known data sets by name: in the user's own copies, in the cache, or by download.
 *
 * @module
 */
import { basename, join } from "node:path";
import { isThere } from "../../contract/files/readable.ts";
import { cacheFolder } from "../../contract/machine/cache_folder.ts";
import { didYouMean, InputError } from "../../contract/errors.ts";
import { makeOne, MANIFEST, nearDataset, noDataset } from "../../contract/dataset/near_dataset.ts";
import type { StageContext } from "../../contract/stage.ts";
import { downloadDataset, type DownloadedFile, generateDataset, unpackDataset } from "../downloads/cache.ts";
import { AMAZON } from "./amazon.ts";
import { findCopies } from "./copies.ts";
import { DEMO } from "./demo.ts";
import type { DatasetEntry, KnownFile, ReaderOptions, SideReaderOptions } from "./entry.ts";
import { MOVIELENS } from "./movielens.ts";

export type {
  Checksum,
  DatasetEntry,
  KnownCounts,
  KnownFile,
  ReaderOptions,
  SideReaderOptions,
} from "./entry.ts";
export type { DownloadedFile } from "../downloads/cache.ts";

/** The data sets that the program knows. */
export const DATASETS: readonly DatasetEntry[] = [DEMO, ...MOVIELENS, ...AMAZON];

/**
 * Returns the names that `--dataset` accepts.
 *
 * @example
 * ```ts
 * import { datasetNames } from "automlp";
 * import assert from "node:assert/strict";
 *
 * assert(datasetNames().includes("ml-1m"));
 * ```
 */
export function datasetNames(entries: readonly DatasetEntry[] = DATASETS): string[] {
  return entries.map(({ name }) => name);
}

/** Finds an entry by name, ignoring case; undefined if there is none. */
export const knownDataset = (
  name: string,
  entries: readonly DatasetEntry[] = DATASETS,
): DatasetEntry | undefined => entries.find((entry) => entry.name === name.toLowerCase());

/**
 * Finds the entry of a data set by name, ignoring case.
 *
 * @throws {InputError} if there is none; the message suggests the closest name.
 * @example
 * ```ts
 * import { findDataset } from "automlp";
 * import assert from "node:assert/strict";
 *
 * assert.equal(findDataset("ML-1M").name, "ml-1m");
 * ```
 */
export function findDataset(name: string, entries: readonly DatasetEntry[] = DATASETS): DatasetEntry {
  const entry = knownDataset(name, entries);
  if (entry) return entry;
  if (isPrepared(name)) {
    throw new InputError(
      `Cannot prepare ${name}: it is a dataset folder, prepared already, and --dataset takes the name of a known data set ` +
        `here; continue with deno task search --dataset ${name}, or another command that works on a dataset`,
    );
  }
  if (/[/\\]/.test(name)) {
    throw new InputError(
      `Cannot find a dataset in ${name}: ${noDataset(name)}; ${makeOne(name)}, ` +
        "or name a known data set: deno task data list",
    );
  }
  throw new InputError(
    `Cannot find a data set "${name}"${
      didYouMean(name, datasetNames(entries)) || nearDataset(name)
    }: it is no folder of one, ` +
      "nor a name in deno task data list; pass other data with --data FILE alone",
  );
}

/**
 * Checks whether a folder is a prepared dataset. Without permission to look, the name is treated like any other.
 *
 * @throws {InputError} if it exists but the system does not allow access.
 */
function isPrepared(folder: string): boolean {
  try {
    return isThere(join(folder, MANIFEST));
  } catch (error) {
    if (error instanceof InputError) throw error;
    return false;
  }
}

/** Options of {@link resolveDataset}. */
export interface ResolveOptions extends StageContext {
  /** Existing copies, one or several: the archive, the unpacked files, or folders that hold either. */
  data?: string | readonly string[];
  /** Side tables that need not be found in or beside `data`, because others replace them. */
  without?: readonly ("items" | "users")[];
  /** Folder for downloads. Default: the user's cache folder. */
  cache?: string;
  /** The data sets to choose from. Default: those listed by {@link datasetNames}. */
  entries?: readonly DatasetEntry[];
  /** Options passed to an entry that generates its data. */
  generate?: Record<string, unknown>;
}

/** The result of {@link resolveDataset}: where the files of a known data set are and how they are read. */
export interface ResolvedDataset {
  /** The entry of the data set. */
  entry: DatasetEntry;
  /** Input for {@link readInteractions}. */
  read: ReaderOptions & { files: string[] };
  /** Input for {@link readSideTable}, for the items. */
  items?: SideReaderOptions & { file: string; key: "item" };
  /** Input for {@link readSideTable}, for the users. */
  users?: SideReaderOptions & { file: string; key: "user" };
  /** The archive or download that the files came from, if any. */
  source?: DownloadedFile;
}

/**
 * Finds the files of a known data set: in `data` if given, else in the cache, else by downloading them into it or by generating
 * them.
 *
 * @throws {InputError} for an unknown name, and for copies that are not files of the data set.
 * @throws {RunError} if the download fails.
 * @throws {Interrupted} if the signal is aborted.
 * @example
 * ```ts
 * import { readInteractions, resolveDataset } from "automlp";
 *
 * const { read, items } = await resolveDataset("demo", { cache: await Deno.makeTempDir() });
 * const { frame } = await readInteractions(read);
 * console.log(frame.height, items);
 * ```
 */
export async function resolveDataset(name: string, options: ResolveOptions = {}): Promise<ResolvedDataset> {
  const entry = findDataset(name, options.entries);
  const { progress, signal } = options, data = options.data === undefined ? [] : [options.data].flat();
  const context = { progress, signal };
  const cache = () => options.cache ?? cacheFolder();

  if (data.length > 0) {
    const copies = await findCopies(entry, data, progress, options.without);
    if ("files" in copies) return locate(entry, (file) => copies.files.get(file), copies.read);
    const { folder, source } = await unpackDataset(entry, copies.archive, cache(), context);
    return { ...locate(entry, (file) => join(folder, basename(file.path))), source };
  }
  if (entry.generate) {
    const folder = await generateDataset(entry, cache(), options.generate ?? {});
    return locate(entry, (file) => join(folder, file.path));
  }
  const { folder, source } = await downloadDataset(entry, cache(), context);
  return { ...locate(entry, (file) => join(folder, basename(file.path))), source };
}

/** Collects the paths of an entry's files. */
function locate(
  entry: DatasetEntry,
  pathOf: (file: KnownFile) => string | undefined,
  read: ReaderOptions = entry.interactions.read,
): ResolvedDataset {
  const { interactions, items, users } = entry;
  const itemFile = items && pathOf(items), userFile = users && pathOf(users);
  return {
    entry,
    read: { ...read, files: [pathOf(interactions)!] },
    ...(itemFile !== undefined ? { items: { ...items!.read, file: itemFile, key: "item" } } : {}),
    ...(userFile !== undefined ? { users: { ...users!.read, file: userFile, key: "user" } } : {}),
  };
}
