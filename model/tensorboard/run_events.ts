/**
 * A run's events for TensorBoard: those of the search and those of the training, each in its own folder, for which TensorBoard draws its
 * own curve. The run's options are written with its training, beside the metrics that they led to: if TensorBoard is started on the folder
 * with the options, it would not find metrics in a folder below.
 *
 * Events are written after the checkpoint that a resumed run starts from, and never for a step that has one already: no step occurs twice.
 *
 * @module
 */
import type { MetricName } from "../records/evaluation.ts";
import { join } from "node:path";
import { InputError } from "../../pipeline/contract/errors.ts";
import { hashOf } from "../../pipeline/contract/files/checksums.ts";
import { claimShared } from "../../pipeline/contract/files/claim.ts";
import { candidateNames, type Candidates } from "../records/candidates.ts";
import type { SearchRecord, TrainRecord } from "../records/records.ts";
import {
  encodeEvent,
  type Event,
  type Histogram,
  histogram,
  type Hyperparameters,
  scalar,
  sessionEnd,
  sessionStart,
  stepOf,
  type SummaryValue,
  versionEvent,
} from "./event.ts";
import { Buffer } from "node:buffer";
import { deniedLine, firstLine, isSystemError } from "../../pipeline/contract/errors/system.ts";
import { entryAt } from "../../pipeline/contract/files/readable.ts";
import { makeFolder } from "../../pipeline/contract/files/stage.ts";
import { frame, unframe } from "./records.ts";

/** TensorBoard reads files whose names contain this, in the order of their names. */
const MARK = "tfevents";
const PREFIX = `events.out.${MARK}.`;

/**
 * Names of the files in and below a folder that TensorBoard would read; none if there is no folder.
 *
 * @throws {InputError} if a folder cannot be read.
 */
function eventFilesBelow(folder: string): string[] {
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
const isEventFileOf = (name: string, run: string): boolean =>
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

/**
 * Losses and softmax(α) of a search, the latter also as a distribution over the lengths.
 *
 * @param searched The candidates, in the order of α.
 */
export function searchValues(record: SearchRecord, searched: Candidates): SummaryValue[] {
  const { trainLoss, validationLoss, entropy, probabilities } = record;
  const names = candidateNames(searched);
  const shares = names.map((name, i) => [`probability/k=${name}`, probabilities[i]] as const);
  return [
    ...scalars({ trainLoss, validationLoss, entropy, ...Object.fromEntries(shares) }),
    histogram("shortTermLength", lengthHistogram(searched.lengths, probabilities)),
  ];
}

/**
 * Loss and validation metrics of one record of a training.
 *
 * @param history All records up to this one.
 * @param metric The metric that decides: its best value so far is added, which at the end is that of the model.
 */
export function trainingValues(history: readonly TrainRecord[], metric: MetricName): SummaryValue[] {
  const { loss, examplesPerSecond, rate, metrics } = history.at(-1)!;
  const validation = Object.entries(metrics).map(([name, value]) => [`validation/${name}`, value] as const);
  return scalars({
    loss,
    examplesPerSecond,
    rate,
    ...Object.fromEntries(validation),
    [`best/${metric}`]: history.findLast(({ best }) => best)?.metrics[metric],
  });
}

/** Scalars by tag. Values that are not numbers are left out, such as the loss before α learns. */
const scalars = (byTag: Record<string, number | undefined>): SummaryValue[] =>
  Object.entries(byTag).flatMap(([tag, value]) => Number.isFinite(value) ? [scalar(tag, value!)] : []);

/**
 * Probabilities of lengths: each length has its own bucket, from half below it to half above it. If several candidates have the same
 * length, their probabilities are added.
 */
export function lengthHistogram(lengths: readonly number[], probabilities: readonly number[]): Histogram {
  const sums = new Map<number, number>();
  lengths.forEach((k, i) => sums.set(k, (sums.get(k) ?? 0) + probabilities[i]));
  const byLength = [...sums].sort(([a], [b]) => a - b);
  const edges = [byLength[0][0] - 0.5], counts: number[] = [];
  for (const [k, probability] of byLength) {
    if (k - 0.5 > edges.at(-1)!) {
      edges.push(k - 0.5);
      counts.push(0);
    }
    edges.push(k + 0.5);
    counts.push(probability);
  }
  return { edges, counts };
}

const SEARCH = "search", TRAIN = "train";

/** The run whose events are written. */
export interface EventsOf {
  /** What tells this run from others. */
  identity: string;
  /** Whether it was begun before. */
  resumed: boolean;
  hyperparameters: Hyperparameters;
  /** Returns milliseconds since 1970. Default: the machine's clock. */
  now?: () => number;
}

/** When a record was made, in steps and in seconds of work. */
type Timed = Pick<TrainRecord, "step" | "seconds">;

/** The events of a run, and where they go. */
export class RunEvents {
  readonly #folders = new Map<string, EventFolder>();
  readonly #id: string;

  private constructor(readonly path: string, readonly run: EventsOf) {
    this.#id = idOf(run);
  }

  /**
   * Takes a folder for a run's events. Nothing is written yet.
   *
   * @throws {InputError} if it holds events of another run, or cannot be written to.
   */
  static open(target: string, run: EventsOf): RunEvents {
    const path = claimShared(target, { name: "run" }, {
      what: "events to",
      elsewhere: "choose another folder with --tensorboard",
    });
    const id = idOf(run);
    const there = [SEARCH, TRAIN].flatMap((place) => eventFilesBelow(join(path, place)));
    if (there.some((name) => !run.resumed || !isEventFileOf(name, id))) {
      throw new InputError(
        `Cannot write events to ${target}: it holds those of another run; give each run a folder of its own with --tensorboard`,
      );
    }
    return new RunEvents(path, run);
  }

  /**
   * Adds what is new in the history of a search.
   *
   * @param searched The candidates, in the order of α.
   */
  search(history: readonly SearchRecord[], searched: Candidates): void {
    this.#add(SEARCH, history, (at) => searchValues(history[at], searched));
  }

  /**
   * Adds what is new in the history of the run's training.
   *
   * @param metric The metric that decides, as in `NDCG@10`.
   */
  training(history: readonly TrainRecord[], metric: MetricName): void {
    if (history.length === 0) return;
    const folder = this.#folder(TRAIN), wallTime = this.#wallTime(history, 0);
    if (folder.lacks(0)) {
      folder.add([{ step: 0, wallTime, values: [sessionStart(this.run.hyperparameters, wallTime)] }]);
    }
    this.#add(TRAIN, history, (at) => trainingValues(history.slice(0, at + 1), metric));
  }

  /** Records that the training is finished. */
  trained(): void {
    const now = this.#seconds();
    this.#folder(TRAIN).close(now, [sessionEnd(now)]);
  }

  /** Adds what is new in the history of one training of an exhaustive search. */
  trial(history: readonly TrainRecord[], metric: MetricName, candidate: string): void {
    this.#add(
      `${SEARCH}/k=${candidate}`,
      history,
      (at) => trainingValues(history.slice(0, at + 1), metric),
    );
  }

  /**
   * Adds the records that have no event yet; histories are long, and each epoch adds one record.
   *
   * @param values Returns the values of the record at a place.
   */
  #add(place: string, history: readonly Timed[], values: (at: number) => SummaryValue[]): void {
    const folder = this.#folder(place);
    folder.add(
      history.flatMap(({ step }, at) =>
        folder.lacks(step) ? [{ step, wallTime: this.#wallTime(history, at), values: values(at) }] : []
      ),
    );
  }

  /** Records arrive an epoch or more at a time; each gets the time at which it was made, apart from pauses. */
  #wallTime(history: readonly Timed[], at: number): number {
    return this.#seconds() - (history.at(-1)!.seconds - history[at].seconds);
  }

  #folder(place: string): EventFolder {
    const known = this.#folders.get(place);
    if (known) return known;
    const folder = new EventFolder(join(this.path, place), this.#id);
    this.#folders.set(place, folder);
    return folder;
  }

  #seconds(): number {
    return (this.run.now ?? Date.now)() / 1000;
  }
}

const idOf = ({ identity }: EventsOf): string => hashOf(identity).slice(0, 12);
