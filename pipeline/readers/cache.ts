/**
 * Where downloads stay, so that each is made once: one folder a data set, put there whole or not at all.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { basename, join } from "node:path";
import { AutoMLPError, InputError, RunError } from "../contract/errors.ts";
import type { StageContext } from "../contract/stage.ts";
import { claimFolder } from "../contract/files/place.ts";
import { dropQuietly, placeFolder, type StagedFolder, stageFolder } from "../contract/files/swap.ts";
import {
  describeFailure,
  describeMismatch,
  download,
  type Fingerprint,
  fingerprintFile,
} from "./download.ts";
import { isArchive, unzipMembers } from "./known/archive.ts";
import { type DatasetEntry, filesOf } from "./known/entry.ts";

/** Where a data set's files came from; kept beside them as `source.json`. */
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
const byHand = ({ url, homepage }: DatasetEntry) =>
  `download ${basename(url!)} by hand from ${homepage} and pass it with --data`;

/**
 * The files of an entry with a URL, from the cache or, where it has none, downloaded into it.
 *
 * @throws {RunError} if the download fails or its checksum does not match; nothing is left behind.
 */
export async function downloadDataset(
  entry: DatasetEntry,
  cacheDir: string,
  context: StageContext & { stallSeconds?: number } = {},
): Promise<Cached> {
  const folder = join(cacheDir, entry.name);
  const cached = readSource(folder);
  if (cached && isCurrent(cached, entry)) return { folder, source: cached };
  context.progress?.warn(`${entry.title}: ${entry.licence}`);
  return await install(entry, folder, async (staged) => {
    const file = join(staged, basename(new URL(entry.url!).pathname));
    const { checksum } = entry;
    const found = await download(entry.url!, file, { ...context, checksum, advice: byHand(entry) });
    if (!checksum) {
      context.progress?.warn(
        `No checksum is published for ${entry.url}; the download's SHA-256 is ${found.sha256}`,
      );
    }
    await unpack(entry, file, staged, context);
    return { from: entry.url!, found };
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
  const digest = createHash("sha256").update(JSON.stringify([LAYOUT, options])).digest("hex");
  const folder = join(cacheDir, `${entry.name}-${digest.slice(0, 12)}`);
  await makeFolder(entry, folder, (staged) => entry.generate!(staged, options));
  return folder;
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
async function makeFolder<T>(
  entry: DatasetEntry,
  folder: string,
  make: (staged: string) => Promise<T>,
): Promise<T> {
  let staged: StagedFolder | undefined;
  try {
    staged = await stageFolder(
      claimFolder(folder, "download", {
        what: `the data set ${entry.name} in the cache`,
        overwrite: true,
        elsewhere: "set AUTOMLP_CACHE to another folder",
      }),
    );
    const made = await make(staged.path);
    staged.record.enterAll();
    await placeFolder(staged);
    return made;
  } catch (error) {
    if (staged) dropQuietly(staged);
    if (error instanceof AutoMLPError) throw error;
    throw new RunError(
      `Cannot store ${entry.name} in ${folder}: ${
        describeFailure(error)
      }; set AUTOMLP_CACHE to a folder with room`,
    );
  }
}

/** Whether the cached files are those that the entry names today. */
const isCurrent = (source: DownloadedFile, { url, checksum }: DatasetEntry): boolean =>
  checksum ? source.sha256 === checksum.sha256 : source.from === url;

/** Takes the entry's files out of an archive and removes the archive from `folder`; other downloads stay as they are. */
async function unpack(
  entry: DatasetEntry,
  file: string,
  folder: string,
  context: StageContext,
): Promise<void> {
  if (!isArchive(file)) return;
  await unzipMembers(file, filesOf(entry).map(({ path }) => path), folder, context);
  const downloaded = join(folder, basename(file));
  if (file === downloaded) await Deno.remove(downloaded);
}

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
    );
  }
}
