/**
 * Training of one network: epochs, validation, early stopping. Each step can be taken alone.
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { checkInterrupt } from "../../pipeline/contract/errors.ts";
import { contextOf } from "../../pipeline/contract/context.ts";
import type { StageContext } from "../../pipeline/contract/stage.ts";
import type { TrainingSettings } from "../automlp/build.ts";
import type { NetworkConfig } from "../automlp/config.ts";
import type { AutoMLP } from "../automlp/model.ts";
import type { Engine } from "../backend/types.ts";
import { evaluate } from "../evaluate/evaluate.ts";
import { parseMetric } from "../evaluate/metrics.ts";
import type { TrainRecord } from "../run/records.ts";
import { breathe, Learner } from "./learner.ts";
import type { OptimizerState } from "./optimizer.ts";

/** How the learning rate goes: as it is; or from it to a fiftieth along half a cosine, over all epochs. */
export const SCHEDULES = ["constant", "cosine"] as const;
export type Schedule = (typeof SCHEDULES)[number];

/** What the cosine ends at, as a share of the rate it begins with. */
const LAST_RATE = 0.02;

/** How long a training goes on, and by what it is judged. */
export interface TrainingOptions extends TrainingSettings, StageContext {
  /** At most so many epochs. */
  epochs: number;
  /** Default: constant, as in the paper. */
  schedule?: Schedule;
  /** Stops after so many epochs without a better metric. */
  patience: number;
  /** The metric of the validation part that decides, as in "NDCG@10". */
  metric: string;
  /** The protocol of that metric. */
  protocol: string;
  /** Stops in time for this moment (`performance.now()`), whatever is left of the epoch. */
  deadline?: number;
}

/** Everything that a training needs to go on. */
export interface TrainingState {
  optimizer: OptimizerState;
  /** Values of the best epoch's weights. */
  best?: Map<string, Float32Array>;
  bestEpoch: number;
  epoch: number;
  batch: number;
  /** Sum of the losses of this epoch's batches so far. */
  lossSum: number;
  /** Seconds of training so far. */
  seconds: number;
  history: TrainRecord[];
}

/**
 * A training, to be driven step by step, epoch by epoch, or to its end:
 *
 * ```ts ignore
 * const training = new Training(engine, dataset, config, options);
 * for await (const epoch of training) console.log(epoch.loss, epoch.metrics);
 * const model = training.finish();
 * ```
 */
export class Training implements AsyncIterable<TrainRecord> {
  readonly #learner: Learner;
  /** One record for each finished epoch. */
  history: TrainRecord[] = [];
  #best?: Map<string, Float32Array>;
  #bestEpoch = 0;
  #lossSum = 0;
  #seconds = 0;
  #timedOut = false;
  /** Adam's learning rate, before the schedule; may be changed between steps. */
  rate: number;
  /** At the end of each epoch; a checkpoint may be written. */
  onEpoch?: (training: Training) => void | Promise<void>;

  constructor(
    readonly engine: Engine,
    readonly dataset: SequenceDataset,
    readonly config: NetworkConfig,
    readonly options: TrainingOptions,
  ) {
    parseMetric(options.metric);
    this.rate = options.rate;
    this.#learner = new Learner(engine, dataset, config, options, dataset.targets("train"), "train");
  }

  /** Number of trained values. */
  get parameters(): number {
    return this.#learner.parts.optimizer.size;
  }

  /** The epoch whose weights are the best so far, from 1; 0 before the first. */
  get bestEpoch(): number {
    return this.#bestEpoch;
  }

  /** Whether there is nothing left to do: all epochs done, no improvement for long, or no time left. */
  get done(): boolean {
    const { epochs, patience } = this.options, finished = this.history.length;
    return this.#timedOut || finished >= epochs || finished - this.#bestEpoch >= patience;
  }

  /** The share of the rate that the schedule leaves now. */
  #scheduled(): number {
    const { schedule = "constant", epochs } = this.options, { cursor } = this.#learner;
    if (schedule === "constant") return 1;
    const done = Math.min(1, cursor.total / (epochs * cursor.batches));
    return LAST_RATE + (1 - LAST_RATE) * (1 + Math.cos(Math.PI * done)) / 2;
  }

  /** One step; returns the batch's loss. */
  step(): number {
    const started = performance.now();
    this.#learner.parts.optimizer.rate = this.rate * this.#scheduled();
    const loss = this.#learner.step([0]);
    this.#lossSum += loss;
    this.#seconds += (performance.now() - started) / 1000;
    return loss;
  }

  /**
   * Goes to the end of the current epoch and validates. A stop on the way (signal) leaves it there, to be gone on from.
   *
   * @throws {Interrupted} where `signal` is aborted.
   */
  async epoch(): Promise<TrainRecord> {
    const { deadline = Infinity, batchSize } = this.options, { progress, signal } = contextOf(this.options);
    const { cursor } = this.#learner, epoch = cursor.epoch;
    const targets = cursor.rows.length;
    const task = progress.start(`epoch ${epoch + 1}`, targets, "examples");
    task.advance(cursor.batch * batchSize);
    const first = cursor.batch, before = this.#seconds;
    let batches = first;
    try {
      while (cursor.epoch === epoch && !this.#timedOut) {
        this.step();
        task.advance(batchSize);
        batches++;
        await breathe();
        checkInterrupt(signal, `training, epoch ${epoch + 1}`, "what was learnt so far is kept");
        this.#timedOut = performance.now() > deadline;
      }
    } finally {
      task.end();
    }
    const loss = this.#lossSum / batches, examples = (batches - first) * batchSize;
    this.#lossSum = 0;
    const record = await this.#validate(epoch + 1, loss, examples / (this.#seconds - before));
    this.history.push(record);
    await this.onEpoch?.(this);
    return record;
  }

  async #validate(epoch: number, loss: number, examplesPerSecond: number): Promise<TrainRecord> {
    const started = performance.now(), { metric, protocol } = this.options;
    const model = this.recommender();
    const { metrics } = await evaluate(model, this.dataset, {
      split: "validation",
      protocols: [protocol],
      ks: [parseMetric(metric).k],
    });
    model.refresh();
    const values = metrics[protocol], value = values[metric as keyof typeof values];
    const before = this.#bestEpoch > 0 ? this.history[this.#bestEpoch - 1].metrics[metric] : -Infinity;
    const best = value > before;
    if (best) {
      this.#best = this.#learner.parts.optimizer.values();
      this.#bestEpoch = epoch;
    }
    this.#seconds += (performance.now() - started) / 1000;
    return {
      epoch,
      step: this.#learner.parts.optimizer.step,
      loss,
      metrics: { ...values },
      best,
      seconds: this.#seconds,
      examplesPerSecond,
    };
  }

  /** Epochs until there is nothing left to do. */
  async *[Symbol.asyncIterator](): AsyncGenerator<TrainRecord> {
    while (!this.done) yield await this.epoch();
  }

  /** The network with the weights as they stand. */
  recommender(): AutoMLP {
    return this.#learner.recommender([0]);
  }

  /** Goes back to the best epoch's weights and returns the network. It lives until {@link Training.dispose}. */
  finish(): AutoMLP {
    if (this.#best) this.#learner.parts.optimizer.setValues(this.#best);
    return this.recommender();
  }

  /** The weights as they stand, copied: name → values. */
  values(): Map<string, Float32Array> {
    return this.#learner.parts.optimizer.values();
  }

  /** All that is needed to go on later with the same result. */
  state(): TrainingState {
    const { cursor: { epoch, batch }, parts: { optimizer } } = this.#learner;
    return {
      optimizer: optimizer.state(),
      best: this.#best,
      bestEpoch: this.#bestEpoch,
      epoch,
      batch,
      lossSum: this.#lossSum,
      seconds: this.#seconds,
      history: [...this.history],
    };
  }

  /** Goes to a saved state. */
  restore(state: TrainingState): void {
    const { cursor, parts: { optimizer } } = this.#learner;
    optimizer.restore(state.optimizer);
    cursor.seek(state.epoch, state.batch);
    this.#best = state.best;
    this.#bestEpoch = state.bestEpoch;
    this.#lossSum = state.lossSum;
    this.#seconds = state.seconds;
    this.history = [...state.history];
  }

  /** Frees all tensors. */
  dispose(): void {
    this.#learner.dispose();
  }
}
