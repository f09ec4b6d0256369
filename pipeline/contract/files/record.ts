/**
 * `checksums.json`: which files of a folder are ours, and the checksums of their contents. It is in every folder that we write. Files that
 * it does not list belong to others; files that do not match it were damaged or edited.
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
/** Maximum size of a record; one of a hundred thousand files is smaller. */
const MAX_BYTES = 16 << 20;

/** The kinds of folders that we write, with their names in messages. */
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
 * What to do with a file of ours that was changed since it was written when it would be replaced or removed. `replace`: it is overwritten
 * or removed, for files that are useless once changed. `refuse`: an error. `set aside`: it is renamed, and belongs to the user from then
 * on.
 */
export type Edits = "replace" | "refuse" | "set aside";

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const recordSchema = z.object({
  format: z.literal(FORMAT),
  version: z.literal(VERSION),
  kind: z.string(),
  /** Random id, assigned when the folder was made. */
  id: z.uuid(),
  /** Checksums by path below the folder, with `/`. `before`: that of the content before the file was last replaced. */
  files: z.record(z.string(), z.object({ sha256, before: sha256.optional() })),
  /** Checksum of the record itself without this line. */
  checksum: sha256,
});
type Recorded = Omit<z.output<typeof recordSchema>, "checksum" | "kind"> & { kind: FolderKind };

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
  static begin(folder: string, kind: FolderKind, id: string = crypto.randomUUID()): FolderRecord {
    return new FolderRecord(folder, { format: FORMAT, version: VERSION, kind, id, files: {} });
  }

  /**
   * Reads the record of a folder; undefined if there is none.
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

  /** Writes the record of a folder that was just made. */
  saveSync(): void {
    writeTextSync(join(this.folder, RECORD), textOf(this.facts));
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
   * @param options.edits What to do with a file that was changed. Default: `replace`.
   * @returns Where the file was set aside, if it was.
   * @throws {InputError} if there is a file that we did not write, or no space or permission to write.
   */
  put(
    path: string,
    write: (part: string) => Promise<void> | void,
    { edits = "replace" }: { edits?: Edits } = {},
  ): Promise<string | undefined> {
    return this.#inTurn(() => this.#put(path, write, edits));
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
      announce(`rename ${from} to ${to}`);
      Deno.renameSync(source, place);
    });
  }

  /**
   * Removes a file of ours, if it exists.
   *
   * @param options.edits What to do with a file that was changed. Default: `replace`, which removes it here.
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
      // Only now, so that a failure to write leaves everything where it was.
      if (edits === "set aside" && this.#isEdited(path, place)) kept = this.#setAside(path, place);
      this.facts.files[path] = { sha256: hashFileSync(part), ...(before && { before }) };
      await this.save();
    });
    this.#written.add(path);
    return kept;
  }

  /** Whether a file of ours was changed since it was written. Always reads it, as it may have changed even after this object wrote it. */
  #isEdited(path: string, place: string): boolean {
    return entryAt(place) !== undefined && !this.holds(path, hashFileSync(place));
  }

  /**
   * Renames a file.
   *
   * @returns The new name, below the folder.
   */
  #setAside(path: string, place: string): string {
    const kept = this.#freeName(path);
    announce(`rename ${path} to ${kept}`);
    Deno.renameSync(place, join(this.folder, kept));
    return kept;
  }

  /** Returns `report.edited.html` for `report.html`, or with a number if that name is taken. */
  #freeName(path: string): string {
    const ending = extname(path), stem = path.slice(0, path.length - ending.length);
    const named = (number: number) => `${stem}.edited${number > 1 ? `-${number}` : ""}${ending}`;
    let number = 1;
    while (entryAt(join(this.folder, named(number)))) number++;
    return named(number);
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

const changed = (place: string) =>
  new InputError(
    `Cannot write ${place}: it was changed since automlp wrote it; move it, or choose another place with --out`,
  );

const isKind = (kind: string): kind is FolderKind => Object.hasOwn(FOLDER_KINDS, kind);

const textOf = (facts: Omit<Recorded, "kind"> & { kind: string }) =>
  JSON.stringify({ ...facts, checksum: hashOf(JSON.stringify(facts)) }, null, 2) + "\n";

/** Reads the text of a regular file, up to a sensible size. */
export function readTextSync(path: string, maxBytes: number): string {
  return new TextDecoder("utf-8", { fatal: true }).decode(readBytesSync(path, maxBytes));
}

/** Reads the bytes of a regular file, up to a sensible size. */
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
