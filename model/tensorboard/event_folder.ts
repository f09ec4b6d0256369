/**
 * The event files of one run in one folder. Each session of a run adds a file; none is changed or removed afterwards.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { join } from "node:path";
import { deniedLine, firstLine, isSystemError } from "../../pipeline/contract/errors/system.ts";
import { entryAt } from "../../pipeline/contract/files/readable.ts";
import { makeFolder } from "../../pipeline/contract/files/stage.ts";
import { InputError } from "../../pipeline/contract/errors.ts";
import { encodeEvent, type Event, stepOf, type SummaryValue, versionEvent } from "./event.ts";
import { frame, unframe } from "./records.ts";

/** TensorBoard reads files whose names contain this, in the order of their names. */
const MARK = "tfevents";
const PREFIX = `events.out.${MARK}.`;

/**
 * Names of the files in and below a folder that TensorBoard would read; none if there is no folder.
 *
 * @throws {InputError} if a folder cannot be read.
 */
export function eventFilesBelow(folder: string): string[] {
  const entries = attempt("read", folder, () => entryAt(folder) ? [...Deno.readDirSync(folder)] : []);
  return entries.flatMap(({ name, isDirectory }) =>
    isDirectory ? eventFilesBelow(join(folder, name)) : [name].filter(isEventFile)
  );
}

const isEventFile = (name: string) => name.includes(MARK);

/** The event files in a folder, in the order in which TensorBoard reads them. */
function filesIn(folder: string): string[] {
  if (!entryAt(folder)) return [];
  return Array.from(Deno.readDirSync(folder), ({ name }) => name).filter(isEventFile).sort();
}

/** Whether a file name is that of an event file of this run. */
export const isEventFileOf = (name: string, run: string): boolean =>
  name.startsWith(PREFIX) && name.endsWith(`.automlp.${run}`);

/** A folder that events of a run are added to. Nothing is created before the first event. */
export class EventFolder {
  /** The last step that has an event; -1 before the first. */
  #lastStep: number;
  /** The file of this session. */
  #file?: string;

  /**
   * @param run The run's id, in letters and digits.
   * @throws {InputError} if existing files cannot be read.
   */
  constructor(readonly path: string, readonly run: string) {
    this.#lastStep = attempt(
      "read",
      path,
      () => Math.max(-1, ...filesIn(path).map((name) => lastStepIn(join(path, name)))),
    );
  }

  /** Whether there is no event yet of this step or a later one. */
  lacks(step: number): boolean {
    return step > this.#lastStep;
  }

  /**
   * Adds the events of steps later than those that any session has already written.
   *
   * @throws {InputError} if they cannot be written.
   */
  add(events: readonly Event[]): void {
    const later = events.filter(({ step }) => this.lacks(step));
    if (later.length > 0) this.#write(later);
  }

  /**
   * Adds values to the last step of this session; does nothing if it had none.
   *
   * @throws {InputError} if it cannot be written.
   */
  close(wallTime: number, values: readonly SummaryValue[]): void {
    if (this.#file !== undefined) this.#write([{ step: this.#lastStep, wallTime, values }]);
  }

  #write(events: readonly Event[]): void {
    const bytes = Buffer.concat(events.map((event) => frame(encodeEvent(event))));
    attempt("write", this.path, () => {
      this.#file ??= this.#begin(events[0].wallTime);
      Deno.writeFileSync(this.#file, bytes, { append: true, create: false });
    });
    this.#lastStep = events.reduce((last, { step }) => Math.max(last, step), this.#lastStep);
  }

  /** Creates this session's file, with a name that sorts after the existing ones. */
  #begin(wallTime: number): string {
    makeFolder(this.path);
    const before = filesIn(this.path).at(-1)?.slice(PREFIX.length).split(".")[0];
    const seconds = Math.max(Math.floor(wallTime), (Number(before) || 0) + 1);
    const name = `${PREFIX}${seconds}.automlp.${this.run}`, path = join(this.path, name);
    Deno.writeFileSync(path, frame(versionEvent(wallTime)), { createNew: true });
    return path;
  }
}

function lastStepIn(path: string): number {
  const steps = Array.from(unframe(Deno.readFileSync(path)), stepOf).filter((step) => step !== undefined);
  return steps.reduce((a, b) => Math.max(a, b), -1);
}

/** Does the work, and turns an error of the file system into a message of one line. */
function attempt<T>(verb: "read" | "write", path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!isSystemError(error)) throw error;
    const wish = `${verb === "write" ? "free some space or " : ""}give another folder with --tensorboard`;
    throw new InputError(deniedLine(error) ?? `Cannot ${verb} ${path}: ${firstLine(error)}; ${wish}`);
  }
}
