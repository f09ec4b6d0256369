/**
 * The main job on a dataset: search → select → retrain → evaluate → report, into a run folder. What is finished is never done
 * twice; what was cut off continues from its last checkpoint.
 *
 * @module
 */
import { DEFAULT_SEED } from "../../pipeline/contract/random.ts";
import { VERSIONS } from "../../pipeline/contract/version.ts";
import { checkConfig } from "../../pipeline/terminal/config.ts";
import process from "node:process";
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { InputError, Interrupted } from "../../pipeline/contract/errors.ts";
import { contextOf } from "../../pipeline/contract/context.ts";
import type { StageContext } from "../../pipeline/contract/stage.ts";
import { networkFor } from "../automlp/build.ts";
import type { TrainingSettings } from "../train/settings.ts";
import type { NetworkConfig } from "../automlp/config.ts";
import { saveModel } from "../methods/store.ts";
import { openEngine } from "../backend/engine.ts";
import type { Engine } from "../backend/types.ts";
import { type ReportFacts, reportFacts, reportHtml } from "../report/mod.ts";
import { RunFolder } from "../runs/folder.ts";
import { lockRun } from "../runs/lock.ts";
import type { RunFacts } from "../records/schemas.ts";
import { packTraining, unpackTraining } from "../train/checkpoint.ts";
import type { TrainingOptions } from "../train/state.ts";
import { defaultProtocol, withNegatives } from "../train/options.ts";
import { Training } from "../train/training.ts";
import { type MethodConfig, methodOf, type NeuralMethod } from "../train/method.ts";
import { evaluateRun } from "./evaluation.ts";
import {
  AUTOMLP,
  identityOptions,
  type JobInput,
  type JobOptions,
  jobSchema,
  type Phase,
  PHASES,
} from "./options.ts";
import { findArchitecture } from "./search_phase.ts";
import { otherRuns } from "./others.ts";
import { jobWithDisplay } from "./show.ts";

/** What a job is given beside its options. */
export interface JobContext extends StageContext {
  /** The run folder. */
  out: string;
  /** Of weights, order and dropout. Default: 2023. */
  seed?: number;
  /** As it was typed, for the record. */
  command?: string;
  /** Of automlp, Deno and libraries, for the record. Default: those in use. */
  versions?: Record<string, string>;
  /** What else goes into `run.json` as configuration: that of the preparation. */
  config?: Record<string, unknown>;
  /** When the budget began to run (`performance.now()`). Default: when the job begins. */
  started?: number;
}

/** What a job leaves. */
export interface JobResult {
  run: RunFolder;
  facts: ReportFacts;
}

/** Of the budget that is left, the search may take this share. */
const SEARCH_SHARE = 0.4;
/** What evaluating and reporting take of it. */
const CLOSING_SHARE = 0.05;

/**
 * Runs the job: search, training, evaluation and report, into a run folder.
 *
 * @throws {InputError} if an option does not fit, or the folder holds a run that this is not a continuation of.
 * @throws {Interrupted} if `signal` is aborted; a checkpoint is written first.
 *
 * @example
 * ```ts
 * import { prepare, runJob } from "automlp";
 *
 * const out = await Deno.makeTempDir();
 * const { dataset } = await prepare({ dataset: "demo", out });
 * const sizes = { dim: 8, length: 10 }, context = { out: `${out}-sasrec` };
 * const { run } = await runJob(dataset, { method: "sasrec", sizes, epochs: 1 }, context);
 * console.log(run.readMetrics());
 * ```
 */
export async function runJob(
  dataset: SequenceDataset,
  input: JobInput,
  context: JobContext,
): Promise<JobResult> {
  const options: JobOptions = checkConfig(jobSchema, input);
  const { started = performance.now(), seed = DEFAULT_SEED, command = "runJob", versions = VERSIONS } =
    context;
  const folder = RunFolder.create(context.out);
  try {
    using _lock = lockRun(folder.path);
    folder.removePartFiles();
    const engine = await openEngine({ ...engineOptions(options), progress: context.progress });
    return await new Job(folder, dataset, options, { ...context, started, seed, command, versions }, engine)
      .run();
  } catch (error) {
    folder.removeIfBare();
    throw error;
  }
}

/** A run is in the folder, and nobody said to continue with it. */
export const runInTheWay = (folder: string): InputError =>
  new InputError(
    `There is a run in ${folder} already: resume it with --resume, or give another folder with --out`,
  );

const engineOptions = ({ backend, threads }: JobOptions) => ({ backend, threads });

/** The network that is searched: all candidate lengths side by side. */
function automlpNetwork(dataset: SequenceDataset, options: JobOptions): NetworkConfig {
  const { length, dim, layers, sequenceHidden, channelHidden, dropout, score, temperature } = options;
  return networkFor(dataset, {
    ...{ length, dim, layers, sequenceHidden, channelHidden, dropout, score, temperature },
    longLayers: options.longLayers ?? layers,
    candidates: options.search === "none" ? [options.short!] : options.candidates,
  });
}

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

class Job {
  readonly settings: TrainingSettings;
  readonly method: NeuralMethod;
  readonly network: MethodConfig;
  readonly protocol: string;
  readonly identity: string;
  facts: Omit<RunFacts, "format" | "version">;
  /** The phase under way, and what it had taken before. */
  #phase?: { phase: string; started: number; before: number };

  constructor(
    readonly folder: RunFolder,
    readonly dataset: SequenceDataset,
    readonly options: JobOptions,
    readonly context: JobContext & Required<Pick<JobContext, "started" | "seed" | "command" | "versions">>,
    readonly engine: Engine,
  ) {
    const { loss, trainNegatives, trainDistribution, logitAdjustment, scoreRegularisation, rate, batchSize } =
      options;
    this.settings = withNegatives({
      loss,
      negatives: trainNegatives,
      distribution: trainDistribution,
      logitAdjustment,
      scoreRegularisation,
      rate,
      batchSize,
      seed: context.seed,
    });
    this.method = methodOf(options);
    this.network = options.method === AUTOMLP
      ? automlpNetwork(dataset, options)
      : this.method.configure(dataset, options.sizes);
    this.protocol = options.protocol ?? defaultProtocol(dataset);
    this.identity = JSON.stringify([
      dataset.manifest.hash,
      context.seed,
      identityOptions({ ...options, protocol: this.protocol }),
    ]);
    this.facts = this.#begin();
  }

  /** The facts of the run, new or resumed. */
  #begin(): Omit<RunFacts, "format" | "version"> {
    const { dataset, options, context } = this, before = this.folder.readRun();
    const { hash, name } = dataset.manifest;
    if (before && !options.resume) throw runInTheWay(context.out);
    if (before) {
      this.folder.checkDataset({ hash, name, folder: dataset.folder });
      if (before.config.identity !== this.identity) {
        throw new InputError(
          `Cannot resume ${context.out}: it was begun with other options; give the same ones, or another folder with --out`,
        );
      }
    }
    const { name: engine, device, version } = this.engine, backend = { name: engine, device, version };
    const backends = before ? before.backends ?? [before.backend] : [];
    const facts = {
      status: "running" as const,
      command: context.command,
      config: { ...context.config, ...options, protocol: this.protocol, identity: this.identity },
      seed: context.seed,
      versions: context.versions,
      backend,
      backends: backends.some((known) => same(known, backend)) ? backends : [...backends, backend],
      parameters: before?.parameters,
      method: { name: this.method.name, title: this.method.title },
      dataset: { hash, name, folder: dataset.folder },
      times: before?.times ?? {},
      peakMemoryBytes: before?.peakMemoryBytes ?? 0,
      warnings: before?.warnings ?? [],
    };
    if (before) this.#compareWith(before, facts);
    return facts;
  }

  /** Another engine, or another version of anything, computes other last digits: the run would not be repeatable. */
  #compareWith(before: RunFacts, now: Pick<RunFacts, "backend" | "versions" | "warnings">): void {
    const engineOf = ({ name, device, version }: RunFacts["backend"]) => `${name} ${version} on ${device}`;
    const changes = [
      ...(same(before.backend, now.backend)
        ? []
        : [`the engine was ${engineOf(before.backend)}, now it is ${engineOf(now.backend)}`]),
      ...Object.entries(now.versions)
        .filter(([name, version]) => (before.versions[name] ?? version) !== version)
        .map(([name, version]) => `${name} was ${before.versions[name]}, now it is ${version}`),
    ];
    if (changes.length === 0) return;
    const { out, progress } = this.context, what = changes.join("; ");
    if (this.options.strict) {
      throw new InputError(
        `Cannot resume ${out} with --strict: ${what}; give it what it was begun with, or leave out --strict`,
      );
    }
    const warning =
      `Resumed elsewhere: ${what}. Numbers differ from here on in their last digits from those of a run in one piece`;
    if (now.warnings.includes(warning)) return;
    now.warnings.push(warning);
    contextOf({ progress }).progress.warn(warning);
  }

  async run(): Promise<JobResult> {
    const wants = (phase: Phase) => PHASES.indexOf(this.options.until) >= PHASES.indexOf(phase);
    await this.#write();
    try {
      const searched = this.options.method === AUTOMLP;
      if (wants("search") && searched && !this.folder.readArchitecture()) {
        await this.#timed("search", () => this.#search(this.network as NetworkConfig));
      }
      if (wants("retrain")) {
        const chosen = searched ? { candidates: [this.folder.readArchitecture()!.shortTermLength] } : {};
        await this.#timed("retrain", () => this.#retrain({ ...this.network, ...chosen }));
      }
      if (wants("evaluate")) {
        const { dataset, engine, folder, options: { ks }, context: { seed, progress, signal } } = this;
        await this.#timed(
          "evaluate",
          () =>
            evaluateRun(engine, folder, dataset, { ks, seed, others: otherRuns(folder), progress, signal }),
        );
      }
      const facts = await this.#report();
      this.facts.status = "done";
      await this.#write();
      return jobWithDisplay({ run: this.folder, facts });
    } catch (error) {
      // What is refused before anything was computed was no run.
      if (error instanceof InputError && await this.folder.withdraw().catch(() => false)) throw error;
      this.facts.status = error instanceof Interrupted ? "interrupted" : "failed";
      // What went wrong first is the error to report, also where a full disk does not take this either.
      await this.#write().catch(() => {});
      throw error;
    }
  }

  /** Writes the report of what there is. The run is done when this is done. */
  async #report(): Promise<ReportFacts> {
    const { folder, dataset: { manifest }, options: { metric }, protocol } = this;
    const collected = reportFacts(folder, manifest, { metric, protocol });
    const facts: ReportFacts = { ...collected, run: { ...collected.run, status: "done" } };
    await folder.writeReport(await reportHtml(facts));
    return facts;
  }

  async #timed<T>(phase: string, work: () => Promise<T>): Promise<T> {
    this.#phase = { phase, started: performance.now(), before: this.facts.times[phase] ?? 0 };
    try {
      return await work();
    } finally {
      await this.#write();
      this.#phase = undefined;
    }
  }

  #write(): Promise<void> {
    if (this.#phase) {
      const { phase, started, before } = this.#phase;
      this.facts.times[phase] = before + (performance.now() - started) / 1000;
    }
    // Node's interface gives KiB.
    const peak = process.resourceUsage().maxRSS * 1024;
    this.facts.peakMemoryBytes = Math.max(this.facts.peakMemoryBytes, peak);
    return this.folder.writeRun(this.facts);
  }

  /** A share of what is left of the budget, as a moment. */
  #deadline(share: number): number | undefined {
    const { options: { budget }, context: { started } } = this;
    if (budget === undefined) return undefined;
    const now = performance.now(), end = started + budget * 1000;
    return now + Math.max(0, end - now) * share;
  }

  /** Warns, once in a run: what is resumed may come by the same warning again. */
  #warn(message: string): void {
    if (this.facts.warnings.includes(message)) return;
    this.facts.warnings.push(message);
    contextOf(this.context).progress.warn(message);
  }

  #trainingOptions(deadline: number | undefined): TrainingOptions {
    const { epochs, patience, metric, schedule } = this.options, { progress, signal } = this.context;
    return {
      ...this.settings,
      schedule,
      epochs,
      patience,
      metric,
      protocol: this.protocol,
      deadline,
      progress,
      signal,
    };
  }

  async #search(network: NetworkConfig): Promise<void> {
    const { engine, dataset, folder, options, settings, context: { progress, signal } } = this;
    const architecture = await findArchitecture({
      ...{ engine, dataset, network, folder, options, settings, progress, signal },
      warn: (message) => this.#warn(message),
      training: this.#trainingOptions(this.#deadline(1 - CLOSING_SHARE)),
      deadline: this.#deadline(SEARCH_SHARE),
    });
    if (!architecture.clear) {
      this.#warn(
        `The search has no clear winner: k = ${architecture.shortTermLength} is ahead by ${
          (100 * architecture.margin).toFixed(1)
        } points of softmax(α); search longer, or compare with --search exhaustive`,
      );
    }
    await this.#write(); // first: with the architecture in place nobody searches again, and warnings and times are on record
    await folder.writeArchitecture(architecture);
  }

  async #retrain(network: MethodConfig): Promise<void> {
    const { folder, dataset, engine } = this;
    const training = new Training(
      engine,
      dataset,
      network,
      this.#trainingOptions(this.#deadline(1 - CLOSING_SHARE)),
    );
    const save = async () => {
      await folder.writeTrainHistory(training.history);
      await folder.writeCheckpoint("train", packTraining(training.state()));
      await this.#write(); // the time so far
    };
    try {
      const before = await folder.readCheckpoint("train", (message) => this.#warn(message));
      if (before) training.restore(unpackTraining(before));
      training.onEpoch = save;
      for await (const _epoch of training);
      const model = training.finish();
      this.facts.parameters = model.parameters;
      await saveModel(folder, model, { dataset, seed: this.context.seed });
    } catch (error) {
      if (error instanceof Interrupted) await save();
      throw error;
    } finally {
      training.dispose();
    }
  }
}
