/**
 * What a search and a training have in common: epochs of steps that can be run one by one, paused, resumed, and shown
 * at any time.
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
import type { Engine } from "../backend/types.ts";
import { placeAfter } from "../records/epochs.ts";
import { cutAfter, type EarlyEnd, epochName, epochsOf } from "../views/epochs.ts";
import { Loop, type LoopLease } from "./loop.ts";
import type { Cursor } from "./order.ts";
import { yieldWhereDue } from "../../pipeline/contract/machine/event_loop.ts";

/** Options that every session has, both a {@link Search} and a {@link Training}. */
export interface SessionOptions extends StageContext {
  /** Maximum number of epochs. */
  epochs: number;
  /** The moment (`performance.now()`) after which the session stops, at the end of the current step. */
  deadline?: number;
}

/** The words for a session in its messages. */
interface Wording {
  /** As in "Cannot search on". */
  verb: string;
  /** As in "the search". */
  noun: string;
  /** As in "search, epoch 3". */
  epoch(number: number): string;
  /** As in "searching, epoch 3 (20 % of it)". */
  doing(epoch: string): string;
  /** What is kept when it is stopped. */
  kept: string;
  /** Checks the values of its options. */
  check(options: object): void;
}

/** After this many steps the pace is known: the first steps are slower than the rest. */
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
  /** The session's own copy of its options. */
  abstract readonly options: Options;
  /** The records so far; they show themselves like the session. */
  abstract get history(): readonly Row[];
  /**
   * Called at the end of each epoch; it may write a checkpoint.
   *
   * @internal
   */
  onEpoch?(session: this): void | Promise<void>;
  /** Seconds of computing so far. */
  protected seconds = 0;
  /** Where the session resumed: the work before may have been done on another machine, or alongside other work. */
  #from = { total: 0, seconds: 0 };
  /** @internal */
  protected timedOut = false;
  /**
   * The name of the deadline in the message if it cuts the session short.
   *
   * @internal
   */
  deadlineName = "the deadline";
  /**
   * Whether the session is a phase of longer work that reports its own remaining time and results.
   *
   * @internal
   */
  isPhase = false;
  /**
   * The folder of the run that the session is a phase of, if the run's result shows its curves.
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
    this.#loop = new Loop(wording.noun);
  }

  /**
   * The current place in the training targets.
   *
   * @internal
   */
  protected abstract get cursor(): Cursor;
  /** Whether there is nothing left to do. */
  abstract get done(): boolean;
  /**
   * How the session ended, if it found its answer before its last step.
   *
   * @internal
   */
  protected get settled(): EarlyEnd | undefined {
    return undefined;
  }
  /**
   * The recent mean training loss; undefined before the first step.
   *
   * @internal
   */
  protected abstract get meanLoss(): number | undefined;
  /**
   * The result so far, as in `best NDCG@10 0.4023 in epoch 3`; undefined if there is nothing to say.
   *
   * @internal
   */
  get standing(): PlaceFact | undefined {
    return undefined;
  }
  /** Why the session is done, and how to continue. */
  protected abstract whyDone(): string;
  /** Takes one step. */
  abstract step(): unknown;
  /**
   * Runs to the end of the current epoch; undefined if it was paused before.
   *
   * @internal
   */
  protected abstract runEpoch(lease: LoopLease): Promise<Row | undefined>;
  /** The part of its display that grows from epoch to epoch, as HTML: a line of text, and the most important curves. */
  protected abstract growing(): Promise<string>;
  /** Frees all tensors; a second call does nothing. */
  abstract dispose(): void;

  /** Frees all tensors at the end of a block that declared the session by `using`. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  /** Maximum number of epochs; when it is raised, a finished session can continue. */
  get epochs(): number {
    return this.options.epochs;
  }
  set epochs(epochs: number) {
    this.options.epochs = this.checked("epochs", epochs);
  }

  /**
   * Checks a new value of an option.
   *
   * @returns The value.
   * @throws {InputError} if the option does not allow it.
   * @internal
   */
  protected checked(option: string, value: number): number {
    this.wording.check({ [option]: value ?? null }); // undefined would pass as a request for the default
    return value;
  }

  /**
   * Checks a learning rate, which may also be 0: then nothing learns.
   *
   * @internal
   */
  protected checkedRate(option: string, rate: number): number {
    return rate === 0 ? rate : this.checked(option, rate);
  }

  /** Number of steps done, and number of steps in an epoch. */
  get steps(): { done: number; epoch: number } {
    const { total, batches } = this.cursor;
    return { done: total, epoch: batches };
  }

  /** How far the session had got when its time ran out: epochs done, and the maximum. Undefined if it ended by itself or has not ended. */
  get cutShort(): { epochs: number; of: number } | undefined {
    const { total, batches } = this.cursor,
      isCut = this.timedOut && !this.settled && total < this.epochs * batches;
    return isCut ? { epochs: total / batches, of: this.epochs } : undefined;
  }

  /**
   * How the session ended, if that was before its last epoch.
   *
   * @internal
   */
  get earlyEnd(): EarlyEnd | undefined {
    const { cutShort } = this;
    return cutShort ? cutAfter(this.deadlineName, cutShort) : this.settled;
  }

  /**
   * Runs to the end of the current epoch; a training then validates, even if the last steps of the epoch were taken
   * one by one. A stop on the way (`signal`, {@link Session.pause}) leaves the session where it is, and it can be
   * resumed. A signal stays aborted: resume with another one in `options.signal`.
   *
   * @returns The epoch's record; undefined if it was paused before its end.
   * @throws {InputError} if nothing is left to do, or the session is already running.
   * @throws {Interrupted} if `signal` is aborted.
   */
  async epoch(): Promise<Row | undefined> {
    if (this.done) throw new InputError(`Cannot ${this.wording.verb} on: ${this.whyDone()}`);
    using lease = this.#loop.lease();
    let growth: Growth = "stopped";
    try {
      const record = await this.#loop.run(lease, () => this.runEpoch(lease));
      growth = "grown"; // more epochs may follow
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
   * Seconds per step, validation included; undefined while there are too few steps to tell. A resumed session uses
   * the pace of all its steps at first, and after a full epoch only that since it resumed.
   */
  get secondsPerStep(): number | undefined {
    const { cursor: { total, batches }, seconds } = this, from = this.#from;
    if (total < PACE_STEPS) return undefined;
    const since = total - from.total;
    return from.total > 0 && since >= batches ? (seconds - from.seconds) / since : seconds / total;
  }

  /**
   * Continues from the current place of the cursor.
   *
   * @param seconds Seconds of computing that it took to get there.
   */
  protected goesOnAfter(seconds: number): void {
    this.seconds = seconds;
    this.#from = { total: this.cursor.total, seconds };
  }

  /** Maximum number of seconds left: all epochs at the pace so far, or until the deadline; undefined while the pace is not known. */
  get secondsLeft(): number | undefined {
    const { total, batches } = this.cursor, { secondsPerStep } = this;
    if (secondsPerStep === undefined) return undefined;
    const { deadline = Infinity } = this.options, allowed = (deadline - performance.now()) / 1000;
    return Math.max(0, Math.min(secondsPerStep * (this.epochs * batches - total), allowed));
  }

  /**
   * What follows the steps of an epoch, and its progress, as in `validation 34%`; undefined at any other time.
   *
   * @internal
   */
  protected get closing(): string | undefined {
    return undefined;
  }

  /**
   * The progress of the current epoch among all: `of at most 12`, `loss 4.720`, `best NDCG@10 0.4023 in epoch 3`,
   * `3:40 more at most`.
   *
   * @param hasBegun Whether a step of the epoch was taken.
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

  /** Shows the curves so far, if there is a place for them. */
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
   * Runs to the end of the current epoch, with progress.
   *
   * @param closing Called after the steps, with their number and a function that shows the progress of
   * {@link Session.closing}; returns the text that the progress line ends with.
   * @returns Number of steps taken; undefined if it was paused.
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
   * Does work under a progress line. An interruption says how to resume.
   *
   * @param work Called with a function that sets how the line ends. If it does not call that function, the line says
   * that the work was stopped.
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

  /** For an epoch in which the session ended early: why, and how far it got. */
  #early(epoch: number): string | undefined {
    const { cursor, settled, earlyEnd } = this, isPart = cursor.epoch === epoch;
    if (!settled) return isPart ? earlyEnd?.words : undefined;
    return isPart
      ? `${epochsOf(cursor.total / cursor.batches, this.epochs)}, ${settled.words}`
      : settled.words;
  }

  /** Restores a new session to the state taken over for it; if that fails, frees its tensors. */
  protected static begin<S extends { dispose(): void }>(next: S, restore: (next: S) => void): S {
    try {
      restore(next);
      return next;
    } catch (error) {
      next.dispose();
      throw error;
    }
  }

  /** What `JSON.stringify` writes: the network, the options, and the records. */
  toJSON(): Pick<this, "config" | "options" | "history"> {
    const { config, options, history } = this;
    return { config, options, history };
  }
}
