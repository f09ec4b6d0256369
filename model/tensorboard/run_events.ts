/**
 * A run's events for TensorBoard: search and training, each in a folder of its own, which are two curves of one run, and above them its
 * options and what came of it.
 *
 * Events are written once the checkpoint that follows from them is: a run that is resumed goes on from there, so no step comes twice.
 *
 * @module
 */
import { join } from "node:path";
import { InputError } from "../../pipeline/contract/errors.ts";
import { hashOf } from "../../pipeline/contract/files/hash.ts";
import { claimShared } from "../../pipeline/contract/files/place.ts";
import type { SearchRecord, TrainRecord } from "../records/records.ts";
import { scalar } from "./event.ts";
import { eventFilesIn, EventFolder, isEventFileOf } from "./event_folder.ts";
import { type Hyperparameters, sessionEnd, sessionStart } from "./hparams.ts";
import { searchValues, trainValues } from "./scalars.ts";

const SEARCH = "search", TRAIN = "train";

/** The run whose events are written. */
export interface EventsOf {
  /** What tells it from other runs. */
  identity: string;
  /** Whether it was begun before. */
  resumed: boolean;
  hyperparameters: Hyperparameters;
  /** Milliseconds since 1970. Default: the machine's clock. */
  now?: () => number;
}

/** Where the events of a run go. */
export class RunEvents {
  readonly #folders = new Map<string, EventFolder>();
  readonly #id: string;

  private constructor(readonly path: string, readonly run: EventsOf) {
    this.#id = idOf(run);
  }

  /**
   * Takes a folder for a run's events. Nothing is written yet.
   *
   * @throws {InputError} if events of something else are in it, or it is no place to write to.
   */
  static open(target: string, run: EventsOf): RunEvents {
    const path = claimShared(target, {
      what: "events to",
      elsewhere: "choose another folder with --tensorboard",
    });
    const id = idOf(run);
    const there = ["", SEARCH, TRAIN].flatMap((place) => eventFilesIn(join(path, place)));
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
   * @param candidates The lengths, in the order of α.
   */
  search(history: readonly SearchRecord[], candidates: readonly number[]): void {
    this.#add(SEARCH, history, (record) => searchValues(record, candidates));
  }

  /** Adds what is new in the history of the run's training. */
  training(history: readonly TrainRecord[]): void {
    this.#add(TRAIN, history, trainValues);
  }

  /** The same of one training of an exhaustive search. */
  trial(history: readonly TrainRecord[], length: number): void {
    this.#add(`${SEARCH}/k=${length}`, history, trainValues);
  }

  /**
   * Adds what the run came to: the metric of its best epoch. Where that is known, nothing.
   *
   * @param metric The one that decides, as in `NDCG@10`.
   */
  finish(history: readonly TrainRecord[], metric: string): void {
    const best = history.findLast((record) => record.best);
    if (!best) return;
    const wallTime = this.#seconds(), { step, metrics } = best;
    const values = [scalar(`best/${metric}`, metrics[metric]), sessionEnd(wallTime)];
    this.#folder("").add([{ step, wallTime, values }]);
  }

  #add<R extends { step: number; seconds: number }>(
    place: string,
    history: readonly R[],
    values: (record: R) => ReturnType<typeof trainValues>,
  ): void {
    if (history.length === 0) return;
    const now = this.#seconds(), { hyperparameters } = this.run;
    // Before the first step, in the first session.
    this.#folder("").add([{ step: 0, wallTime: now, values: [sessionStart(hyperparameters, now)] }]);
    // The records come an epoch at a time; each has the time at which it was made, but for pauses.
    const worked = history.at(-1)!.seconds;
    this.#folder(place).add(history.map((record) => ({
      step: record.step,
      wallTime: now - (worked - record.seconds),
      values: values(record),
    })));
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
