/**
 * Where downloads stay, so that each is made once: one folder a data set, put there whole or not at all.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { AutoMLPError, InputError, RunError } from "../../contract/errors.ts";
import type { StageContext } from "../../contract/stage.ts";
import { claimFolder } from "../../contract/files/place.ts";
import { recogniseFolder } from "../../contract/files/recognise.ts";
import { FolderRecord } from "../../contract/files/record.ts";
import { entryAt } from "../../contract/files/system.ts";
import { dropQuietly, placeFolder, stageFolder } from "../../contract/files/swap.ts";
import { formatBytes } from "../../display/text/units.ts";
import { describeFailure, download, type DownloadOptions } from "./download.ts";
import { describeMismatch, type Fingerprint, fingerprintFile } from "./fingerprint.ts";
import { isArchive, unzipMembers } from "../known/archive.ts";
import { type DatasetEntry, filesOf } from "../known/entry.ts";
import { partialBytes, PartialDownload, partialFolder } from "./partial.ts";

/** Where a data set's files came from; kept beside them as `source.json`. {@link resolveDataset} says it. */
export interface DownloadedFile {
  /** The download or the archive, by URL or by path. */
  from: string;
  /** Its size. */
  bytes: number;
  /** In hexadecimal digits. */
  sha256: string;
  /** The files beside this one, with their sizes. */
  files: { name: string; bytes: number }[];
}

/** A data set's files in a folder of the cache. */
export interface Cached {
  folder: string;
  source: DownloadedFile;
}

const SOURCE = "source.json";
/** Rises when a generated folder's files change: a folder of another layout has another name. */
const LAYOUT = 2;

/** What a person can do where a download fails. */
function byHand({ name, url = "", homepage }: DatasetEntry): string {
  const file = basename(url);
  return `download ${file} by hand from ${homepage} and pass it with --data (deno task prepare --dataset ${name} --data ${file})`;
}

/**
 * The files of an entry with a URL, if the cache has them as they were put there.
 *
 * @throws {RunError} if its folder is there and cannot be read.
 */
function cachedDataset(entry: DatasetEntry, cacheDir: string): Cached | undefined {
  const folder = join(cacheDir, entry.name), source = readSource(folder);
  return source && isCurrent(source, entry) ? { folder, source } : undefined;
}

/**
 * The files of an entry with a URL, from the cache or, where it has none, downloaded into it. A download that was broken off goes on.
 *
 * @throws {RunError} if the download fails or its checksum does not match; what came stays for the next try, and nothing else.
 */
export async function downloadDataset(
  entry: DatasetEntry,
  cacheDir: string,
  context: Pick<DownloadOptions, "progress" | "signal" | "stallSeconds" | "pauseSeconds"> = {},
): Promise<Cached> {
  const cached = cachedDataset(entry, cacheDir);
  if (cached) return cached;
  const folder = join(cacheDir, entry.name), { url = "", bytes, checksum, title, licence } = entry;
  const size = bytes === undefined ? "" : `${formatBytes(bytes)} `;
  context.progress?.remark?.(`${title}: ${licence}; ${size}from ${url}`);
  return await storing(entry, folder, async () => {
    claim(entry, folder); // before any work
    using partial = await PartialDownload.open(
      partialFolder(folder),
      basename(new URL(url).pathname),
      context,
    );
    const meanwhile = cachedDataset(entry, cacheDir);
    if (meanwhile) return meanwhile;
    const found = await download(url, partial, { ...context, checksum, advice: byHand(entry) });
    if (!checksum) {
      context.progress?.warn(
        `No checksum is published for ${url}; the download's SHA-256 is ${found.sha256}`,
      );
    }
    const stored = await install(entry, folder, async (staged) => {
      await putFiles(entry, partial, staged, context);
      return { from: url, found };
    });
    partial.remove();
    return stored;
  });
}

/**
 * The files of a data set's archive that a person already has, unpacked into the cache.
 *
 * @throws {InputError} if the archive is not the published one, is damaged, or lacks a file.
 */
export async function unpackDataset(
  entry: DatasetEntry,
  archive: string,
  cacheDir: string,
  context: StageContext = {},
): Promise<Cached> {
  const found = await fingerprintFile(archive, context);
  const mismatch = describeMismatch(found, entry.checksum);
  if (mismatch) {
    throw new InputError(
      `Cannot use ${archive} as ${entry.name}: ${mismatch}; ${byHand(entry)}, or pass the unpacked files`,
    );
  }
  // What agrees with the published checksum is as good as a download; anything else gets a folder of its own.
  const folder = join(cacheDir, entry.checksum ? entry.name : `${entry.name}-${found.sha256.slice(0, 12)}`);
  const cached = readSource(folder);
  if (cached?.sha256 === found.sha256) return { folder, source: cached };
  return await install(entry, folder, async (staged) => {
    await unpack(entry, archive, staged, context);
    return { from: archive, found };
  });
}

/**
 * The files of an entry that generates them, made again in a folder of the cache that goes with `options`.
 *
 * @returns The folder.
 */
export async function generateDataset(
  entry: DatasetEntry,
  cacheDir: string,
  options: Record<string, unknown>,
): Promise<string> {
  const folder = generatedFolder(entry, cacheDir, options);
  await makeFolder(entry, folder, (staged) => entry.generate!(staged, options));
  return folder;
}

/** The folder of an entry that generates its files. */
function generatedFolder(
  { name }: DatasetEntry,
  cacheDir: string,
  options: Record<string, unknown> = {},
): string {
  const digest = createHash("sha256").update(JSON.stringify([LAYOUT, options])).digest("hex");
  return join(cacheDir, `${name}-${digest.slice(0, 12)}`);
}

/** What is in the cache of a data set. */
export interface Kept {
  /** Its folder, if it is there whole. */
  folder?: string;
  /** How much of a download that was broken off, if it is not. */
  partial?: { bytes: number; total?: number };
}

/**
 * Looks for an entry's files in the cache, as they are made or downloaded where nothing else is said.
 *
 * @throws {RunError} if a folder is there and cannot be read.
 */
export function keptOf(entry: DatasetEntry, cacheDir: string): Kept {
  if (entry.generate) {
    const folder = generatedFolder(entry, cacheDir);
    return existsSync(folder) ? { folder } : {};
  }
  const folder = cachedDataset(entry, cacheDir)?.folder;
  if (folder) return { folder };
  const partial = partialBytes(partialFolder(join(cacheDir, entry.name)));
  return partial ? { partial } : {};
}

/** Fills the folder of a data set that came from an archive or a download, and notes its source there. */
function install(
  entry: DatasetEntry,
  folder: string,
  make: (staged: string) => Promise<{ from: string; found: Fingerprint }>,
): Promise<Cached> {
  return makeFolder(entry, folder, async (staged) => {
    const { from, found: { bytes, sha256 } } = await make(staged);
    const files = filesOf(entry).map(({ path }) => basename(path))
      .map((name) => ({ name, bytes: Deno.statSync(join(staged, name)).size }));
    const source: DownloadedFile = { from, bytes, sha256, files };
    Deno.writeTextFileSync(join(staged, SOURCE), JSON.stringify(source, null, 2) + "\n");
    return { folder, source };
  });
}

/** Makes a folder's content by `make` and puts it in place whole, or leaves nothing. */
function makeFolder<T>(
  entry: DatasetEntry,
  folder: string,
  make: (staged: string) => Promise<T>,
): Promise<T> {
  return storing(entry, folder, async () => {
    const staged = await stageFolder(claim(entry, folder));
    let made: T | undefined;
    try {
      made = await make(staged.path);
      staged.record.enterAll();
      // What is there already stays: another process may be reading it.
      if (holdsTheSame(folder, staged.record)) dropQuietly(staged);
      else await placeFolder(staged);
      return made;
    } catch (error) {
      dropQuietly(staged);
      if (holdsTheSame(folder, staged.record)) return made!; // another process was faster
      throw error;
    }
  });
}

/** Whether a folder holds, as it was written, all that a record of another one says. */
function holdsTheSame(folder: string, { facts }: FolderRecord): boolean {
  const there = entryAt(folder)?.isDirectory ? recogniseFolder(folder) : undefined;
  if (!there || there.changed.length + there.strangers.length > 0) return false;
  if (!Object.keys(facts.files).every((path) => there.own.includes(path))) return false; // one was removed
  return isDeepStrictEqual(FolderRecord.read(folder)?.facts.files, facts.files);
}

/** The gate before anything is written into a data set's folder. */
const claim = ({ name }: DatasetEntry, folder: string) =>
  claimFolder(folder, "download", {
    what: `the data set ${name} in the cache`,
    overwrite: true,
    elsewhere: "set AUTOMLP_CACHE to another folder",
  });

/** What the system refuses is one line that says what to do. */
async function storing<T>({ name }: DatasetEntry, folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AutoMLPError) throw error;
    throw new RunError(
      `Cannot store ${name} in ${folder}: ${
        describeFailure(error)
      }; set AUTOMLP_CACHE to another folder, with room`,
      { cause: error },
    );
  }
}

/** Whether the cached files are those that the entry names today. */
const isCurrent = (source: DownloadedFile, { url, checksum }: DatasetEntry): boolean =>
  checksum ? source.sha256 === checksum.sha256 : source.from === url;

/**
 * Puts a whole download's files into a folder: those of an archive, or the download itself. One that is no good is removed: the
 * next try must not find it again.
 */
async function putFiles(
  entry: DatasetEntry,
  partial: PartialDownload,
  folder: string,
  context: StageContext,
): Promise<void> {
  try {
    if (isArchive(partial.path)) await unpack(entry, partial.path, folder, context);
    else await Deno.copyFile(partial.path, join(folder, basename(partial.path))); // it may not come to its place
  } catch (error) {
    if (error instanceof InputError) partial.remove();
    throw error;
  }
}

const unpack = (
  entry: DatasetEntry,
  archive: string,
  folder: string,
  context: StageContext,
): Promise<void> => unzipMembers(archive, filesOf(entry).map(({ path }) => path), folder, context);

/**
 * What is known of a folder's files; undefined where it is not there, or where a file is not as it was put there.
 *
 * @throws {RunError} if the folder is there and cannot be read.
 */
function readSource(folder: string): DownloadedFile | undefined {
  try {
    const source = JSON.parse(Deno.readTextFileSync(join(folder, SOURCE))) as DownloadedFile;
    const whole = source.files.every(({ name, bytes }) => Deno.statSync(join(folder, name)).size === bytes);
    return whole ? source : undefined;
  } catch (error) {
    // A syntax or type error: the note itself is damaged.
    const absent = [Deno.errors.NotFound, Deno.errors.NotADirectory, SyntaxError, TypeError];
    if (absent.some((kind) => error instanceof kind)) return undefined;
    throw new RunError(
      `Cannot read the cached data set in ${folder}: ${
        (error as Error).message
      }; set AUTOMLP_CACHE to another folder`,
      { cause: error },
    );
  }
}
