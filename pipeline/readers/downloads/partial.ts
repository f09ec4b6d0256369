/**
 * A download that is under way, and stays when it is broken off: the bytes that came, and what the server said of the file. It lies in a
 * folder of ours in the cache, `ml-1m.partial/`, so that the next command goes on where this one stopped. One process at a time has it.
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

/** What the server said when the download began: a later answer must be of the same file. */
export interface Begun {
  url: string;
  /** Its strong ETag, else its date; left out where it has neither. */
  validator?: string;
  /** Bytes in all, where the server said so. */
  total?: number;
}

const begunSchema = z.object({
  url: z.string(),
  validator: z.string().optional(),
  total: z.number().int().nonnegative().optional(),
});

const REQUEST = "request.json";
/** How often a process looks whether another one has ended. */
const LOOK_MS = 200;
/** How long a folder may have no mark: somebody is just making it. */
const PATIENCE_MS = 1000;

/** The folder of a data set's download, beside the one that it is for. */
export const partialFolder = (folder: string): string => `${folder}.partial`;

/** The bytes of a file that have come so far. */
export class PartialDownload implements Disposable {
  #bytes: number;
  #begun: Begun | undefined;
  #isOver = false;
  /** Whether the bytes are of more than one request. */
  isPieced: boolean;

  private constructor(readonly folder: string, readonly path: string, readonly file: Deno.FsFile) {
    this.#begun = readBegun(folder);
    this.#bytes = file.statSync().size;
    this.isPieced = this.#bytes > 0;
  }

  /**
   * Opens what is there of a file, or begins with nothing. Waits while another process downloads it.
   *
   * @param name What the file is called.
   * @throws {InputError} if something of somebody else's is in its place.
   * @throws {Interrupted} if the signal is aborted while it waits.
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

  /** How many bytes are there. */
  get bytes(): number {
    return this.#bytes;
  }

  /** What they are of; undefined where nothing was begun. */
  get begun(): Begun | undefined {
    return this.#begun;
  }

  /** Starts over with nothing. */
  async begin(begun: Begun): Promise<void> {
    announce(`truncate ${basename(this.path)}`);
    this.file.truncateSync(0);
    this.#bytes = 0;
    this.#begun = undefined;
    this.isPieced = false;
    await writeText(join(this.folder, REQUEST), JSON.stringify(begun) + "\n");
    this.#begun = begun;
  }

  /** Adds bytes behind those that are there. */
  async add(chunk: Uint8Array): Promise<void> {
    this.file.seekSync(this.#bytes, Deno.SeekMode.Start);
    await writeAll(this.file, chunk);
    this.#bytes += chunk.length;
  }

  /** Removes all of it, whole or not. */
  remove(): void {
    this.#isOver = true;
    removeOwnFolder(this.folder);
  }

  /** Lets others have it. What nobody could continue is removed. */
  [Symbol.dispose](): void {
    try {
      if (!this.#isOver && (this.#bytes === 0 || !this.#begun)) this.remove();
    } finally {
      this.file.close();
    }
  }
}

/** How much of a download lies in a folder; undefined where there is none. */
export function partialBytes(folder: string): { bytes: number; total?: number } | undefined {
  const begun = entryAt(folder)?.isDirectory && isOwnFolder(folder) ? readBegun(folder) : undefined;
  if (!begun) return undefined;
  const entry = entryAt(join(folder, basename(new URL(begun.url).pathname)));
  return entry?.isFile ? { bytes: entry.size, total: begun.total } : undefined;
}

/** Whether the folder is ours: it is made where nothing is, and "held" while somebody else may just be making it. */
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
  if (entry.isDirectory && removeOwnFolder(folder)) return "look again"; // killed before it had its mark
  const what = entry.isDirectory ? "a folder with files that automlp did not write" : kindOf(entry);
  throw new InputError(
    `Cannot download into ${folder}: ${what} is there; move it, or set AUTOMLP_CACHE to another folder`,
  );
}

/** Opens and locks the file; "held" by another process, or gone with its folder when that was done. */
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

/** A note that is not there, or not as we write it, says nothing: the download begins again. */
function readBegun(folder: string): Begun | undefined {
  try {
    return begunSchema.parse(JSON.parse(Deno.readTextFileSync(join(folder, REQUEST))));
  } catch (error) {
    if (isMissing(error) || error instanceof SyntaxError || error instanceof z.ZodError) return undefined;
    throw error;
  }
}
