/**
 * Tuning: configurations of a method are trained, many for a few epochs and the better of them for more; validation decides, and test is not looked
 * at.
 *
 * @module
 */
import { checkKnown, type KnownOptions, knownWith } from "../../pipeline/contract/options/known.ts";
import {
  AN_OBJECT,
  checkCall,
  COUNT,
  FOLDER,
  NUMBER,
  oneOf,
  TEXT,
} from "../../pipeline/contract/options/arguments.ts";
import { contextOf } from "../../pipeline/contract/context.ts";
import { DATASET, type SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { InputError } from "../../pipeline/contract/errors.ts";
import { DEFAULT_SEED } from "../../pipeline/contract/random.ts";
import type { StageContext } from "../../pipeline/contract/stage.ts";
import { countOf } from "../../pipeline/display/text/units.ts";
import type { TrainOptions } from "../methods/train.ts";
import { bestTrial, type TuningResults, type TuningTrial } from "../records/tuning.ts";
import { AUTOMLP, candidatesOf, lengthShape } from "../experiment/options.ts";
import { withDefaults } from "../experiment/with_defaults.ts";
import { methodOf } from "../train/method.ts";
import { tuningHtml, tuningText } from "../views/tuning.ts";
import { askForTrials } from "./asked.ts";
import { type Cell, jobOfCell } from "./cell.ts";
import { nextStep, rungsOf, type Standing, type Step } from "./halving.ts";
import { firstPoint, gridOf, pointsOf, sizeOf, withDefaultsIn } from "./points.ts";
import { checkSpace, type DeclaredDimensions, declaredSpace, type Space } from "./space.ts";
import { inputsOf, StudyFolder } from "./study_folder.ts";
import { Stop, stoppedStudy } from "./stop.ts";
import { begunTrials, lookAt, trialId } from "./trial_runs.ts";
import { type Tuner, TUNERS } from "./tuners.ts";
import { defaultJobs, type Outcome, Workers } from "./workers.ts";
import { writeTuning } from "./write_tuning.ts";

/** What a tuning is: the options of {@link tune}. */
export interface TuneOptions extends StageContext {
  /** Its folder: a new one, or one that was begun. */
  out: string;
  /** `halving`: asynchronous successive halving (ASHA); `random`: each to its end; `grid`: all of the space. Default: halving. */
  tuner?: Tuner;
  /** How many configurations are drawn at most; of a grid, how many are gone through. Default: 20; of a grid all. */
  trials?: number;
  /** Default: what the method's options declare. */
  space?: DeclaredDimensions & Space;
  /**
   * Options that all trials have, flat as flags are: `epochs`, `patience`, `metric`, `protocol` … Default of `epochs`: 30. AutoMLP's trials have the
   * middle one of its candidates for a short-term length, unless these options or the space say something of the search.
   */
  options?: TrainOptions;
  /** Epochs after which the first configurations are compared, at least. Default: 2. */
  leastEpochs?: number;
  /** Of the draws, and of every training. Default: 2023. */
  seed?: number;
  /** Trainings at once, each in a process of its own. Default: as many as there are cores, where memory suffices. */
  jobs?: number;
  /** Bytes that a training may take; what is expected to take more is left out, and counted. */
  memory?: number;
  /** When it has to end (`performance.now()`). */
  deadline?: number;
  /** A folder in which each trial gets one for its events, for TensorBoard. */
  tensorboard?: string;
  /** For the runs' records. */
  command?: string;
}

/**
 * A tuning, to be gone through trial by trial or to its end. It shows itself in a notebook and as text.
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
export class Tuning implements AsyncIterable<TuningTrial> {
  /** The values that are searched, by option. */
  readonly space: Space;
  /** Epochs of the rungs. */
  readonly rungs: readonly number[];
  readonly #title: string;
  readonly #points: (index: number) => Record<string, unknown>;
  readonly #asked: number;
  /** The trial of the method's defaults. */
  readonly #baseline: number | undefined;
  readonly #seed: number;
  readonly #fixed: Record<string, unknown>;
  /** What the trials have beside these, and what they find has not. */
  readonly #given: Record<string, unknown>;
  readonly #metric: string;
  readonly #protocol: string;
  readonly #trials: TuningTrial[] = [];
  #isComplete = false;

  /** Made by {@link tune}. @throws {InputError} if there is no such method or option, or the space does not fit it. */
  constructor(readonly method: string, readonly dataset: SequenceDataset, readonly input: TuneOptions) {
    checkCall(
      'tune("sasrec", dataset, { out: "tunings/mine" })',
      [method, { ...TEXT, what: "the name of a method" }],
      [dataset, DATASET],
      [input, knownWith(OPTIONS, "out")],
    );
    checkKnown("tune", input, OPTIONS);
    const { title } = methodOf({ method }); // a method that there is not is refused before its options are
    const { tuner = "halving", trials, seed = DEFAULT_SEED } = input;
    const { epochs = 30, ...fixed } = input.options ?? {};
    this.space = input.space === undefined
      ? Object.fromEntries(Object.entries(declaredSpace(method)).filter(([key]) => !(key in fixed)))
      : checkSpace(method, input.space);
    const twice = Object.keys(this.space).find((key) => key in fixed);
    if (twice !== undefined) {
      throw new InputError(
        `Cannot tune ${method}: ${twice} is in the space, and given by the options; leave out one of them`,
      );
    }
    this.#title = title;
    this.#seed = seed;
    this.#fixed = fixed;
    this.#given = method === AUTOMLP ? givenLength(fixed, this.space) : {};
    if (tuner === "grid") {
      const grid = gridOf(this.space);
      this.#points = (index) => grid[index];
      this.#asked = Math.min(grid.length, trials ?? grid.length);
    } else {
      const { sizes, ...job } = withDefaults(dataset, jobOfCell({ method, options: fixed }));
      const defaults = { ...job, ...sizes };
      if (input.space === undefined) this.space = withDefaultsIn(this.space, defaults);
      const first = firstPoint(this.space, seed, defaults);
      this.#points = pointsOf(this.space, seed, first);
      this.#asked = Math.min(trials ?? 20, sizeOf(this.space));
      this.#baseline = 0;
    }
    const job = jobOfCell({ method, options: { ...fixed, epochs, ...this.#points(0) } });
    const { schedule = [job.schedule] } = this.space;
    if (tuner === "halving" && ![schedule].flat().every((one) => one === "constant")) {
      throw new InputError(
        "Cannot tune by halving with a schedule: the rate of each epoch would depend on how many there are; take the tuner random, or the schedule constant",
      );
    }
    this.#metric = job.metric;
    this.#protocol = job.protocol;
    this.rungs = tuner === "halving" ? rungsOf(job.epochs, input.leastEpochs ?? 2) : [job.epochs];
  }

  /** All that was tried so far. */
  get results(): TuningResults {
    const { name, hash } = this.dataset.manifest;
    return {
      method: this.method,
      title: this.#title,
      dataset: { name, hash },
      seed: this.#seed,
      metric: this.#metric,
      protocol: this.#protocol,
      rungs: [...this.rungs],
      searched: Object.keys(this.space),
      trials: this.#trials.filter((trial) => trial !== undefined),
      asked: this.#asked,
      complete: this.#isComplete,
    };
  }

  /** The trial with the best validation metric so far. */
  get best(): TuningTrial | undefined {
    return bestTrial(this.results);
  }

  /** The options of the best trial so far, as a training takes them: those that were drawn and those that all have. */
  get bestOptions(): Record<string, unknown> | undefined {
    const { best } = this;
    return best && { ...this.#fixed, ...best.options };
  }

  /** All that is left; gives the best. */
  async run(): Promise<TuningTrial | undefined> {
    for await (const _trial of this);
    return this.best;
  }

  /**
   * Goes on, and gives each trial whenever it has come further.
   *
   * @throws {InputError} if the folder is not free, or was begun with something else.
   * @throws {Interrupted} if `signal` is aborted: all that is under way is saved first.
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<TuningTrial> {
    const { input, dataset } = this, { progress, signal } = contextOf(input);
    using folder = StudyFolder.create(input.out, "tuning", inputsOf(dataset, input.out), input);
    await askForTrials(folder, { hash: dataset.manifest.hash, name: dataset.manifest.name }, {
      method: this.method,
      space: this.space,
      options: { ...this.#given, ...this.#fixed },
      rungs: this.rungs,
      seed: this.#seed,
      ...(this.input.tuner !== "grid" && { first: "the defaults" }),
    });
    using stop = new Stop(input.deadline, signal);
    const workers = new Workers(
      Math.min(input.jobs ?? defaultJobs(), this.#asked),
      stop.signal,
      input.tensorboard,
    );
    folder.makeRoom();
    const standings = await this.#begun(folder);
    this.#tellOthers(folder);
    const running = new Map<number, Promise<{ step: Step; outcome: Outcome }>>();
    const all = progress.start(`tuning ${this.#title}`, this.#asked, "trials");
    standings.forEach(() => all.advance(1));
    try {
      while (true) {
        while (running.size < workers.jobs && !stop.signal.aborted) {
          const step = this.#next(standings);
          if (!step) break;
          if (step.trial === standings.length) all.advance(1);
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
        await this.#write(folder);
        yield this.#trials[step.trial];
      }
    } finally {
      stop.abort(); // who leaves the loop early leaves nothing running
      await Promise.allSettled(running.values());
      this.#isComplete = running.size === 0 && this.#next(standings) === undefined;
      all.end(undefined, this.#isComplete ? "done" : "cut short");
    }
    if (signal?.aborted) throw stoppedStudy("tuning", "what was tried so far");
    await this.#write(folder);
  }

  #next(standings: readonly Standing[]): Step | undefined {
    return nextStep(standings, this.#asked, this.rungs.length, this.#baseline);
  }

  /** Trials of earlier calls that asked for more. */
  #tellOthers(folder: StudyFolder): void {
    const asked = Array.from({ length: this.#asked }, (_, trial) => ({ id: trialId(trial) }));
    const others = folder.finishedBeside(asked).length;
    if (others === 0) return;
    const which = `${countOf(others, "trial")} beyond the ${this.#asked} that ${
      this.#asked === 1 ? "is" : "are"
    } asked for`;
    contextOf(this.input).progress.warn(
      `${this.input.out} has ${which}; what follows is without ${
        others === 1 ? "it" : "them"
      }: raise --trials`,
    );
  }

  /** The trials of earlier calls. */
  async #begun(folder: StudyFolder): Promise<Standing[]> {
    const begun = Array.from({ length: begunTrials(folder, this.#asked) }, (_, trial) => trial);
    await folder.waitForOthers(begun.map((trial) => ({ id: trialId(trial) })));
    return begun.map((trial) => this.#look(folder, trial));
  }

  #cell({ trial, rung }: Step): Cell {
    return {
      id: trialId(trial),
      method: this.method,
      options: { ...this.#given, ...this.#fixed, ...this.#points(trial), epochs: this.rungs[rung] },
      seed: this.#seed,
      until: "retrain",
    };
  }

  async #train(folder: StudyFolder, workers: Workers, step: Step): Promise<{ step: Step; outcome: Outcome }> {
    const { dataset, input: { command = "tune", memory } } = this, cell = this.#cell(step);
    try {
      jobOfCell(cell);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      return { step, outcome: { status: "failed", message: error.message } };
    }
    const task = { ...cell, dataset: dataset.folder, out: folder.runPath(cell), command, memory };
    return { step, outcome: await workers.train(task) };
  }

  /** How far a trial is; its record is brought up to that. */
  #look(folder: StudyFolder, trial: number, outcome?: Outcome): Standing {
    const goal = { options: this.#points(trial), rungs: this.rungs, metric: this.#metric };
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

  /** The Deno Jupyter kernel's display protocol. */
  [Symbol.for("Jupyter.display")](): Record<string, string> {
    return { "text/html": tuningHtml(this.results), "text/plain": this.toString() };
  }

  /** What `console.log` shows: the text. */
  [Symbol.for("Deno.customInspect")](): string {
    return this.toString();
  }
}

/** Options that say how a length is found among the candidates. */
const { candidates: _among, ...searched } = lengthShape;

/**
 * A length for AutoMLP's trials, where nobody said how it is found: to search in each of them would take most of their time, and who is ahead hardly
 * depends on it.
 */
function givenLength(options: Record<string, unknown>, space: Space): Record<string, unknown> {
  if (Object.keys(searched).some((key) => key in options || key in space)) return {};
  const candidates = candidatesOf(jobOfCell({ method: AUTOMLP, options }));
  return { search: "none", short: candidates[Math.floor((candidates.length - 1) / 2)] };
}

/**
 * Begins a tuning; nothing is trained before it is gone through. See {@link Tuning}.
 *
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
export const tune = (method: string, dataset: SequenceDataset, options: TuneOptions): Tuning =>
  new Tuning(method, dataset, options);

const OPTIONS: KnownOptions<Omit<TuneOptions, keyof StageContext>> = {
  out: FOLDER,
  tuner: oneOf(TUNERS),
  trials: COUNT,
  space: { ...AN_OBJECT, what: "an object with a range or a list of values for each option" },
  options: AN_OBJECT,
  leastEpochs: COUNT,
  seed: NUMBER,
  jobs: COUNT,
  memory: NUMBER,
  deadline: NUMBER,
  tensorboard: FOLDER,
  command: TEXT,
};
