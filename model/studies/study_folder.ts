/**
 * The folder of an experiment or a tuning: what was asked for, the run folders of its cells, its tables and its page.
 *
 * @module
 */
import { join, resolve } from "node:path";
import type { z } from "zod";
import { InputError } from "../../pipeline/contract/errors.ts";
import { goesOnBy } from "../../pipeline/contract/errors/system.ts";
import { FolderRecord } from "../../pipeline/contract/files/checksums.ts";
import { claimKept } from "../../pipeline/contract/files/claim.ts";
import { isHeld, LOCK } from "../../pipeline/contract/files/lock.ts";
import { folderWithin, makeFolder } from "../../pipeline/contract/files/stage.ts";
import { datasetInside } from "../runs/dataset.ts";
import { RunFolder } from "../runs/folder.ts";
import { lockRun } from "../runs/lock.ts";
import { beginFolder, CELLS, type KeptKind, KINDS } from "../runs/place.ts";
import { readValue } from "../runs/read.ts";
import type { Cell } from "./cell.ts";

/** Milliseconds between two checks of a lock, and the longest wait in all. */
const LOOK = 100, LONGEST_WAIT = 20_000;

/** The folder of a study, locked for this process until it is disposed of. */
export class StudyFolder implements Disposable {
  readonly #record: FolderRecord;
  readonly #lock: Disposable;

  private constructor(readonly path: string) {
    this.#lock = lockRun(path);
    this.#record = FolderRecord.read(path)!;
  }

  /**
   * Opens a folder to write a study to: a new one, or one that was begun.
   *
   * @param inputs Files that the study reads: they may not lie in the folder.
   * @throws {InputError} if something else is there, work on it is going on, or it cannot be made.
   */
  static create(
    path: string,
    kind: Exclude<KeptKind, "run">,
    inputs: readonly string[] = [],
  ): StudyFolder {
    const place = claimKept(path, KINDS[kind], { what: `the ${kind}`, inputs });
    if (!place.begun) beginFolder(place.path, kind);
    return new StudyFolder(path);
  }

  /**
   * Makes the folder of the cells: their processes may write in it, but may not create it.
   *
   * @throws {InputError} if something else is there, or a link.
   */
  makeRoom(): void {
    makeFolder(folderWithin(this.path, CELLS));
  }

  /**
   * Returns the folder to train a cell in.
   *
   * @throws {InputError} if a link leads there.
   */
  placeOf({ id }: Pick<Cell, "id">): string {
    return folderWithin(this.path, join(CELLS, id));
  }

  /** Returns the path of a cell's run, which need not exist yet. */
  runPath({ id }: Pick<Cell, "id">): string {
    return join(this.path, CELLS, id);
  }

  /** Returns the run of a cell; undefined if none was begun, or it cannot be read: training the cell then reports what is wrong. */
  run(cell: Pick<Cell, "id">): RunFolder | undefined {
    return unlessRefused(() => RunFolder.open(this.runPath(cell)));
  }

  /** Returns the run of a cell if it is finished. */
  finishedRun(cell: Cell): RunFolder | undefined {
    return unlessRefused(() => {
      const run = RunFolder.open(this.runPath(cell)), isDone = run.readRun()?.status === "done";
      const hasResult = () => cell.until === "retrain" ? run.hasModel : run.read("metrics") !== undefined;
      return isDone && hasResult() ? run : undefined;
    });
  }

  /**
   * Waits until no process works on these cells: the processes of a killed call stop by themselves after their current step. If one does
   * not stop, training its cell reports that.
   *
   * @param signal Ends the wait when aborted.
   */
  async waitForOthers(cells: readonly Pick<Cell, "id">[], signal?: AbortSignal): Promise<void> {
    const locks = cells.map((cell) => join(this.runPath(cell), LOCK));
    const last = performance.now() + LONGEST_WAIT,
      isToWait = () => performance.now() < last && !signal?.aborted;
    while (isToWait() && locks.some((lock) => isHeld(lock) === true)) {
      await new Promise((resolve) => setTimeout(resolve, LOOK));
    }
  }

  /** Reads a JSON file of the folder; undefined if there is none. */
  read<T>(path: string, schema: z.ZodType<T>): T | undefined {
    return readValue(this.path, { path, schema });
  }

  /** Writes a file of the folder. */
  write(path: string, text: string): Promise<void> {
    return this.#resumable(this.#record.put(path, (part) => Deno.writeTextFileSync(part, text)));
  }

  /** Whether the folder's record lists a file. */
  has(path: string): boolean {
    return this.#record.has(path);
  }

  /** Removes a file of the folder. */
  remove(path: string): Promise<void> {
    return this.#resumable(this.#record.remove(path));
  }

  #resumable(change: Promise<void>): Promise<void> {
    return change.catch((error) => {
      goesOnBy(error, `run the ${this.#record.kind} again`);
      throw error;
    });
  }

  [Symbol.dispose](): void {
    this.#lock[Symbol.dispose]();
  }
}

/** The inputs of a study: its dataset, which may not lie in the study's folder unless it was prepared there. */
export const inputsOf = ({ folder }: { folder: string }, out: string): string[] =>
  resolve(folder) === resolve(datasetInside(out)) ? [] : [folder];

/** Returns the result of the work; undefined if it throws an input error. */
function unlessRefused<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}
