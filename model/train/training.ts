/**
 * Training of one network: epochs, validation, early stopping. Each step can be taken alone.
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { checkInterrupt, InputError } from "../../pipeline/contract/errors.ts";
import { contextOf } from "../../pipeline/contract/context.ts";
import { silent } from "../../pipeline/contract/progress.ts";
import type { Engine } from "../backend/types.ts";
import { evaluate } from "../evaluate/evaluate.ts";
import { parseMetric } from "../evaluate/metrics.ts";
import type { TrainRecord } from "../records/records.ts";
import { changed, type Changes } from "./warm_start.ts";
import { carryTraining } from "./warm_start_training.ts";
import type { ParameterSpec } from "../layers/parameters.ts";
import { damagedCheckpoint } from "./checkpoint_state.ts";
import { DropoutDraw } from "./dropout.ts";
import { Loop, type Turn } from "./loop.ts";
import { type MethodConfig, methodOf, type Model, type Trainable } from "./method.ts";
import { Optimizer } from "./optimizer.ts";
import { Cursor } from "./order.ts";
import { type LoadedModel, ownModel } from "./model_weights.ts";
import { checkLoss, yieldToEventLoop } from "./step.ts";
import { trainingHtml, trainingText, trainRecord, trainRecords } from "../views/training.ts";
import { resolveTraining } from "./options.ts";
import type { TrainingOptions, TrainingState } from "./state.ts";

/** What the cosine ends at, as a share of the rate it begins with. */
const LAST_RATE = 0.02;

/**
 * A training, to be driven step by step, epoch by epoch, or to its end:
 *
 * ```ts ignore
 * const training = new Training(engine, dataset, config, options);
 * for await (const epoch of training) console.log(epoch.loss, epoch.metrics);
 * const model = training.finish();
 * ```
 *
 * Between two steps the rate, the number of epochs and the patience may be changed, and {@link Training.with} goes on with
 * other data. It shows itself in a notebook and as text.
 */
export class Training<C extends MethodConfig = MethodConfig> implements AsyncIterable<TrainRecord> {
  /** Its own copy of what it was given. */
  readonly options: TrainingOptions;
  readonly #trainable: Trainable;
  readonly #optimizer: Optimizer;
  readonly #cursor: Cursor;
  readonly #dropout: DropoutDraw;
  readonly #loop = new Loop("the training");
  /** What {@link Training.finish} gave, by epoch or step. */
  readonly #finished = new Map<string, LoadedModel>();
  /** One record for each finished epoch; shows itself like the training. */
  history: TrainRecord[];
  #best?: Map<string, Float32Array>;
  #bestEpoch = 0;
  #lossSum = 0;
  #seconds = 0;
  #timedOut = false;
  /** At the end of each epoch; a checkpoint may be written. */
  onEpoch?: (training: Training) => void | Promise<void>;

  constructor(
    readonly engine: Engine,
    readonly dataset: SequenceDataset,
    readonly config: C,
    input: Partial<TrainingOptions> = {},
  ) {
    const options = this.options = resolveTraining(dataset, input);
    parseMetric(options.metric);
    this.history = trainRecords([], options);
    this.#trainable = methodOf(config).build(engine, dataset, config, options);
    const { parameters, examples } = this.#trainable, { seed, rate, batchSize } = options;
    this.#optimizer = new Optimizer(engine, parameters, seed, { rate });
    this.#cursor = new Cursor(examples, batchSize, "train", seed);
    this.#dropout = new DropoutDraw(config.dropout, seed, "train");
  }

  /** Adam's learning rate, before the schedule; may be changed between steps. */
  get rate(): number {
    return this.options.rate;
  }
  set rate(rate: number) {
    this.options.rate = rate;
  }

  /** Epochs at most; raised, a finished training can go on. A cosine schedule stretches over them. */
  get epochs(): number {
    return this.options.epochs;
  }
  set epochs(epochs: number) {
    this.options.epochs = epochs;
  }

  /** Epochs without a better metric after which it stops; may be changed between steps. */
  get patience(): number {
    return this.options.patience;
  }
  set patience(patience: number) {
    this.options.patience = patience;
  }

  /** What is trained, as in `Training SASRec`. */
  get title(): string {
    const { title, show } = methodOf(this.config);
    return `Training ${show ? `with ${show(this.config)}` : title}`;
  }

  /** Finished, validated epochs. */
  get finished(): number {
    return this.history.length;
  }

  /** Steps done, and steps of an epoch. */
  get steps(): { done: number; epoch: number } {
    const { total, batches } = this.#cursor;
    return { done: total, epoch: batches };
  }

  /** All trained tensors. */
  get specs(): readonly ParameterSpec[] {
    return this.#trainable.parameters;
  }

  /** Number of trained values. */
  get parameters(): number {
    return this.#optimizer.size;
  }

  /** The epoch whose weights are the best so far, from 1; 0 before the first. */
  get bestEpoch(): number {
    return this.#bestEpoch;
  }

  /** Whether there is nothing left to do: all epochs done, no improvement for long, or no time left. */
  get done(): boolean {
    const { epochs, patience, finished } = this;
    return this.#timedOut || finished >= epochs || this.#sinceBest >= patience;
  }

  /** Epochs since the best one. */
  get #sinceBest(): number {
    return (this.history.at(-1)?.epoch ?? 0) - this.#bestEpoch;
  }

  /** The share of the rate that the schedule leaves now. */
  #scheduled(): number {
    const { schedule = "constant", epochs } = this.options;
    if (schedule === "constant") return 1;
    const done = Math.min(1, this.#cursor.total / (epochs * this.#cursor.batches));
    return LAST_RATE + (1 - LAST_RATE) * (1 + Math.cos(Math.PI * done)) / 2;
  }

  /** One step; returns the batch's loss. */
  step(): number {
    const started = performance.now();
    this.#optimizer.rate = this.rate * this.#scheduled();
    if (this.#cursor.batch === 0) this.#lossSum = 0;
    const number = this.#cursor.total, dropout = this.#dropout.at(number);
    const example = this.#trainable.example(this.#cursor.next(), number);
    const loss = this.engine.tf.tidy(() => {
      const result = this.#trainable.evaluate(this.#optimizer.weights, example, dropout);
      this.#optimizer.apply(result.gradients, result.rows);
      return result.loss.dataSync()[0];
    });
    this.#lossSum += checkLoss(loss, this.#cursor.epoch);
    this.#seconds += (performance.now() - started) / 1000;
    return loss;
  }

  /**
   * Goes to the end of the current epoch and validates; where steps taken one by one have come to the end, it validates. A
   * stop on the way (`signal`, {@link Training.pause}) leaves it where it is, to be gone on from.
   *
   * @returns The epoch's record; undefined where it was paused before.
   * @throws {InputError} where nothing is left to do, or it is running already.
   * @throws {Interrupted} where `signal` is aborted.
   */
  async epoch(): Promise<TrainRecord | undefined> {
    if (this.done) throw new InputError(`Cannot train on: ${this.#end()}`);
    using turn = this.#loop.turn();
    return await this.#loop.run(turn, () => this.#epoch(turn));
  }

  /** Why it is done, and how to go on. */
  #end(): string {
    const { finished, epochs, patience, options: { metric } } = this;
    if (finished >= epochs) return `all ${epochs} epochs are done; raise training.epochs to go on`;
    return this.#sinceBest >= patience
      ? `${metric} is no better since epoch ${this.#bestEpoch}; raise training.patience to go on`
      : "no time is left; go on in a new training with a later deadline";
  }

  async #epoch(turn: Turn): Promise<TrainRecord | undefined> {
    const { deadline = Infinity, batchSize } = this.options, { progress, signal } = contextOf(this.options);
    const cursor = this.#cursor, validated = this.history.at(-1)?.epoch ?? 0;
    // All steps of an epoch are done, but its validation was stopped, or it was gone through step by step.
    if (cursor.batch === 0 && cursor.epoch > validated) {
      return await this.#close(cursor.epoch, this.#lossSum / cursor.batches, NaN);
    }
    const epoch = cursor.epoch, targets = cursor.rows.length;
    const task = progress.start(`epoch ${epoch + 1}`, targets, "examples");
    task.advance(cursor.batch * batchSize);
    const first = cursor.batch, before = this.#seconds;
    let batches = first;
    try {
      while (cursor.epoch === epoch && !this.#timedOut) {
        if (turn.paused) return undefined;
        this.step();
        task.advance(batchSize);
        batches++;
        await yieldToEventLoop();
        checkInterrupt(signal, `training, epoch ${epoch + 1}`, "what was learnt so far is kept");
        this.#timedOut = performance.now() > deadline;
      }
    } finally {
      task.end();
    }
    const examples = (batches - first) * batchSize;
    return await this.#close(epoch + 1, this.#lossSum / batches, examples / (this.#seconds - before));
  }

  /** Validates an epoch and puts it on record. */
  async #close(epoch: number, loss: number, examplesPerSecond: number): Promise<TrainRecord> {
    const record = trainRecord(await this.#validate(epoch, loss, examplesPerSecond), this.options);
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
      progress: silent,
      signal: contextOf(this.options).signal,
    }).finally(() => model.refresh());
    const values = metrics[protocol], value = values[metric as keyof typeof values];
    // Not by its place: epochs that were gone through step by step have no record.
    const before = this.history.find((record) => record.epoch === this.#bestEpoch)?.metrics[metric] ??
      -Infinity;
    const best = value > before;
    if (best) {
      this.#best = this.#optimizer.values();
      this.#bestEpoch = epoch;
    }
    this.#seconds += (performance.now() - started) / 1000;
    return {
      epoch,
      step: this.#optimizer.step,
      loss,
      metrics: { ...values },
      best,
      seconds: this.#seconds,
      examplesPerSecond,
    };
  }

  /** Epochs until there is nothing left to do, or {@link Training.pause} is called. */
  async *[Symbol.asyncIterator](): AsyncGenerator<TrainRecord> {
    using turn = this.#loop.turn();
    while (!this.done && !turn.paused) {
      const record = await this.#loop.run(turn, () => this.#epoch(turn));
      if (record) yield record;
    }
  }

  /** Ends what is running after its current step, without an error. The next `epoch()` or `for await` goes on from there. */
  pause(): void {
    this.#loop.pause();
  }

  /** All epochs that are left, then {@link Training.finish}. Paused, it gives the best network so far. */
  async run(): Promise<Model> {
    for await (const _epoch of this);
    return this.finish();
  }

  /** The network with the weights as they stand, and as they change. To be refreshed after further steps. */
  recommender(): Model {
    return this.#trainable.model(this.#optimizer.weights, this.options.name);
  }

  /**
   * A network with a copy of the best epoch's weights; without a validated epoch, of those as they stand. The training itself
   * stays where it is and can go on. Asked again, it gives the same network until there is a better epoch. It lives until
   * {@link Training.dispose}.
   */
  finish(): Model {
    const optimizer = this.#optimizer;
    const key = this.#best ? `epoch ${this.#bestEpoch}` : `step ${optimizer.step}`;
    let owned = this.#finished.get(key);
    if (!owned) {
      owned = ownModel(
        this.engine,
        this.dataset,
        this.config,
        this.#best ?? optimizer.values(),
        this.options.name,
      );
      this.#finished.set(key, owned);
    }
    return owned.model;
  }

  /** The weights as they stand, copied: name → values. */
  values(): Map<string, Float32Array> {
    return this.#optimizer.values();
  }

  /** All that is needed to go on later with the same result. */
  state(): TrainingState {
    const { epoch, batch } = this.#cursor;
    return {
      optimizer: this.#optimizer.state(),
      best: this.#best,
      bestEpoch: this.#bestEpoch,
      epoch,
      batch,
      lossSum: this.#lossSum,
      seconds: this.#seconds,
      history: [...this.history],
    };
  }

  /**
   * Goes to a saved state.
   *
   * @param from Where it is from, for messages.
   * @throws {InputError} if it is not one of such a training. Then nothing has changed.
   */
  restore(state: TrainingState, from = "the checkpoint"): void {
    this.#optimizer.check(state.optimizer, from);
    if (!this.#cursor.has(state.batch)) {
      throw damagedCheckpoint(from, `batch ${state.batch} of ${this.#cursor.batches}`);
    }
    const best = state.history.find(({ epoch }) => epoch === state.bestEpoch);
    if (state.bestEpoch > 0 && !Number.isFinite(best?.metrics[this.options.metric])) {
      throw damagedCheckpoint(from, `epoch ${state.bestEpoch} has no ${this.options.metric}`);
    }
    this.#optimizer.restore(state.optimizer);
    this.#cursor.seek(state.epoch, state.batch);
    this.#best = state.best;
    this.#bestEpoch = state.bestEpoch;
    this.#lossSum = state.lossSum;
    this.#seconds = state.seconds;
    this.history = trainRecords(state.history, this.options);
  }

  /**
   * A new training that goes on where this one stands, on other data or with other sizes or options. Weights and Adam's
   * moments of the same name and shape are taken over, on other data by the ids of items and the values of features; what
   * cannot be begins anew, with a warning. On other data, or judged by another metric, the history and the best epoch begin
   * anew too. This training stays as it is, with its tensors: dispose of it when it has served.
   *
   * @throws {InputError} where the data have no item in common.
   */
  with(changes: Changes<TrainingOptions> = {}): Training<C> {
    const { dataset, config, options } = changed(this, changes);
    const next = new Training(this.engine, dataset, config, options);
    try {
      next.restore(carryTraining(this, next));
      return next;
    } catch (error) {
      next.dispose();
      throw error;
    }
  }

  toString(): string {
    return trainingText(this);
  }

  /** The Deno Jupyter kernel's display protocol. */
  async [Symbol.for("Jupyter.display")](): Promise<Record<string, string>> {
    return { "text/html": await trainingHtml(this), "text/plain": this.toString() };
  }

  [Symbol.for("Deno.customInspect")](): string {
    return this.toString();
  }

  /** Frees all tensors, those of finished networks too; a second time does nothing. */
  dispose(): void {
    this.#optimizer.dispose();
    for (const owned of this.#finished.values()) owned.dispose();
    this.#finished.clear();
  }
}
