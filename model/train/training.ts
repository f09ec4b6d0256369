/**
 * Training of one network: epochs, validation, early stopping. Each step can be taken individually.
 *
 * @module
 */
import { InputError } from "../../pipeline/contract/errors.ts";
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { contextOf } from "../../pipeline/contract/context.ts";
import type { PlaceFact } from "../../pipeline/contract/progress.ts";
import { checkPrecision, inPrecision } from "../backend/precision.ts";
import type { Engine } from "../backend/types.ts";
import { checkProtocol } from "../evaluate/evaluate.ts";
import { bestOf, isWhole } from "../records/epochs.ts";
import type { MetricName } from "../records/evaluation.ts";
import type { TrainRecord } from "../records/records.ts";
import { changed, type Changes } from "./warm_start.ts";
import { warmStartTraining } from "./warm_start_training.ts";
import type { ParameterSpec } from "../layers/parameters.ts";
import { damagedCheckpoint, otherParts } from "./checkpoint_state.ts";
import { DropoutDraw } from "./dropout.ts";
import { withEnsemble } from "./ensemble.ts";
import type { LoopLease } from "./loop.ts";
import type { MethodConfig, Model, Trainable, TrainedNetwork } from "./method.ts";
import { methodOf, usualStep } from "./methods.ts";
import { Optimizer } from "./optimizer.ts";
import { Cursor, sameParts } from "./order.ts";
import { FinishedModels } from "./finished_models.ts";
import { ofDataset, ownModel } from "./model_weights.ts";
import { checkLoss } from "./check_loss.ts";
import { Session } from "./session.ts";
import { epochName } from "../views/epochs.ts";
import { trainingCurves, trainingHtml, trainingText, trainRecord, trainRecords } from "../views/training.ts";
import { checkTargets } from "./open_part.ts";
import { resolveTraining, type TrainingOptions } from "./options.ts";
import { scheduledShare } from "./schedule.ts";
import type { TrainingState } from "./state.ts";
import { Validation } from "./validation.ts";

const WORDING = {
  verb: "train",
  noun: "the training",
  epoch: (number: number) => `epoch ${number}`,
  doing: (epoch: string) => `training, epoch ${epoch}`,
  kept: "what was learnt so far is kept",
  check: (options: object) => void resolveTraining(options),
};

/**
 * A training that runs step by step, epoch by epoch, or to its end:
 *
 * ```ts
 * import { evaluate, networkFor, openEngine, prepare, Training } from "automlp";
 *
 * const out = await Deno.makeTempDir();
 * const { dataset } = await prepare({ dataset: "demo", out });
 * const config = networkFor(dataset, { lengths: [3], length: 10, dim: 8, layers: 1 });
 * const training = new Training(await openEngine(), dataset, config, { epochs: 2 });
 * for await (const { loss, metrics } of training) console.log(loss, metrics);
 * console.log(await evaluate(training.finish(), dataset));
 * training.dispose();
 * ```
 *
 * Between two steps the rate, the number of epochs and the patience may be changed, and {@link Training.with}
 * continues with other data. On data whose validation part is used for training ({@link withoutHoldOut}), it
 * validates nothing, trains for all its epochs, and keeps the last one. A training shows itself in a notebook and as
 * text.
 */
export class Training<C extends MethodConfig = MethodConfig> extends Session<TrainRecord, TrainingOptions> {
  /** The method's name and the network. */
  readonly config: C;
  /** The training's own copy of the options, with defaults filled in. */
  readonly options: TrainingOptions;
  readonly #trainable: Trainable;
  readonly #optimizer: Optimizer;
  /** @internal */
  protected readonly cursor: Cursor;
  readonly #dropout: DropoutDraw;
  /** Models that {@link Training.finish} returned. */
  readonly #finished = new FinishedModels();
  #history: TrainRecord[];
  #best?: Map<string, Float32Array>;
  #bestEpoch = 0;
  #lossSum = 0;
  readonly #validation: Validation;

  /**
   * Starts with fresh weights.
   *
   * @param engine The engine that it computes on.
   * @param dataset The dataset that it learns from.
   * @param config The method's name and the network, with one length for AutoMLP.
   * @param input The options; those left out have their defaults.
   * @throws {InputError} if an option does not fit, or the network does not fit this dataset.
   */
  constructor(
    engine: Engine,
    dataset: SequenceDataset,
    config: C,
    input: Partial<TrainingOptions> = {},
  ) {
    const network = config.ensemble === 1 ? withEnsemble(config, 1) : config; // a single network is not an ensemble
    const { title } = methodOf(network);
    if (config.dropout === undefined) {
      throw new InputError(
        `Cannot train ${title}: its network has no sizes; let beginTraining("${config.method}", dataset) fill them in`,
      );
    }
    super(engine, dataset, WORDING);
    this.config = network;
    const options = this.options = resolveTraining(input, usualStep(dataset, network));
    if (dataset.heldOut.includes("validation")) checkProtocol(dataset, options.protocol);
    checkTargets(dataset);
    checkPrecision(engine, options);
    this.#history = trainRecords([], options);
    this.#validation = new Validation(dataset, options);
    this.#trainable = methodOf(network).build(engine, dataset, network, options);
    const { parameters, examples, targetsPerExample = 1 } = this.#trainable,
      { seed, rate, batchSize } = options;
    this.#optimizer = new Optimizer(engine, parameters, seed, { rate, averaging: options.averaging });
    this.cursor = new Cursor(examples, Math.max(1, Math.round(batchSize / targetsPerExample)), "train", seed);
    this.#dropout = new DropoutDraw(network.dropout, seed, "train");
  }

  /** Adam's learning rate, before the schedule; may be changed between steps. With 0 the weights stay as they are. */
  get rate(): number {
    return this.options.rate;
  }
  set rate(rate: number) {
    this.options.rate = this.checkedRate("rate", rate);
  }

  /** Number of epochs without a better metric after which training stops; may be changed between steps. */
  get patience(): number {
    return this.options.patience;
  }
  set patience(patience: number) {
    this.options.patience = this.checked("patience", patience);
  }

  /**
   * One record for each finished epoch. If a deadline cut an epoch short, the part that was done has a record too;
   * once the epoch is finished, that record stays only if its weights are still the best. The history shows itself
   * like the training.
   */
  get history(): readonly TrainRecord[] {
    return this.#history;
  }

  /** The metric that epochs are compared by; undefined if the validation part is used for training. */
  get #metric(): MetricName | undefined {
    return this.dataset.heldOut.includes("validation") ? this.options.metric : undefined;
  }

  /** The title of the training, as in `Training SASRec`. */
  get title(): string {
    const { title, show } = methodOf(this.config);
    return `Training ${show ? `with ${show(this.config)}` : title}`;
  }

  /** Number of epochs that were finished and validated; one that a deadline cut short does not count. */
  get finished(): number {
    return this.history.filter((record) => isWhole(record) && record.epoch <= this.cursor.epoch).length;
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

  /** The best epoch's weights, off the engine; undefined before a validated epoch. */
  get best(): TrainedNetwork | undefined {
    const { config, dataset } = this, best = this.#best;
    return best && { config, specs: methodOf(config).parameters(dataset, config), values: () => best };
  }

  /** Whether there is nothing left to do: all epochs done, no improvement for long, or no time left. */
  get done(): boolean {
    const { epochs, patience, finished } = this;
    return this.timedOut || finished >= epochs || this.#sinceBest >= patience;
  }

  /** Number of epochs since the best one; only whole ones, because an unfinished one may still become better. */
  get #sinceBest(): number {
    return (this.history.findLast(isWhole)?.epoch ?? 0) - this.#bestEpoch;
  }

  /** The record of the best weights so far. It is not found by its index: epochs that were run step by step have no record. */
  get #bestRecord(): TrainRecord | undefined {
    return bestOf(this.history, this.#bestEpoch);
  }

  /** The current share of the rate, as the schedule gives it. */
  #scheduled(): number {
    const { schedule = "constant", epochs } = this.options;
    return scheduledShare(schedule, this.cursor.total / (epochs * this.cursor.batches));
  }

  /** Takes one step and returns the batch's loss. */
  step(): number {
    const started = performance.now();
    this.#optimizer.requireLive(); // before anything changes
    this.#optimizer.rate = this.rate * this.#scheduled();
    if (this.cursor.batch === 0) this.#lossSum = 0;
    const { total: number, part, epoch } = this.cursor, dropout = this.#dropout.at(number);
    const example = this.#trainable.example(this.cursor.next(), { number, part, epoch });
    const loss = inPrecision(this.engine, this.options, () =>
      this.engine.tf.tidy(() => {
        const result = this.#trainable.evaluate(this.#optimizer.weights, example, dropout);
        this.#optimizer.apply(result.gradients, result.rows);
        return result.loss.dataSync()[0];
      }));
    this.#lossSum += checkLoss(loss, epoch);
    this.seconds += (performance.now() - started) / 1000;
    return loss;
  }

  /**
   * Mean loss of the epoch's steps.
   *
   * @internal
   */
  protected get meanLoss(): number | undefined {
    const { batch, batches, total } = this.cursor;
    return total === 0 ? undefined : this.#lossSum / (batch || batches);
  }

  /** @internal */
  override get standing(): PlaceFact | undefined {
    const best = this.#bestRecord, metric = this.#metric;
    if (!best || metric === undefined) return undefined;
    const short = `best ${metric} ${best.metrics[metric].toFixed(4)}`;
    return { text: `${short} in epoch ${epochName(best)}`, short };
  }

  /** @internal */
  protected whyDone(): string {
    const { finished, epochs, patience, options: { metric } } = this;
    if (finished >= epochs) return `all ${epochs} epochs are done; raise training.epochs to continue`;
    return this.#sinceBest >= patience
      ? `${metric} is no better since epoch ${this.#bestEpoch}; raise training.patience to continue`
      : "no time is left; continue in a new training with a later deadline";
  }

  /** @internal */
  protected async runEpoch(lease: LoopLease): Promise<TrainRecord | undefined> {
    const { cursor } = this, validated = this.history.findLast(isWhole)?.epoch ?? 0;
    // All steps of an epoch are done, but its validation was stopped, or the steps were taken one by one.
    if (cursor.batch === 0 && cursor.epoch > validated) {
      return await this.#onlyValidate(cursor.epoch);
    }
    const { epoch, batch: first } = cursor, before = this.seconds;
    let record: TrainRecord | undefined;
    await this.stepsOfEpoch(lease, async (steps, show) => {
      const speed = steps * this.options.batchSize / (this.seconds - before);
      record = await this.#close(epoch + 1, this.#lossSum / (first + steps), speed, show);
      return this.#newsOf(record);
    });
    return record;
  }

  /** Ends an epoch whose steps were done earlier, with progress. */
  async #onlyValidate(epoch: number): Promise<TrainRecord> {
    const { progress } = contextOf(this.options);
    const place = () => this.closing ?? "validation";
    const task = progress.start(this.wording.epoch(epoch), undefined, undefined, place);
    return await this.reported(task, async (tell) => {
      const show = () => task.advance(0);
      const record = await this.#close(epoch, this.#lossSum / this.cursor.batches, NaN, show);
      tell(this.#newsOf(record), "done");
      return record;
    });
  }

  /** A short summary of an epoch. */
  #newsOf({ epoch, loss, metrics }: TrainRecord): string {
    const metric = this.#metric, best = this.#bestRecord;
    if (metric === undefined) return `loss ${loss.toFixed(3)}`;
    const value = (of: Record<string, number>) => of[metric].toFixed(4);
    const standing = epoch === this.#bestEpoch || !best
      ? "the best so far"
      : `best ${value(best.metrics)} in epoch ${epochName(best)}`;
    return `loss ${loss.toFixed(3)}, ${metric} ${value(metrics)} (${standing})`;
  }

  /** Validates an epoch and records it. */
  async #close(
    epoch: number,
    loss: number,
    examplesPerSecond: number,
    show: () => void,
  ): Promise<TrainRecord> {
    const record = trainRecord(await this.#recordOf(epoch, loss, examplesPerSecond, show), this.options);
    // If a deadline had cut the epoch short, it was validated there too, and those weights may be the best so far.
    const parts: TrainRecord[] = [];
    while (this.history.at(-1)?.epoch === epoch) parts.unshift(this.#history.pop()!);
    const kept = this.#bestEpoch === epoch && !record.best ? bestOf(parts, epoch) : undefined;
    this.#history.push(...(kept ? [kept] : []), record);
    await this.onEpoch?.(this);
    return record;
  }

  /** @internal */
  protected override get closing(): string | undefined {
    return this.#validation.place;
  }

  async #recordOf(
    epoch: number,
    loss: number,
    examplesPerSecond: number,
    show: () => void,
  ): Promise<TrainRecord> {
    const started = performance.now(), { metric } = this.options;
    const validation = await this.#validation.of(this.recommender(), show);
    // If nothing is validated, the last epoch is the one to keep.
    const best = !validation ||
      validation.metrics[metric] > (this.#bestRecord?.metrics[metric] ?? -Infinity);
    if (best) {
      this.#best = this.#optimizer.values(this.#optimizer.averaged);
      this.#bestEpoch = epoch;
    }
    this.seconds += (performance.now() - started) / 1000;
    const { cursor } = this;
    return {
      epoch,
      ...(cursor.epoch < epoch && { share: cursor.batch / cursor.batches }),
      step: this.#optimizer.step,
      loss,
      metrics: {},
      ...validation,
      best,
      seconds: this.seconds,
      examplesPerSecond,
      rate: this.rate * this.#scheduled(),
    };
  }

  /** Runs all remaining epochs, then {@link Training.finish}. If paused, it returns the best network so far. */
  async run(): Promise<Model> {
    for await (const _epoch of this);
    return this.finish();
  }

  /**
   * Returns the network with the current weights, and follows their changes; with `averaging`, their moving average.
   * Call `refresh()` on it after further steps.
   */
  recommender(): Model {
    const { dataset, options } = this;
    return ofDataset(this.#trainable.model(this.#optimizer.averaged, options.name), dataset, options);
  }

  /**
   * Returns a network with a copy of the best epoch's weights, or of the current weights if no epoch was validated.
   * The training itself stays where it is and can continue. Further calls return the same network until there is a
   * better epoch. It lives until {@link Training.dispose}.
   */
  finish(): Model {
    const { engine, dataset, config, options } = this, optimizer = this.#optimizer;
    return this.#finished.give(this.#best ?? optimizer.step, () => {
      const values = this.#best ?? optimizer.values(optimizer.averaged);
      return ownModel(engine, dataset, config, values, options);
    });
  }

  /** The weights after the last step, copied: name → values. */
  values(): Map<string, Float32Array> {
    return this.#optimizer.values();
  }

  /** Returns everything needed to resume later with the same result. */
  state(): TrainingState {
    const { epoch, batch, parts } = this.cursor;
    return {
      optimizer: this.#optimizer.state(),
      best: this.#best,
      bestEpoch: this.#bestEpoch,
      epoch,
      batch,
      ...(parts && { parts }),
      lossSum: this.#lossSum,
      seconds: this.seconds,
      history: [...this.history],
    };
  }

  /**
   * Restores a saved state.
   *
   * @param from Where the state comes from, for messages.
   * @throws {InputError} if it is not the state of such a training. The training is then unchanged.
   */
  restore(state: TrainingState, from = "the checkpoint"): void {
    this.#optimizer.check(state.optimizer, from);
    if (state.batch > 0 && !sameParts(state, this.cursor)) throw otherParts(from);
    if (!this.cursor.has(state.batch)) {
      throw damagedCheckpoint(from, `batch ${state.batch} of ${this.cursor.batches}`);
    }
    const best = bestOf(state.history, state.bestEpoch), metric = this.#metric;
    if (metric !== undefined && state.bestEpoch > 0 && !Number.isFinite(best?.metrics[metric])) {
      throw damagedCheckpoint(from, `epoch ${state.bestEpoch} has no ${metric}`);
    }
    this.#optimizer.restore(state.optimizer);
    this.cursor.seek(state.epoch, state.batch);
    this.#best = state.best;
    this.#bestEpoch = state.bestEpoch;
    this.#finished.forgetLast(); // with another training's weights, the same number of steps means something else
    this.#lossSum = state.lossSum;
    this.goesOnAfter(state.seconds);
    this.#history = trainRecords(state.history, this.options);
  }

  /**
   * Returns a new training that continues from this one, on other data or with other sizes or options. Weights and
   * Adam's moments of the same name and shape are taken over; on other data, rows are matched by item ids and feature
   * values. What cannot be taken over starts from scratch, with a warning. On other data, or with another metric, the
   * history and the best epoch also start again. This training stays as it is, with its tensors: dispose of it when
   * it is no longer needed.
   *
   * @throws {InputError} if the datasets have no item in common.
   */
  with(changes: Changes<TrainingOptions, C> = {}): Training<C> {
    const { dataset, config, options } = changed(this, changes);
    const next = new Training(this.engine, dataset, config, options);
    return Session.begin(next, () => next.restore(warmStartTraining(this, next)));
  }

  /** The training as text, for a terminal. */
  toString(): string {
    return trainingText(this);
  }

  /** The training as an HTML fragment for a notebook. */
  toHtml(): Promise<string> {
    return trainingHtml(this);
  }

  /** @internal */
  protected growing(): Promise<string> {
    return trainingCurves(this);
  }

  /** Frees all tensors, also those of finished networks; a second call does nothing. */
  dispose(): void {
    this.#optimizer.dispose();
    this.#finished.dispose();
  }
}
