/**
 * `checksums.json`: which files of a folder are ours, and what is in them. It lies in every folder that we write. What it does
 * not name is somebody else's; what it names and is not as it says was damaged or edited.
 *
 * @module
 */
import { basename, dirname, extname, join } from "node:path";
import { z } from "zod";
import { InputError } from "../errors.ts";
import { announce } from "./changes.ts";
import { fixedPath } from "./fixed.ts";
import { NewerFormat, refuseNewer, USE_NEWER } from "./format_version.ts";
import { hashFileSync, hashOf } from "./hash.ts";
import { cannotWrite, entryAt, folderWithin, isMissing, isSystemError, openFile } from "./system.ts";
import { cannotRead } from "./readable.ts";
import { walk } from "./walk.ts";
import { replaceFileByPath, writeText, writeTextSync } from "./write.ts";

/** The file's name. */
export const RECORD = "checksums.json";
const FORMAT = "automlp-checksums", VERSION = 1;
/** A record of a hundred thousand files is smaller. */
const MAX_BYTES = 16 << 20;

/** The kinds of folders that we write, and what they are called in messages. */
export const FOLDER_KINDS = {
  dataset: "a dataset",
  export: "an export",
  run: "a run",
  experiment: "an experiment",
  tuning: "a tuning",
  fixtures: "demonstration data",
  download: "a cached data set",
  site: "a documentation site",
} as const;
export type FolderKind = keyof typeof FOLDER_KINDS;

/**
 * What becomes of a file of ours that somebody changed since it was written, where it is to be replaced or removed. `replace`: what cannot be read any more
 * is made again. `refuse`: an error. `set aside`: it gets another name, and is theirs from then on.
 */
export type Edits = "replace" | "refuse" | "set aside";

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const recordSchema = z.object({
  format: z.literal(FORMAT),
  version: z.literal(VERSION),
  kind: z.string(),
  /** Random, given when the folder was made. */
  id: z.uuid(),
  /** By path below the folder, with `/`. `before`: what the file held before it was last replaced. */
  files: z.record(z.string(), z.object({ sha256, before: sha256.optional() })),
  /** Of the record itself without this line. */
  checksum: sha256,
});
type Recorded = Omit<z.output<typeof recordSchema>, "checksum" | "kind"> & { kind: FolderKind };

/**
 * Writes a file into a folder: where that is one of ours, it is entered into its record.
 *
 * @param write Writes the content to the path that it is given.
 * @throws {InputError} if something of somebody else's is in the place of a folder of ours, or it cannot be written.
 */
export async function putFile(path: string, write: (part: string) => Promise<void> | void): Promise<void> {
  const record = FolderRecord.read(dirname(path));
  await (record ? record.put(basename(path), write) : replaceFileByPath(path, write));
}

/** The record of one folder. */
export class FolderRecord {
  /** Files that this object wrote: they need no second look before they are replaced. */
  readonly #written = new Set<string>();
  #queue: Promise<unknown> = Promise.resolve();

  readonly #folder: () => string;

  private constructor(folder: string, readonly facts: Recorded) {
    this.#folder = fixedPath(folder);
  }

  get folder(): string {
    return this.#folder();
  }

  /** A record for a folder that was just made; {@link FolderRecord.save} writes it. */
  static begin(folder: string, kind: FolderKind, id: string = crypto.randomUUID()): FolderRecord {
    return new FolderRecord(folder, { format: FORMAT, version: VERSION, kind, id, files: {} });
  }

  /**
   * The record of a folder, or undefined if there is none.
   *
   * @throws {InputError} if it is damaged, not one of ours, or of a newer version.
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
    refuseNewer(path, "the record of its folder", (value as { version?: unknown } | null)?.version, VERSION);
    const parsed = recordSchema.safeParse(value);
    if (!parsed.success) throw damaged("it does not list checksums of automlp's files");
    const { checksum: _, ...facts } = parsed.data;
    if (text !== textOf(facts)) throw damaged("its own checksum does not match");
    const { kind } = facts;
    if (!isKind(kind)) {
      throw new NewerFormat(
        `Cannot read ${path}: this program does not know the kind of its folder, ${kind}; ${USE_NEWER}`,
      );
    }
    return new FolderRecord(folder, { ...facts, kind });
  }

  get kind(): FolderKind {
    return this.facts.kind;
  }

  /** Whether a file is one of ours. */
  has(path: string): boolean {
    return Object.hasOwn(this.facts.files, path);
  }

  /** All files of ours, by path below the folder; the record itself is not among them. */
  paths(): string[] {
    return Object.keys(this.facts.files);
  }

  /** Enters a file that was written into the folder while it is not yet in place. */
  enter(path: string, sha256: string = hashFileSync(join(this.folder, path))): void {
    this.facts.files[path] = { sha256 };
  }

  /** Enters every file of a folder that is not yet in place. */
  enterAll(): void {
    for (const { path, entry } of walk(this.folder)) {
      if (entry.isFile && path !== RECORD && !this.has(path)) this.enter(path);
    }
  }

  /** Writes the record. */
  save(): Promise<void> {
    return writeText(join(this.folder, RECORD), textOf(this.facts));
  }

  /** Writes the record of a folder that was just made. */
  saveSync(): void {
    writeTextSync(join(this.folder, RECORD), textOf(this.facts));
  }

  /** Whether a file's content is what the record says. */
  holds(path: string, sha256: string): boolean {
    const known = this.has(path) ? this.facts.files[path] : undefined;
    return known !== undefined && (sha256 === known.sha256 || sha256 === known.before);
  }

  /**
   * Checks content that was read from a file of the folder.
   *
   * @throws {InputError} if it is not what was written.
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
   * Replaces or adds a file, whole or not at all. The record is written before the file gets its name, and it knows
   * what was there before: after a kill in between, all files are still as the record says.
   *
   * @param write Writes the content to the path that it is given.
   * @param options.edits Default: `replace`.
   * @returns Where the file was set aside, if it was.
   * @throws {InputError} if a file of somebody else's is in the place, or there is no room or no right to write.
   */
  put(
    path: string,
    write: (part: string) => Promise<void> | void,
    { edits = "replace" }: { edits?: Edits } = {},
  ): Promise<string | undefined> {
    return this.#inTurn(() => this.#put(path, write, edits));
  }

  /**
   * Moves a file of ours to another name in the folder, over what is there of ours. One that is not as it was written stays: it
   * must not take the place of what is good, nor get a checksum that says that it is.
   *
   * @throws {InputError} if a file of somebody else's is in the place.
   */
  move(from: string, to: string): Promise<void> {
    return this.#inTurn(async () => {
      this.#refresh();
      const place = this.#placeOf(to), source = this.#placeOf(from), sha256 = hashFileSync(source);
      if (!this.holds(from, sha256)) return;
      const { before } = this.#present(to, place);
      this.facts.files[to] = { sha256, ...(before && { before }) };
      await this.save();
      announce(`rename ${from} to ${to}`);
      Deno.renameSync(source, place);
    });
  }

  /**
   * Removes a file of ours, if it is there.
   *
   * @param options.edits Default: `replace`, which here is to remove.
   * @returns Where the file was set aside, if it was.
   */
  remove(path: string, { edits = "replace" }: { edits?: Edits } = {}): Promise<string | undefined> {
    return this.#inTurn(async () => {
      this.#refresh();
      const place = this.#placeOf(path);
      if (!this.has(path) || !entryAt(place)?.isFile) return;
      const edited = edits !== "replace" && this.#isEdited(path, place);
      if (edited && edits === "refuse") throw changed(place);
      const kept = edited ? this.#setAside(path, place) : undefined;
      if (kept === undefined) {
        announce(`remove ${path}`);
        Deno.removeSync(place);
      }
      delete this.facts.files[path];
      await this.save();
      return kept;
    });
  }

  /** One change at a time. What the system refuses is one line. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#queue.then(work).catch((error) => {
      if (isSystemError(error)) this.#refresh(); // a folder that was moved away is why a file is not found
      throw cannotWrite(this.folder, error);
    });
    this.#queue = done.catch(() => {});
    return done;
  }

  /**
   * What another object, or another process before, has written since.
   *
   * @throws {InputError} if the folder is gone, or another one is in its place: that is somebody else's.
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

  async #put(
    path: string,
    write: (part: string) => Promise<void> | void,
    edits: Edits,
  ): Promise<string | undefined> {
    this.#refresh();
    const place = this.#placeOf(path), { before } = this.#present(path, place);
    if (edits === "refuse" && this.#isEdited(path, place)) throw changed(place);
    let kept: string | undefined;
    await replaceFileByPath(place, async (part) => {
      await write(part);
      this.#refresh(); // writing may have taken long
      // Only now: what cannot be written leaves everything where it was.
      if (edits === "set aside" && this.#isEdited(path, place)) kept = this.#setAside(path, place);
      this.facts.files[path] = { sha256: hashFileSync(part), ...(before && { before }) };
      await this.save();
    });
    this.#written.add(path);
    return kept;
  }

  /** Whether a file of ours was changed since it was written, be it after this object wrote it: it is read in any case. */
  #isEdited(path: string, place: string): boolean {
    return entryAt(place) !== undefined && !this.holds(path, hashFileSync(place));
  }

  /** Gives a file another name. @returns That, below the folder. */
  #setAside(path: string, place: string): string {
    const kept = this.#freeName(path);
    announce(`rename ${path} to ${kept}`);
    Deno.renameSync(place, join(this.folder, kept));
    return kept;
  }

  /** `report.edited.html` of `report.html`, or with a number where that is taken. */
  #freeName(path: string): string {
    const ending = extname(path), stem = path.slice(0, path.length - ending.length);
    const named = (number: number) => `${stem}.edited${number > 1 ? `-${number}` : ""}${ending}`;
    let number = 1;
    while (entryAt(join(this.folder, named(number)))) number++;
    return named(number);
  }

  /**
   * Where a file of the folder is.
   *
   * @throws {InputError} if a link leads there out of the folder: what it leads to is somebody else's.
   */
  #placeOf(path: string): string {
    const place = join(this.folder, path);
    folderWithin(this.folder, dirname(path), place);
    return place;
  }

  /**
   * What is at a path that is about to be replaced: its SHA-256, if it is as it was written. What is damaged must not count as good if a kill leaves it
   * there.
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

const changed = (place: string) =>
  new InputError(
    `Cannot write ${place}: it was changed since automlp wrote it; move it, or choose another place with --out`,
  );

const isKind = (kind: string): kind is FolderKind => Object.hasOwn(FOLDER_KINDS, kind);

const textOf = (facts: Omit<Recorded, "kind"> & { kind: string }) =>
  JSON.stringify({ ...facts, checksum: hashOf(JSON.stringify(facts)) }, null, 2) + "\n";

/** The text of a regular file that is not larger than it can sensibly be. */
export function readTextSync(path: string, maxBytes: number): string {
  return new TextDecoder("utf-8", { fatal: true }).decode(readBytesSync(path, maxBytes));
}

/** The same as bytes. */
export function readBytesSync(path: string, maxBytes: number): Uint8Array<ArrayBuffer> {
  using file = openFile(path);
  const { size } = file.statSync();
  if (size > maxBytes) {
    throw new InputError(`Cannot read ${path}: it has ${size} bytes, at most ${maxBytes} are sensible`);
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (let read: number | null = 0; at < size && read !== null; at += read ?? 0) {
    read = file.readSync(bytes.subarray(at));
  }
  return bytes.subarray(0, at);
}
