/**
 * `checksums.json`: which files of a folder are ours, and the checksums of their contents. It is in every folder that we write. Files that
 * it does not list belong to others; files that do not match it were damaged or edited.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import { InputError } from "../errors.ts";
import { cannotWrite, isMissing, isSystemError } from "../errors/system.ts";
import { cannotRead, checkVersion, entryAt, fixedPath, openFile, readTextSync, walk } from "./readable.ts";
import {
  folderWithin,
  isPartName,
  removeIfEmpty,
  replaceFileByPath,
  writeText,
  writeTextSync,
} from "./stage.ts";

/** The file's name. */
export const RECORD = "checksums.json";
const FORMAT = "automlp-checksums", VERSION = 2;
/** Maximum size of a record; one of a hundred thousand files is smaller. */
const MAX_BYTES = 16 << 20;

/** A kind of folder, declared by whoever writes such folders. */
export interface FolderKind {
  /** Its name, for messages: `dataset`. */
  name: string;
  /**
   * Given for a kind that is never replaced, because its content took time to compute and can be resumed: the subfolders that it cannot do
   * without, each named for its kind.
   */
  keeps?: readonly string[];
}

/** The name of a kind with its article: `an export`. */
export const aKind = (name: string): string => `${/^[aeiou]/.test(name) ? "an" : "a"} ${name}`;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const recordSchema = z.object({
  format: z.literal(FORMAT),
  version: z.literal(VERSION),
  kind: z.string().regex(/^[a-z][a-z ]*$/),
  keeps: z.array(z.string()).optional(),
  /** Random id, assigned when the folder was made. */
  id: z.uuid(),
  /** Checksums by path below the folder, with `/`. `before`: that of the content before the file was last replaced. */
  files: z.record(z.string(), z.object({ sha256, before: sha256.optional() })),
  /** Checksum of the record itself without this line. */
  checksum: sha256,
});
type Recorded = Omit<z.output<typeof recordSchema>, "checksum">;

/**
 * Writes a file into a folder; if the folder is ours, the file is entered into its record.
 *
 * @param write Writes the content to the path that it receives.
 * @throws {InputError} if the folder is ours and the place holds something that we did not write, or if it cannot be written.
 */
export async function putFile(path: string, write: (part: string) => Promise<void> | void): Promise<void> {
  const record = FolderRecord.read(dirname(path));
  await (record ? record.put(basename(path), write) : replaceFileByPath(path, write));
}

/** The record of one folder. */
export class FolderRecord {
  /** Files that this object wrote, which need not be checked again before they are replaced. */
  readonly #written = new Set<string>();
  #queue: Promise<unknown> = Promise.resolve();

  readonly #folder: () => string;

  private constructor(folder: string, readonly facts: Recorded) {
    this.#folder = fixedPath(folder);
  }

  get folder(): string {
    return this.#folder();
  }

  /** Creates a record for a folder that was just made; {@link FolderRecord.save} writes it. */
  static begin(folder: string, { name, keeps }: FolderKind): FolderRecord {
    return new FolderRecord(folder, {
      format: FORMAT,
      version: VERSION,
      kind: name,
      ...(keeps && { keeps: [...keeps] }),
      id: crypto.randomUUID(),
      files: {},
    });
  }

  /**
   * Reads the record of a folder; undefined if there is none.
   *
   * @throws {InputError} if it is damaged, not one of ours, or of another version.
   */
  static read(folder: string): FolderRecord | undefined {
    const path = join(folder, RECORD);
    let text: string;
    try {
      if (entryAt(path)?.isSymlink) {
        throw new InputError(`Cannot read ${path}: it is a link; put the file itself in its place`);
      }
      text = readTextSync(path, MAX_BYTES);
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw cannotRead(path, error);
    }
    const damaged = (problem: string) =>
      new InputError(
        `Cannot read ${path}: ${problem}; it was damaged or edited: without it nothing in the folder can be checked, ` +
          "make the folder again elsewhere",
      );
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      throw damaged("it is not valid JSON");
    }
    checkVersion(path, "the record of its folder", (value as { version?: unknown } | null)?.version, VERSION);
    const parsed = recordSchema.safeParse(value);
    if (!parsed.success) throw damaged("it does not list checksums of automlp's files");
    const { checksum: _, ...facts } = parsed.data;
    if (text !== textOf(facts)) throw damaged("its own checksum does not match");
    return new FolderRecord(folder, facts);
  }

  /** The name of the folder's kind. */
  get kind(): string {
    return this.facts.kind;
  }

  /** See {@link FolderKind.keeps}. */
  get keeps(): readonly string[] | undefined {
    return this.facts.keeps;
  }

  /** Whether a file is one of ours. */
  has(path: string): boolean {
    return Object.hasOwn(this.facts.files, path);
  }

  /** Lists all files of ours, as paths below the folder, without the record itself. */
  paths(): string[] {
    return Object.keys(this.facts.files);
  }

  /** Enters a file that was written into the folder before the folder is in place. */
  enter(path: string, sha256: string = hashFileSync(join(this.folder, path))): void {
    this.facts.files[path] = { sha256 };
  }

  /** Enters all files of a folder that is not yet in place. */
  enterAll(): void {
    for (const { path, entry } of walk(this.folder)) {
      if (entry.isFile && path !== RECORD && !this.has(path)) this.enter(path);
    }
  }

  /** Writes the record. */
  save(): Promise<void> {
    return writeText(join(this.folder, RECORD), textOf(this.facts));
  }

  /** Writes the record of a folder that was just made, unless another process has done so. */
  saveNew(): void {
    writeTextSync(join(this.folder, RECORD), textOf(this.facts), { keep: true });
  }

  /** Whether a file's content matches the record. */
  holds(path: string, sha256: string): boolean {
    const known = this.has(path) ? this.facts.files[path] : undefined;
    return known !== undefined && (sha256 === known.sha256 || sha256 === known.before);
  }

  /**
   * Checks content that was read from a file of the folder.
   *
   * @throws {InputError} if the content is not what was written.
   */
  check(path: string, sha256: string): void {
    if (this.holds(path, sha256)) return;
    throw new InputError(
      this.has(path)
        ? `Cannot read ${
          join(this.folder, path)
        }: its checksum does not match: it was damaged or edited; restore it from a copy, or make it again`
        : `Cannot read ${join(this.folder, path)}: automlp did not write it there; move it away`,
    );
  }

  /**
   * Replaces or adds a file, completely or not at all. The record is written before the file is renamed to its place, and it includes
   * what was there before: after a kill in between, all files still match the record.
   *
   * @param write Writes the content to the path that it receives.
   * @param options.unedited Whether to refuse to replace a file of ours that was changed since it was written.
   * @throws {InputError} if there is a file that we did not write, or no space or permission to write.
   */
  put(
    path: string,
    write: (part: string) => Promise<void> | void,
    { unedited = false }: { unedited?: boolean } = {},
  ): Promise<void> {
    return this.#inTurn(async () => {
      this.#refresh();
      const place = this.#placeOf(path), { before } = this.#present(path, place);
      if (unedited && entryAt(place) && !this.holds(path, hashFileSync(place))) {
        throw new InputError(
          `Cannot write ${place}: it was changed since automlp wrote it; move it, or choose another place with --out`,
        );
      }
      await replaceFileByPath(place, async (part) => {
        await write(part);
        this.#refresh(); // writing may have taken long
        this.facts.files[path] = { sha256: hashFileSync(part), ...(before && { before }) };
        await this.save();
      });
      this.#written.add(path);
    });
  }

  /**
   * Renames a file of ours in the folder, replacing a file of ours with the new name. A file that was changed stays where it is: it must
   * not replace a good one, nor get a checksum that marks it as good.
   *
   * @throws {InputError} if there is a file that we did not write.
   */
  move(from: string, to: string): Promise<void> {
    return this.#inTurn(async () => {
      this.#refresh();
      const place = this.#placeOf(to), source = this.#placeOf(from), sha256 = hashFileSync(source);
      if (!this.holds(from, sha256)) return;
      const { before } = this.#present(to, place);
      this.facts.files[to] = { sha256, ...(before && { before }) };
      await this.save();
      Deno.renameSync(source, place);
    });
  }

  /** Removes a file of ours, if it exists. */
  remove(path: string): Promise<void> {
    return this.#inTurn(async () => {
      this.#refresh();
      const place = this.#placeOf(path);
      if (!this.has(path) || !entryAt(place)?.isFile) return;
      Deno.removeSync(place);
      delete this.facts.files[path];
      await this.save();
    });
  }

  /** Makes one change at a time. Errors of the system become one line. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#queue.then(work).catch((error) => {
      if (isSystemError(error)) this.#refresh(); // a file may be missing because the folder was moved away
      throw cannotWrite(this.folder, error);
    });
    this.#queue = done.catch(() => {});
    return done;
  }

  /**
   * Reads what another object or process has written since.
   *
   * @throws {InputError} if the folder is gone, or another one, which is not ours, is in its place.
   */
  #refresh(): void {
    const now = FolderRecord.read(this.folder);
    if (now?.facts.id !== this.facts.id) {
      throw new InputError(
        `Cannot write to ${this.folder}: the folder was moved, removed or replaced since the work on it began; go on with it where it is now`,
      );
    }
    this.facts.files = now.facts.files;
  }

  /**
   * Returns the path of a file in the folder.
   *
   * @throws {InputError} if a link on the way leads out of the folder, to something that is not ours.
   */
  #placeOf(path: string): string {
    const place = join(this.folder, path);
    folderWithin(this.folder, dirname(path), place);
    return place;
  }

  /**
   * Returns the SHA-256 of a file that is about to be replaced, if it is unchanged. A damaged file must not count as good if a kill leaves
   * it in place.
   */
  #present(path: string, place: string): { before?: string } {
    const entry = entryAt(place);
    if (!entry) return {};
    if (!entry.isFile || !this.has(path)) {
      throw new InputError(
        `Cannot write ${place}: something is there that automlp did not write; move it, or choose another folder`,
      );
    }
    const sha256 = this.#written.has(path) ? this.facts.files[path].sha256 : hashFileSync(place);
    return this.holds(path, sha256) ? { before: sha256 } : {};
  }
}

const textOf = (facts: Recorded) =>
  JSON.stringify({ ...facts, checksum: hashOf(JSON.stringify(facts)) }, null, 2) + "\n";

/** What a folder of ours contains. Paths are below it, with `/`. */
export interface OwnFolder {
  record: FolderRecord;
  /** Files of ours that are unchanged, and unfinished ones that a killed process left. */
  own: string[];
  /** Files of ours that were changed since they were written. */
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
export function examine(folder: string): OwnFolder | undefined {
  const record = FolderRecord.read(folder);
  if (!record) return undefined;
  const found: OwnFolder = { record, own: [], changed: [], strangers: [] }, all = [...walk(folder)];
  for (const [i, { path, entry }] of all.entries()) {
    const isFilled = entry.isDirectory && all[i + 1]?.path.startsWith(`${path}/`);
    if (isFilled) continue;
    if (!entry.isFile) found.strangers.push(path);
    else if (path === RECORD || isPartName(basename(path))) found.own.push(path);
    else if (!record.has(path)) found.strangers.push(path);
    else found[record.holds(path, hashFileSync(join(folder, path))) ? "own" : "changed"].push(path);
  }
  return found;
}

/**
 * Removes files of ours from a folder, then empty folders, then the record, so that what a kill leaves is still recognized. Everything
 * else stays, and so does what the system does not let go.
 *
 * @param files Paths below the folder.
 * @returns The paths that stayed; empty if the folder is gone.
 */
export function removeFiles(folder: string, files: readonly string[]): string[] {
  const steps = [
    ...files.filter((path) => path !== RECORD).map((path) => () => Deno.removeSync(join(folder, path))),
    () => removeEmptyFolders(folder),
  ];
  const gone = steps.map(isLetGo).every(Boolean);
  if (gone && files.includes(RECORD)) isLetGo(() => Deno.removeSync(join(folder, RECORD)));
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

/** Returns the first names of a list, for a message. */
export const someOf = (names: readonly string[]): string =>
  names.slice(0, 3).join(", ") + (names.length > 3 ? ` and ${names.length - 3} more` : "");

const CHUNK_BYTES = 1 << 20;

/**
 * Returns the SHA-256 of a file as it is on disk, in hexadecimal.
 *
 * @param options.onBytes Called with the size of every piece that was read.
 */
export async function hashFile(
  path: string,
  options: { signal?: AbortSignal; onBytes?: (bytes: number) => void } = {},
): Promise<string> {
  const hash = createHash("sha256");
  const file = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  for await (const chunk of file) {
    options.signal?.throwIfAborted();
    hash.update(chunk);
    options.onBytes?.(chunk.length);
  }
  return hash.digest("hex");
}

/** The synchronous version of `hashFile`; about 1.4 GB a second. */
export function hashFileSync(path: string): string {
  const hash = createHash("sha256"), chunk = new Uint8Array(CHUNK_BYTES);
  using file = openFile(path);
  for (let read = file.readSync(chunk); read !== null; read = file.readSync(chunk)) {
    hash.update(chunk.subarray(0, read));
  }
  return hash.digest("hex");
}

/** Returns the SHA-256 of bytes or text, in hexadecimal. */
export const hashOf = (content: Uint8Array | string): string =>
  createHash("sha256").update(content).digest("hex");
