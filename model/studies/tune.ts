/**
 * Tuning: configurations of a method are trained, many for a few epochs and the better of them for more; validation decides, and the test
 * data are not used.
 *
 * @module
 */
import { contextOf } from "../../pipeline/contract/context.ts";
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { InputError } from "../../pipeline/contract/errors.ts";
import { Shown } from "../../pipeline/display/shown.ts";
import type { MethodJobOptions } from "../experiment/job_options.ts";
import type { MethodName } from "../methods/method_options.ts";
import { bestTrial, type TuningResults, type TuningTrial } from "../records/tuning.ts";
import { tuningHtml, tuningText } from "../views/tuning.ts";
import { askForTrials } from "./asked.ts";
import { jobOfCell } from "./cell.ts";
import type { Standing, Step } from "./halving.ts";
import { endOf, type Limits, limitsOf } from "./options.ts";
import type { Space } from "./space.ts";
import { Stop, stoppedStudy } from "./options.ts";
import { inputsOf, StudyFolder } from "./study_folder.ts";
import { begunTrials, lookAt, trialId } from "./trial_runs.ts";
import type { TuneOptions } from "./tune_options.ts";
import { TuningPlan } from "./tuning_plan.ts";
import { defaultJobs, type Outcome, Workers } from "./workers.ts";
import { writeTuning } from "./write_tuning.ts";

/**
 * A tuning, to be iterated trial by trial or run to its end. It displays itself in a notebook and as text.
 *
 * ```ts
 * import { prepare, tune } from "automlp";
 *
 * const out = await Deno.makeTempDir();
 * const { dataset } = await prepare({ dataset: "demo", out });
 * const space = { rate: [0.001, 0.01] }, options = { epochs: 1, dim: 8, length: 10 };
 * const tuning = tune("gru4rec", dataset, { out: `${out}-tuning`, tuner: "grid", space, options });
 * for await (const { trial, options, value } of tuning) console.log(trial, options, value);
 * console.log(tuning.best);
 * ```
 */
export class Tuning<M extends MethodName = MethodName> extends Shown implements AsyncIterable<TuningTrial> {
  /** The values that are searched, by option. */
  readonly space: Space;
  /** The epochs of the rungs. */
  readonly rungs: readonly number[];
  readonly #plan: TuningPlan;
  readonly #limits: Limits;
  readonly #trials: TuningTrial[] = [];
  #isComplete = false;

  /**
   * Made by {@link tune}.
   *
   * @throws {InputError} if there is no such method or option, or the space does not fit it.
   */
  constructor(readonly method: M, readonly dataset: SequenceDataset, readonly input: TuneOptions<M>) {
    super();
    this.#limits = limitsOf(input);
    const plan = this.#plan = new TuningPlan(method, dataset, input);
    this.space = plan.space;
    this.rungs = plan.rungs;
  }

  /** The results of all trials so far. */
  get results(): TuningResults {
    const { name, hash } = this.dataset.manifest, { title, seed, metric, protocol, asked } = this.#plan;
    return {
      method: this.method,
      title,
      dataset: { name, hash },
      seed,
      metric,
      protocol,
      rungs: [...this.rungs],
      searched: Object.keys(this.space),
      trials: this.#trials.filter((trial) => trial !== undefined),
      asked,
      complete: this.#isComplete,
    };
  }

  /** The trial with the best validation metric so far. */
  get best(): TuningTrial | undefined {
    return bestTrial(this.results);
  }

  /**
   * The options of the best trial so far, as a training takes them: the drawn ones and those given for all trials. `epochs` are among
   * them if the rate falls over the epochs: it depends on their number. Otherwise trials stop where their rung ends, and a training goes on
   * until it stops improving.
   */
  get bestOptions(): MethodJobOptions<M> | undefined {
    const { best } = this;
    return best &&
      { ...this.#plan.fixed, ...best.options, ...this.#epochsOf(best.options) } as MethodJobOptions<M>;
  }

  #epochsOf({ schedule = this.#plan.fixed.schedule }: TuningTrial["options"]): { epochs?: number } {
    return schedule === "cosine" ? { epochs: this.#plan.rungs.at(-1) } : {};
  }

  /** Runs all that is left and returns the best trial. */
  async run(): Promise<TuningTrial | undefined> {
    for await (const _trial of this);
    return this.best;
  }

  /**
   * Resumes the tuning and yields a trial whenever it has come further.
   *
   * @throws {InputError} if the folder is not free, or was begun with other input.
   * @throws {Interrupted} if `signal` is aborted: everything under way is saved first.
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<TuningTrial> {
    const { input, dataset } = this, { progress, signal } = contextOf(input), plan = this.#plan;
    using folder = StudyFolder.create(input.out, "tuning", inputsOf(dataset, input.out));
    await askForTrials(folder, { hash: dataset.manifest.hash, name: dataset.manifest.name }, {
      method: this.method,
      space: this.space,
      options: plan.common,
      rungs: this.rungs,
      seed: plan.seed,
    });
    using stop = new Stop(endOf(this.#limits, input.deadline), signal);
    const workers = new Workers(
      Math.min(input.jobs ?? defaultJobs(), plan.asked),
      stop.signal,
      input,
    );
    folder.makeRoom();
    const standings = await this.#begun(folder, stop.signal);
    const running = new Map<number, Promise<{ step: Step; outcome: Outcome }>>();
    const all = progress.start(`tuning ${plan.title}`, plan.asked, "trials");
    let finished = plan.finished(standings);
    all.advance(finished, "before");
    const isComplete = () => running.size === 0 && plan.next(standings) === undefined;
    try {
      while (true) {
        while (running.size < workers.jobs && !stop.signal.aborted) {
          const step = plan.next(standings);
          if (!step) break;
          standings[step.trial] = {
            values: standings[step.trial]?.values ?? [],
            isRunning: true,
            isOut: false,
          };
          running.set(step.trial, this.#train(folder, workers, step));
        }
        if (running.size === 0) break;
        const { step, outcome } = await Promise.race(running.values());
        running.delete(step.trial);
        standings[step.trial] = this.#look(folder, step.trial, outcome);
        if (outcome.status === "stopped") continue;
        const more = plan.finished(standings) - finished; // less than 0 where a trial is trained further that counted as finished
        if (more > 0) all.advance(more), finished += more;
        this.#isComplete = isComplete(); // a tuning shown inside the loop is complete with the last trial
        await this.#write(folder);
        yield this.#trials[step.trial];
      }
    } finally {
      stop.abort(); // leaving the loop early leaves nothing running
      await Promise.allSettled(running.values());
      this.#isComplete = isComplete();
      all.end(undefined, this.#isComplete ? "done" : "cut short");
    }
    if (signal?.aborted) throw stoppedStudy("tuning", "what was tried so far", signal.reason);
    await this.#write(folder);
  }

  /** Reads the trials of earlier calls. */
  async #begun(folder: StudyFolder, signal: AbortSignal): Promise<Standing[]> {
    const begun = Array.from({ length: begunTrials(folder, this.#plan.asked) }, (_, trial) => trial);
    await folder.waitForOthers(begun.map((trial) => ({ id: trialId(trial) })), signal);
    return begun.map((trial) => this.#look(folder, trial));
  }

  async #train(folder: StudyFolder, workers: Workers, step: Step): Promise<{ step: Step; outcome: Outcome }> {
    const { dataset, input: { command = "tune" } } = this, cell = this.#plan.cell(step);
    const { memory } = this.#limits;
    try {
      jobOfCell(cell);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      return { step, outcome: { status: "failed", message: error.message } };
    }
    const { folder: place, manifest: { hash } } = dataset;
    const task = { ...cell, dataset: place, hash, out: folder.placeOf(cell), command, memory };
    return { step, outcome: await workers.train(task) };
  }

  /** Returns how far a trial has come, and updates its record. */
  #look(folder: StudyFolder, trial: number, outcome?: Outcome): Standing {
    const { rungs, metric } = this.#plan, goal = { options: this.#plan.pointOf(trial), rungs, metric };
    const { standing, record } = lookAt(folder, trial, goal, outcome);
    if (record) this.#trials[trial] = record;
    return standing;
  }

  #write(folder: StudyFolder): Promise<void> {
    return writeTuning(folder, this.results, this.bestOptions);
  }

  /** As text, for a terminal. */
  toString(): string {
    return tuningText(this.results);
  }

  /** As an HTML fragment for a notebook. */
  toHtml(): string {
    return tuningHtml(this.results);
  }
}

/**
 * Sets up a tuning; nothing is trained until it is iterated or run. See {@link Tuning}.
 *
 * @param method One of {@link METHODS}.
 * @param options The output folder, the values to search, and options of that method that all trials share.
 * @throws {InputError} if there is no such method or option, or the space does not fit it.
 * @example
 * ```ts
 * import { prepare, tune } from "automlp";
 *
 * const out = await Deno.makeTempDir();
 * const { dataset } = await prepare({ dataset: "demo", out });
 * const tuning = tune("gru4rec", dataset, { out: `${out}-tuning`, trials: 9, options: { epochs: 27 } });
 * console.log(tuning.rungs, tuning.space);
 * // for await (const { options, value } of tuning) …
 * ```
 */
export function tune<M extends MethodName>(
  method: M,
  dataset: SequenceDataset,
  options: TuneOptions<M>,
): Tuning<M> {
  return new Tuning(method, dataset, options);
}
