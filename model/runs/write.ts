/**
 * Writes files of a run folder, each completely or not at all, and with its checksum.
 *
 * @module
 */
import { dirname, join } from "node:path";
import { InputError } from "../../pipeline/contract/errors.ts";
import { cannotWrite } from "../../pipeline/contract/errors/system.ts";
import { FolderRecord } from "../../pipeline/contract/files/checksums.ts";
import { entryAt, fixedPath } from "../../pipeline/contract/files/readable.ts";
import { removePartFiles } from "../../pipeline/contract/files/stage.ts";
import { jsonText, linesText } from "../records/json.ts";
import { type SavedTensor, writeTensors } from "../records/safetensors.ts";
import { FILES, type RunFile, type ValueFile } from "./files.ts";

/** Writer of a run folder. */
export class RunWriter {
  #opened?: FolderRecord;
  readonly #folder: () => string;

  constructor(folder: string) {
    this.#folder = fixedPath(folder);
  }

  get folder(): string {
    return this.#folder();
  }

  /** The folder's record. */
  get #record(): FolderRecord {
    this.#opened ??= FolderRecord.read(this.folder);
    if (!this.#opened) throw new InputError(`Cannot write to ${this.folder}: it is no folder of a run`);
    return this.#opened;
  }

  /** Files that were written, by path. */
  paths(): string[] {
    return this.#record.paths();
  }

  async text({ path }: RunFile, text: string): Promise<void> {
    await this.#record.put(path, (part) => Deno.writeTextFileSync(part, text));
  }

  /** Copies a file from elsewhere. */
  async copy(path: string, from: string): Promise<void> {
    await this.#record.put(path, (part) => Deno.copyFileSync(from, part));
  }

  value(file: ValueFile<unknown>, value: unknown): Promise<void> {
    return this.text(file, jsonText(value));
  }

  lines<T>(file: ValueFile<T>, values: readonly T[]): Promise<void> {
    return this.text(file, linesText(values));
  }

  async tensors(
    { path }: RunFile,
    tensors: ReadonlyMap<string, SavedTensor>,
    metadata: Record<string, string>,
  ): Promise<void> {
    await this.#record.put(path, (part) => writeTensors(part, tensors, metadata));
  }

  /** Moves a file over another one, if it exists. */
  async move(from: RunFile, to: RunFile): Promise<void> {
    if (entryAt(join(this.folder, from.path))?.isFile) await this.#record.move(from.path, to.path);
  }

  /** Removes a file, if it exists. */
  async remove({ path }: RunFile): Promise<void> {
    await this.#record.remove(path);
  }

  /** Removes the unfinished files that a killed process left. */
  removePartFiles(): void {
    const folders = new Set(Object.values(FILES).map(({ path }) => join(this.folder, dirname(path))));
    try {
      for (const folder of folders) if (entryAt(folder)?.isDirectory) removePartFiles(folder);
    } catch (error) {
      throw cannotWrite(this.folder, error);
    }
  }
}
