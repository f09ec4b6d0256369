/**
 * An unfinished download that stays when it is interrupted: the bytes received, and what the server said about the file. It is kept
 * in a folder of ours in the cache, `ml-1m.partial/`, so that the next command resumes where this one stopped. One process at a
 * time can hold it.
 *
 * @module
 */
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import { checkInterrupt, InputError } from "../../contract/errors.ts";
import { announce } from "../../contract/files/changes.ts";
import { openLock } from "../../contract/files/lock.ts";
import { isOwnFolder, makeOwnFolder, removeOwnFolder } from "../../contract/files/made.ts";
import { entryAt, isMissing, kindOf, makeFolder } from "../../contract/files/system.ts";
import { writeAll, writeText } from "../../contract/files/write.ts";
import { silent } from "../../contract/progress.ts";
import type { StageContext } from "../../contract/stage.ts";

/** What the server said when the download began: a later response must be for the same file. */
export interface Begun {
  url: string;
  /** The file's strong ETag, else its date; left out if it has neither. */
  validator?: string;
  /** Total number of bytes, if the server said so. */
  total?: number;
}

const begunSchema = z.object({
  url: z.string(),
  validator: z.string().optional(),
  total: z.number().int().nonnegative().optional(),
});

const REQUEST = "request.json";
/** How often a process checks whether another one has finished. */
const LOOK_MS = 200;
/** How long a folder may lack our mark, since another process may be creating it. */
const PATIENCE_MS = 1000;

/** Returns the folder for a data set's download, beside the folder it is meant for. */
export const partialFolder = (folder: string): string => `${folder}.partial`;

/** The bytes of a file received so far. */
export class PartialDownload implements Disposable {
  #bytes: number;
  #begun: Begun | undefined;
  #isOver = false;
  /** Whether the bytes come from more than one request. */
  isPieced: boolean;

  private constructor(readonly folder: string, readonly path: string, readonly file: Deno.FsFile) {
    this.#begun = readBegun(folder);
    this.#bytes = file.statSync().size;
    this.isPieced = this.#bytes > 0;
  }

  /**
   * Opens what there is of a file, or starts with nothing. Waits while another process downloads it.
   *
   * @param name The file's name.
   * @throws {InputError} if something that is not ours is in its place.
   * @throws {Interrupted} if the signal is aborted during the wait.
   */
  static async open(
    folder: string,
    name: string,
    { progress = silent, signal }: StageContext = {},
  ): Promise<PartialDownload> {
    const path = join(folder, name), since = performance.now();
    let waiting;
    try {
      for (;;) {
        checkInterrupt(signal, `waiting for another download of ${name}`);
        const claimed = claim(folder, performance.now() - since);
        const taken = claimed === "ours" ? take(path) : claimed;
        if (taken instanceof Deno.FsFile) return new PartialDownload(folder, path, taken);
        if (taken === "look again") continue;
        waiting ??= progress.start(`waiting for another process that downloads ${name}`);
        await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      }
    } finally {
      waiting?.end();
    }
  }

  /** Number of bytes received. */
  get bytes(): number {
    return this.#bytes;
  }

  /** What the server said about the file; undefined if no download was begun. */
  get begun(): Begun | undefined {
    return this.#begun;
  }

  /** Starts over with an empty file. */
  async begin(begun: Begun): Promise<void> {
    announce(`truncate ${basename(this.path)}`);
    this.file.truncateSync(0);
    this.#bytes = 0;
    this.#begun = undefined;
    this.isPieced = false;
    await writeText(join(this.folder, REQUEST), JSON.stringify(begun) + "\n");
    this.#begun = begun;
  }

  /** Appends bytes. */
  async add(chunk: Uint8Array): Promise<void> {
    this.file.seekSync(this.#bytes, Deno.SeekMode.Start);
    await writeAll(this.file, chunk);
    this.#bytes += chunk.length;
  }

  /** Removes the download, complete or not. */
  remove(): void {
    this.#isOver = true;
    removeOwnFolder(this.folder);
  }

  /** Releases it for other processes. A download that could not be resumed is removed. */
  [Symbol.dispose](): void {
    try {
      if (!this.#isOver && (this.#bytes === 0 || !this.#begun)) this.remove();
    } finally {
      this.file.close();
    }
  }
}

/** Returns how much of a download is in a folder; undefined if there is none. */
export function partialBytes(folder: string): { bytes: number; total?: number } | undefined {
  const begun = entryAt(folder)?.isDirectory && isOwnFolder(folder) ? readBegun(folder) : undefined;
  if (!begun) return undefined;
  const entry = entryAt(join(folder, basename(new URL(begun.url).pathname)));
  return entry?.isFile ? { bytes: entry.size, total: begun.total } : undefined;
}

/** Checks whether the folder is ours, and creates it if nothing is there; "held" while another process may be creating it. */
function claim(folder: string, waited: number): "ours" | "held" | "look again" {
  const entry = entryAt(folder);
  if (!entry) {
    makeFolder(dirname(folder));
    try {
      makeOwnFolder(folder);
    } catch (error) {
      if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    }
    return "look again";
  }
  if (entry.isDirectory && isOwnFolder(folder)) return "ours";
  if (entry.isDirectory && waited < PATIENCE_MS) return "held";
  if (entry.isDirectory && removeOwnFolder(folder)) return "look again"; // its process was killed before it was marked
  const what = entry.isDirectory ? "a folder with files that automlp did not write" : kindOf(entry);
  throw new InputError(
    `Cannot download into ${folder}: ${what} is there; move it, or set AUTOMLP_CACHE to another folder`,
  );
}

/** Opens and locks the file; "held" if another process has it, "look again" if it was removed meanwhile. */
function take(path: string): Deno.FsFile | "held" | "look again" {
  let file: Deno.FsFile;
  try {
    file = openLock(path);
  } catch (error) {
    if (isMissing(error)) return "look again";
    throw error;
  }
  const isFree = file.tryLockSync(true);
  if (isFree && entryAt(path)?.ino === file.statSync().ino) return file;
  file.close();
  return isFree ? "look again" : "held";
}

/** Reads the note on a download; undefined if it is missing or not in our format: the download then starts over. */
function readBegun(folder: string): Begun | undefined {
  try {
    return begunSchema.parse(JSON.parse(Deno.readTextFileSync(join(folder, REQUEST))));
  } catch (error) {
    if (isMissing(error) || error instanceof SyntaxError || error instanceof z.ZodError) return undefined;
    throw error;
  }
}
