/**
 * What a search and a training are: epochs of steps that can be driven one by one, paused, resumed, and shown as they are.
 *
 * @module
 */
import { contextOf } from "../../pipeline/contract/context.ts";
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { checkInterrupt, InputError, Interrupted } from "../../pipeline/contract/errors.ts";
import type { Ending, Growth, PlaceFact, Task } from "../../pipeline/contract/progress.ts";
import type { StageContext } from "../../pipeline/contract/stage.ts";
import { formatCell } from "../../pipeline/display/table.ts";
import { formatSeconds } from "../../pipeline/display/text/units.ts";
import { Shown } from "../../pipeline/display/shown.ts";
import { checkTrains } from "../backend/trains.ts";
import type { Engine } from "../backend/types.ts";
import { placeAfter } from "../records/epochs.ts";
import { cutAfter, type EarlyEnd } from "../views/endings.ts";
import { epochName, epochsOf } from "../views/epochs.ts";
import { Loop, type LoopLease } from "./loop.ts";
import type { Cursor } from "./order.ts";
import { yieldWhereDue } from "../../pipeline/contract/machine/event_loop.ts";

/** Options that every session has, a {@link Search} as well as a {@link Training}. */
export interface SessionOptions extends StageContext {
  /** Epochs at most. */
  epochs: number;
  /** `performance.now()` when it is to end after the current step. */
  deadline?: number;
}

/** What a session is called in its messages. */
interface Wording {
  /** As in "Cannot search on". */
  verb: string;
  /** As in "the search". */
  noun: string;
  /** As in "search, epoch 3". */
  epoch(number: number): string;
  /** As in "searching, epoch 3 (20 % of it)". */
  doing(epoch: string): string;
  /** What a stop keeps. */
  kept: string;
  /** Refuses what its options may not be. */
  check(options: object): void;
}

/** After so many steps their pace is known: the first ones are slower than the rest. */
const PACE_STEPS = 20;

/**
 * A search or a training. `Row` is the record of an epoch.
 *
 * @example
 * ```ts
 * import { beginTraining, prepare } from "automlp";
 * import assert from "node:assert/strict";
 *
 * const { dataset } = await prepare({ dataset: "demo", out: await Deno.makeTempDir() });
 * const session = await beginTraining("fpmc", dataset, { dim: 8, epochs: 2 });
 * session.step(); // one batch
 * for await (const { epoch, loss } of session) console.log(epoch, loss); // the rest of the epoch, and all others
 * assert(session.done && session.history.length === 2);
 * session.dispose();
 * ```
 */
export abstract class Session<Row, Options extends SessionOptions> extends Shown
  implements AsyncIterable<Row> {
  /** The network. */
  abstract readonly config: object;
  /** Its own copy of what it was given. */
  abstract readonly options: Options;
  /** What is on record so far; shows itself like the session. */
  abstract get history(): readonly Row[];
  /**
   * At the end of each epoch; a checkpoint may be written.
   *
   * @internal
   */
  onEpoch?(session: this): void | Promise<void>;
  /** Seconds of computing so far. */
  protected seconds = 0;
  /** Where it goes on from: what went before was on another machine, perhaps, or beside other work. */
  #from = { total: 0, seconds: 0 };
  /** @internal */
  protected timedOut = false;
  /**
   * What its deadline is called where it cuts it short.
   *
   * @internal
   */
  deadlineName = "the deadline";
  /**
   * Whether it is a phase of longer work, which says itself how long that takes and what it has come to.
   *
   * @internal
   */
  isPhase = false;
  /**
   * The folder of the run that it is a phase of, where the run's result shows its curves.
   *
   * @internal
   */
  within?: string;
  readonly #loop: Loop;

  /** @internal */
  protected constructor(
    readonly engine: Engine,
    readonly dataset: SequenceDataset,
    /** @internal */
    protected readonly wording: Wording,
  ) {
    super();
    if (!wording) {
      throw new InputError(
        "Cannot make a Session of its own: it is a Search or a Training, as in new Search(engine, dataset, network)",
      );
    }
    checkTrains(engine.name, wording.verb);
    this.#loop = new Loop(wording.noun);
  }

  /**
   * Where it is in the training targets.
   *
   * @internal
   */
  protected abstract get cursor(): Cursor;
  /** Whether there is nothing left to do. */
  abstract get done(): boolean;
  /**
   * Where it has found out all there is before its last step: how it ended.
   *
   * @internal
   */
  protected get settled(): EarlyEnd | undefined {
    return undefined;
  }
  /**
   * The mean training loss of late; undefined before the first step.
   *
   * @internal
   */
  protected abstract get meanLoss(): number | undefined;
  /**
   * What it has come to, as in `best NDCG@10 0.4023 in epoch 3`; undefined where there is nothing to say.
   *
   * @internal
   */
  get standing(): PlaceFact | undefined {
    return undefined;
  }
  /** Why it is done, and how to continue. */
  protected abstract whyDone(): string;
  /** One step. */
  abstract step(): unknown;
  /**
   * Goes to the end of the current epoch; undefined where it was paused before.
   *
   * @internal
   */
  protected abstract runEpoch(lease: LoopLease): Promise<Row | undefined>;
  /** What of its display grows from epoch to epoch, as HTML: a line, and the curves that matter most. */
  protected abstract growing(): Promise<string>;
  /** Frees all tensors; a second time does nothing. */
  abstract dispose(): void;

  /** The same at the end of a block, where it was declared by `using`. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  /** Epochs at most; raised, a finished session can continue. */
  get epochs(): number {
    return this.options.epochs;
  }
  set epochs(epochs: number) {
    this.options.epochs = this.checked("epochs", epochs);
  }

  /**
   * Checks what an option is set to.
   *
   * @returns The value.
   * @throws {InputError} if the option may not have it.
   * @internal
   */
  protected checked(option: string, value: number): number {
    this.wording.check({ [option]: value ?? null }); // undefined would pass as a wish for the default
    return value;
  }

  /**
   * The same for a learning rate, which may be set to 0 as well: then nothing learns.
   *
   * @internal
   */
  protected checkedRate(option: string, rate: number): number {
    return rate === 0 ? rate : this.checked(option, rate);
  }

  /** Steps done, and steps of an epoch. */
  get steps(): { done: number; epoch: number } {
    const { total, batches } = this.cursor;
    return { done: total, epoch: batches };
  }

  /** How far it had come when its time was over: epochs done, of so many at most. Undefined where it ended by itself, or has not ended. */
  get cutShort(): { epochs: number; of: number } | undefined {
    const { total, batches } = this.cursor,
      isCut = this.timedOut && !this.settled && total < this.epochs * batches;
    return isCut ? { epochs: total / batches, of: this.epochs } : undefined;
  }

  /**
   * How it ended, where that was before its last epoch.
   *
   * @internal
   */
  get earlyEnd(): EarlyEnd | undefined {
    const { cutShort } = this;
    return cutShort ? cutAfter(this.deadlineName, cutShort) : this.settled;
  }

  /**
   * Goes to the end of the current epoch; a training then validates, also where steps taken one by one have come to the end. A stop on
   * the way (`signal`, {@link Session.pause}) leaves it where it is, to be resumed from. A signal stays aborted: resume with another in `options.signal`.
   *
   * @returns The epoch's record; undefined where it was paused before its end.
   * @throws {InputError} if nothing is left to do, or it is running already.
   * @throws {Interrupted} if `signal` is aborted.
   */
  async epoch(): Promise<Row | undefined> {
    if (this.done) throw new InputError(`Cannot ${this.wording.verb} on: ${this.whyDone()}`);
    using lease = this.#loop.lease();
    let growth: Growth = "stopped";
    try {
      const record = await this.#loop.run(lease, () => this.runEpoch(lease));
      growth = "grown"; // perhaps others follow
      return record;
    } finally {
      await this.#grow(growth);
    }
  }

  /** Epochs until there is nothing left to do, or {@link Session.pause} is called. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Row> {
    using lease = this.#loop.lease();
    let growth: Growth | undefined;
    try {
      while (!this.done && !lease.paused) {
        growth = "stopped";
        const record = await this.#loop.run(lease, () => this.runEpoch(lease));
        await this.#grow("grown");
        if (record) yield record;
        growth = "ended";
      }
    } finally {
      if (growth) await this.#grow(growth);
    }
  }

  /**
   * Seconds that a step takes, validation included; undefined while they are too few to tell. Of one that goes on from what was saved: as it was until then,
   * and from the first epoch on as it is now.
   */
  get secondsPerStep(): number | undefined {
    const { cursor: { total, batches }, seconds } = this, from = this.#from;
    if (total < PACE_STEPS) return undefined;
    const since = total - from.total;
    return from.total > 0 && since >= batches ? (seconds - from.seconds) / since : seconds / total;
  }

  /**
   * Goes on from where the cursor is.
   *
   * @param seconds What it took to get there.
   */
  protected goesOnAfter(seconds: number): void {
    this.seconds = seconds;
    this.#from = { total: this.cursor.total, seconds };
  }

  /** Seconds that are left at most: all epochs at the pace so far, or until the deadline; undefined while the pace is not known. */
  get secondsLeft(): number | undefined {
    const { total, batches } = this.cursor, { secondsPerStep } = this;
    if (secondsPerStep === undefined) return undefined;
    const { deadline = Infinity } = this.options, allowed = (deadline - performance.now()) / 1000;
    return Math.max(0, Math.min(secondsPerStep * (this.epochs * batches - total), allowed));
  }

  /**
   * What comes behind the steps of an epoch, and how far it is, as in `validation 34%`; undefined where it is not at that.
   *
   * @internal
   */
  protected get closing(): string | undefined {
    return undefined;
  }

  /**
   * Where the epoch under way stands among all: `of at most 12`, `loss 4.720`, `best NDCG@10 0.4023 in epoch 3`, `3:40 more at most`.
   *
   * @param hasBegun Whether a step of it was made.
   */
  #place(hasBegun: boolean): (string | PlaceFact)[] {
    const { isPhase, meanLoss, standing, secondsLeft, closing } = this;
    const left = secondsLeft === undefined || isPhase ? undefined : formatSeconds(secondsLeft);
    return [
      `of at most ${formatCell(this.epochs)}`,
      ...(closing === undefined ? [] : [closing]),
      ...(hasBegun && meanLoss !== undefined ? [`loss ${meanLoss.toFixed(3)}`] : []),
      ...(standing && !isPhase ? [standing] : []),
      ...(left === undefined ? [] : [{ text: `${left} more at most`, short: `${left} at most` }]),
    ];
  }

  /** Shows the curves so far, where there is a place for them. */
  async #grow(growth: Growth): Promise<void> {
    await contextOf(this.options).progress.grow?.(
      { of: this, within: this.within, draw: (ended) => this.#drawing(ended) },
      growth,
    );
  }

  async #drawing(ended: boolean): Promise<Record<string, string> | undefined> {
    if (this.history.length < 2) return undefined; // there is no curve yet
    return { "text/html": await (ended ? this.toHtml() : this.growing()), "text/plain": this.toString() };
  }

  /** Ends what is running after its current step, without an error. The next `epoch()` or `for await` resumes from there. */
  pause(): void {
    this.#loop.pause();
  }

  /**
   * Steps to the end of the current epoch, with progress.
   *
   * @param closing Called when they are done, with how many were taken, and a function that shows how far {@link Session.closing} is; what the
   *   progress ends with.
   * @returns Steps taken; undefined where it was paused.
   * @internal
   */
  protected async stepsOfEpoch(
    lease: LoopLease,
    closing: (steps: number, show: () => void) => Promise<string | undefined> | string | undefined,
  ): Promise<number | undefined> {
    const { cursor, wording } = this, { epoch, batch: first } = cursor;
    const { deadline = Infinity } = this.options, { progress, signal } = contextOf(this.options);
    let steps = 0;
    const task = progress.start(
      wording.epoch(epoch + 1),
      cursor.length,
      "examples",
      () => this.#place(first + steps > 0),
    );
    task.advance(first * cursor.size, "before");
    const isPaused = await this.reported(task, async (tell) => {
      await yieldWhereDue();
      while (cursor.epoch === epoch && !this.timedOut && !this.settled) {
        if (lease.paused) return true;
        const rows = cursor.peek().length; // the last batch of an epoch is smaller
        this.step();
        steps++;
        task.advance(rows);
        await yieldWhereDue();
        checkInterrupt(
          signal,
          wording.doing(epochName(placeAfter(cursor.total, cursor.batches))),
          wording.kept,
        );
        this.timedOut = performance.now() > deadline;
      }
      const news = await closing(steps, () => task.advance(0));
      tell(
        [this.#early(epoch), news].filter((part) => part !== undefined).join(", ") || undefined,
        cursor.epoch === epoch && this.cutShort ? "cut short" : "done",
      );
    });
    if (isPaused) return undefined;
    return steps;
  }

  /**
   * Does work under a line of progress. An interruption is told how to resume.
   *
   * @param work Called with a function that sets how the line ends. Where it does not call that, the line says that the work was stopped.
   * @internal
   */
  protected async reported<T>(
    task: Task,
    work: (tell: (note: string | undefined, ending: Ending) => void) => Promise<T>,
  ): Promise<T> {
    let note: string | undefined, ending: Ending = "stopped";
    try {
      return await work((...told) => [note, ending] = told);
    } catch (error) {
      if (error instanceof Interrupted) error.goesOn = `run ${this.wording.noun} again`;
      throw error;
    } finally {
      task.end(note, ending);
    }
  }

  /** Of an epoch in which it ended early: why, and how far it came. */
  #early(epoch: number): string | undefined {
    const { cursor, settled, earlyEnd } = this, isPart = cursor.epoch === epoch;
    if (!settled) return isPart ? earlyEnd?.words : undefined;
    return isPart
      ? `${epochsOf(cursor.total / cursor.batches, this.epochs)}, ${settled.words}`
      : settled.words;
  }

  /** Restores a new session to what was carried over to it; where that fails, its tensors are freed. */
  protected static begin<S extends { dispose(): void }>(next: S, restore: (next: S) => void): S {
    try {
      restore(next);
      return next;
    } catch (error) {
      next.dispose();
      throw error;
    }
  }

  /** What `JSON.stringify` writes: the network, the options, and what is on record. */
  toJSON(): Pick<this, "config" | "options" | "history"> {
    const { config, options, history } = this;
    return { config, options, history };
  }
}
