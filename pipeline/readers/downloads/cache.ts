/**
 * Keeps downloads so that each is made only once: one folder per data set, put in place complete or not at all.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { AutoMLPError, InputError, RunError } from "../../contract/errors.ts";
import type { StageContext } from "../../contract/stage.ts";
import { examine, FolderRecord } from "../../contract/files/checksums.ts";
import { claimFolder } from "../../contract/files/claim.ts";
import { entryAt } from "../../contract/files/readable.ts";
import { dropQuietly, placeFolder, stageFolder } from "../../contract/files/swap.ts";
import { formatBytes } from "../../display/text/units.ts";
import {
  describeFailure,
  describeMismatch,
  download,
  type DownloadOptions,
  type Fingerprint,
  fingerprintFile,
} from "./download.ts";
import { isArchive, unzipMembers } from "../known/archive.ts";
import { type DatasetEntry, filesOf } from "../known/entry.ts";

/** Where a data set's files came from, as {@link resolveDataset} reports it; kept beside them as `source.json`. */
export interface DownloadedFile {
  /** URL of the download, or path of the archive. */
  from: string;
  /** Size of the download or archive in bytes. */
  bytes: number;
  /** SHA-256 of it, in hexadecimal. */
  sha256: string;
  /** The files in the same folder, with their sizes. */
  files: { name: string; bytes: number }[];
}

/** A data set's files in a folder of the cache. */
export interface Cached {
  folder: string;
  source: DownloadedFile;
}

const SOURCE = "source.json";
/** Raised when the files of a generated folder change: the folder's name then changes too. */
const LAYOUT = 3;

/** Returns advice for when a download fails. */
function byHand({ name, url = "", homepage }: DatasetEntry): string {
  const file = basename(url);
  return `download ${file} by hand from ${homepage} and pass it with --data (deno task prepare --dataset ${name} --data ${file})`;
}

/**
 * Returns the files of an entry with a URL, if the cache has them unchanged.
 *
 * @throws {RunError} if its folder exists but cannot be read.
 */
function cachedDataset(entry: DatasetEntry, cacheDir: string): Cached | undefined {
  const folder = join(cacheDir, entry.name), source = readSource(folder);
  return source && isCurrent(source, entry) ? { folder, source } : undefined;
}

/**
 * Returns the files of an entry with a URL, from the cache or downloaded into it.
 *
 * @throws {RunError} if the download fails, or if its checksum does not match. Nothing of it is kept.
 */
export async function downloadDataset(
  entry: DatasetEntry,
  cacheDir: string,
  context: Pick<DownloadOptions, "progress" | "signal" | "stallSeconds"> = {},
): Promise<Cached> {
  const cached = cachedDataset(entry, cacheDir);
  if (cached) return cached;
  const { url = "", bytes, checksum, title, licence } = entry, name = basename(new URL(url).pathname);
  const size = bytes === undefined ? "" : `${formatBytes(bytes)} `;
  context.progress?.remark?.(`${title}: ${licence}; ${size}from ${url}`);
  return await install(entry, join(cacheDir, entry.name), async (staged) => {
    const file = join(staged, name);
    const found = await download(url, file, { ...context, checksum, advice: byHand(entry) });
    if (!checksum) {
      context.progress?.warn(
        `No checksum is published for ${url}; the download's SHA-256 is ${found.sha256}`,
      );
    }
    if (isArchive(file)) {
      await unpack(entry, file, staged, context);
      Deno.removeSync(file);
    }
    return { from: url, found };
  });
}

/**
 * Unpacks a data set's archive that a person already has into the cache, and returns the files.
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
  // An archive that matches the published checksum is as good as a download; any other gets a folder of its own.
  const folder = join(cacheDir, entry.checksum ? entry.name : `${entry.name}-${found.sha256.slice(0, 12)}`);
  const cached = readSource(folder);
  if (cached?.sha256 === found.sha256) return { folder, source: cached };
  return await install(entry, folder, async (staged) => {
    await unpack(entry, archive, staged, context);
    return { from: archive, found };
  });
}

/**
 * Generates the files of an entry again, in a folder of the cache whose name depends on `options`.
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

/** Returns the folder of an entry that generates its files. */
function generatedFolder(
  { name }: DatasetEntry,
  cacheDir: string,
  options: Record<string, unknown> = {},
): string {
  const digest = createHash("sha256").update(JSON.stringify([LAYOUT, options])).digest("hex");
  return join(cacheDir, `${name}-${digest.slice(0, 12)}`);
}

/**
 * Returns the folder in the cache with an entry's files as generated or downloaded by default; undefined if there is none.
 *
 * @throws {RunError} if a folder exists but cannot be read.
 */
export function cachedFolder(entry: DatasetEntry, cacheDir: string): string | undefined {
  if (!entry.generate) return cachedDataset(entry, cacheDir)?.folder;
  const folder = generatedFolder(entry, cacheDir);
  return existsSync(folder) ? folder : undefined;
}

/** Fills the folder of a data set from an archive or a download, and notes the source there. */
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

/** Creates a folder's content with `make` and puts it in place complete, or leaves nothing. */
function makeFolder<T>(
  entry: DatasetEntry,
  folder: string,
  make: (staged: string) => Promise<T>,
): Promise<T> {
  return storing(entry, folder, async () => {
    const staged = await stageFolder(claim(entry, folder), { wait: true });
    let made: T | undefined;
    try {
      made = await make(staged.path);
      staged.record.enterAll();
      // An existing folder stays: another process may be reading it.
      if (holdsTheSame(folder, staged.record)) dropQuietly(staged);
      else await placeFolder(staged);
      return made;
    } catch (error) {
      dropQuietly(staged);
      if (holdsTheSame(folder, staged.record)) return made!; // another process finished first
      throw error;
    }
  });
}

/** Checks whether a folder holds, unchanged, all files in another folder's record. */
function holdsTheSame(folder: string, { facts }: FolderRecord): boolean {
  const there = entryAt(folder)?.isDirectory ? examine(folder) : undefined;
  if (!there || there.changed.length + there.strangers.length > 0) return false;
  if (!Object.keys(facts.files).every((path) => there.own.includes(path))) return false; // one was removed
  return isDeepStrictEqual(FolderRecord.read(folder)?.facts.files, facts.files);
}

/** Checks that a data set's folder may be written to, before anything is written. */
const claim = ({ name }: DatasetEntry, folder: string) =>
  claimFolder(folder, { name: "cached data set" }, {
    what: `the data set ${name} in the cache`,
    overwrite: true,
    elsewhere: "set AUTOMLP_CACHE to another folder",
  });

/** Turns a system error into one line that says what to do. */
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

/** Whether the cached files are those that the entry names now. */
const isCurrent = (source: DownloadedFile, { url, checksum }: DatasetEntry): boolean =>
  checksum ? source.sha256 === checksum.sha256 : source.from === url;

const unpack = (
  entry: DatasetEntry,
  archive: string,
  folder: string,
  context: StageContext,
): Promise<void> => unzipMembers(archive, filesOf(entry).map(({ path }) => path), folder, context);

/**
 * Reads the note on a folder's source; undefined if the folder does not exist or a file is not as it was put there.
 *
 * @throws {RunError} if the folder exists but cannot be read.
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
