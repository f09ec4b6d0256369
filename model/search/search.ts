/**
 * The differentiable search for the short-term length: candidate modules side by side, weighed by softmax(α); α learns on
 * validation data, the weights on training data, in turn.
 *
 * Source: AutoMLP (WWW 2023), "Short-term Interest Module" and "Training", after DARTS (ICLR 2019).
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { checkInterrupt } from "../../pipeline/contract/errors.ts";
import { contextOf } from "../../pipeline/contract/context.ts";
import type { StageContext } from "../../pipeline/contract/stage.ts";
import type { TrainingSettings } from "../automlp/build.ts";
import type { NetworkConfig } from "../automlp/config.ts";
import { alphaGradient, type Noise, softmax } from "../automlp/network.ts";
import type { Example } from "../automlp/objective.ts";
import type { Engine } from "../backend/types.ts";
import type { Weights } from "../layers/parameters.ts";
import type { Architecture, SearchRecord } from "../run/records.ts";
import { breathe, Learner } from "../train/learner.ts";
import { Cursor, epochOrder } from "../train/order.ts";
import type { OptimizerState } from "../train/optimizer.ts";
import { AlphaAdam, type AlphaState } from "./alpha.ts";
import { type Bilevel, type Displacement, firstOrder, secondOrder } from "./architect.ts";
import { type Direction, directionNorm, displaced, keepDirection, releaseDirection } from "./displace.ts";
import { entropy, selectLength, type SelectOptions } from "./select.ts";

/** How α is searched for. */
export interface SearchOptions extends TrainingSettings, StageContext {
  /** Epochs over the training targets. */
  epochs: number;
  /** 1: α learns as if the weights did not depend on it. 2: through one training step of the weights. */
  order: 1 | 2;
  /** Share of the steps in which only the weights learn: α judges modules that have learnt something. */
  warmup: number;
  /** Learning rate of α. */
  alphaRate: number;
  /** α learns on the validation positives, or on this share of the training targets, which W then does not see. */
  alphaData: "validation" | number;
  /** Steps between two records of the history. */
  every: number;
  /** Stops in time for this moment (`performance.now()`). */
  deadline?: number;
}

/** Everything that a search needs to go on. */
export interface SearchState {
  optimizer: OptimizerState;
  alpha: AlphaState;
  /** Places in the training and in the validation data. */
  train: [epoch: number, batch: number];
  validation: [epoch: number, batch: number];
  seconds: number;
  /** Sums of losses since the last record, and steps. */
  sums: [train: number, validation: number, steps: number];
  history: SearchRecord[];
}

/** Losses of one step. */
export interface SearchStep {
  trainLoss: number;
  validationLoss: number;
}

/**
 * A search, to be driven step by step, epoch by epoch, or to its end:
 *
 * ```ts ignore
 * const search = new Search(engine, dataset, config, options);
 * for await (const epoch of search) console.log(epoch.probabilities);
 * const { shortTermLength } = search.select();
 * ```
 */
export class Search implements AsyncIterable<SearchRecord> {
  readonly #learner: Learner;
  readonly #validation: Cursor;
  readonly #alpha: AlphaAdam;
  /** α, entropy and losses over time. */
  history: SearchRecord[] = [];
  #sums: SearchState["sums"] = [0, 0, 0];
  #seconds = 0;
  #timedOut = false;
  /** At the end of each epoch; a checkpoint may be written. */
  onEpoch?: (search: Search) => void | Promise<void>;

  constructor(
    readonly engine: Engine,
    readonly dataset: SequenceDataset,
    readonly config: NetworkConfig,
    readonly options: SearchOptions,
  ) {
    const { train, validation } = searchRows(dataset, options);
    this.#learner = new Learner(engine, dataset, config, options, train, "search");
    this.#validation = new Cursor(validation, options.batchSize, "search/alpha", options.seed);
    this.#alpha = new AlphaAdam(config.candidates.length, options.alphaRate);
  }

  /** [candidates], as they stand. */
  get alpha(): Float64Array {
    return this.#alpha.values;
  }

  /** softmax(α) */
  get probabilities(): Float64Array {
    return softmax(this.alpha);
  }

  /** Finished epochs. */
  get epochs(): number {
    return this.#learner.cursor.epoch;
  }

  get done(): boolean {
    return this.#timedOut || this.epochs >= this.options.epochs;
  }

  /** One step of α on a validation batch, then one of the weights on a training batch. */
  step(): SearchStep {
    const started = performance.now(), { order, rate } = this.options;
    const { cursor, parts: { objective } } = this.#learner;
    const number = cursor.total;
    const validation = objective.example(this.#validation.next(), number);
    // The training batch of the second order is the one that the weights learn from next.
    const problem = new StepProblem(this.#learner, this.alpha, {
      validation,
      train: order === 2 ? objective.example(cursor.peek(), number) : undefined,
    });
    const warm = number >= this.options.warmup * this.options.epochs * cursor.batches;
    const gradient = order === 2 && warm ? secondOrder(problem, rate) : firstOrder(problem);
    if (warm) this.#alpha.apply(gradient);
    const trainLoss = this.#learner.step(this.alpha);
    this.#seconds += (performance.now() - started) / 1000;
    const { validationLoss } = problem;
    this.#sums = [this.#sums[0] + trainLoss, this.#sums[1] + validationLoss, this.#sums[2] + 1];
    if ((number + 1) % this.options.every === 0 || cursor.batch === 0) this.#record();
    return { trainLoss, validationLoss };
  }

  #record(): void {
    const probabilities = Array.from(this.probabilities), [train, validation, steps] = this.#sums;
    this.#sums = [0, 0, 0];
    this.history.push({
      epoch: Math.ceil(this.#learner.cursor.total / this.#learner.cursor.batches),
      step: this.#learner.cursor.total,
      alpha: Array.from(this.alpha),
      probabilities,
      entropy: entropy(probabilities),
      trainLoss: train / steps,
      validationLoss: validation / steps,
      seconds: this.#seconds,
    });
  }

  /**
   * Goes to the end of the current epoch. A stop on the way (signal) leaves it there, to be gone on from.
   *
   * @throws {Interrupted} where `signal` is aborted.
   */
  async epoch(): Promise<SearchRecord> {
    const { deadline = Infinity, batchSize } = this.options, { progress, signal } = contextOf(this.options);
    const { cursor } = this.#learner, epoch = cursor.epoch;
    const task = progress.start(`search, epoch ${epoch + 1}`, cursor.rows.length, "examples");
    task.advance(cursor.batch * batchSize);
    try {
      while (cursor.epoch === epoch && !this.#timedOut) {
        this.step();
        task.advance(batchSize);
        await breathe();
        checkInterrupt(signal, `searching, epoch ${epoch + 1}`, "α as it stands is kept");
        this.#timedOut = performance.now() > deadline;
      }
      if (this.#sums[2] > 0) this.#record();
    } finally {
      task.end(this.#leader());
    }
    await this.onEpoch?.(this);
    return this.history.at(-1)!;
  }

  #leader(): string {
    const p = this.probabilities, best = p.indexOf(Math.max(...p));
    return `k = ${this.config.candidates[best]} leads with ${(100 * p[best]).toFixed(0)} %`;
  }

  /** Epochs until there is nothing left to do. */
  async *[Symbol.asyncIterator](): AsyncGenerator<SearchRecord> {
    while (!this.done) yield await this.epoch();
  }

  /** The length that α stands for. */
  select(options: Omit<SelectOptions, "method"> = {}): Architecture {
    const method = this.options.order === 2 ? "darts-second-order" : "darts-first-order";
    return selectLength(this.config.candidates, this.alpha, { ...options, method });
  }

  /** All that is needed to go on later with the same result. */
  state(): SearchState {
    const { cursor, parts: { optimizer } } = this.#learner;
    return {
      optimizer: optimizer.state(),
      alpha: this.#alpha.state(),
      train: [cursor.epoch, cursor.batch],
      validation: [this.#validation.epoch, this.#validation.batch],
      seconds: this.#seconds,
      sums: this.#sums,
      history: [...this.history],
    };
  }

  /** Goes to a saved state. */
  restore(state: SearchState): void {
    const { cursor, parts: { optimizer } } = this.#learner;
    optimizer.restore(state.optimizer);
    this.#alpha.restore(state.alpha);
    cursor.seek(...state.train);
    this.#validation.seek(...state.validation);
    this.#seconds = state.seconds;
    this.#sums = state.sums;
    this.history = [...state.history];
  }

  /** Frees all tensors. */
  dispose(): void {
    this.#learner.dispose();
  }
}

/** The bilevel problem of one step: at the weights as they stand, on one batch of each kind. */
class StepProblem implements Bilevel<Direction> {
  validationLoss = NaN;

  constructor(
    readonly learner: Learner,
    readonly alpha: Float64Array,
    readonly examples: { train?: Example; validation: Example },
  ) {}

  alphaGradient(loss: "train" | "validation", at?: Displacement<Direction>): Float64Array {
    const { engine, parts: { objective } } = this.learner;
    if (this.alpha.length === 1) return new Float64Array(1);
    const dMix = engine.tf.tidy(() => {
      const result = objective.mixGradient(
        this.#weights(at),
        this.alpha,
        this.examples[loss]!,
        this.#noise(loss),
      );
      if (loss === "validation") this.validationLoss = result.loss.dataSync()[0];
      return result.dMix.dataSync() as Float32Array;
    });
    return alphaGradient(this.alpha, dMix);
  }

  weightGradient(loss: "train" | "validation", at?: Displacement<Direction>): Direction {
    const { engine, parts: { objective } } = this.learner;
    let kept: Direction | undefined;
    engine.tf.tidy(() => {
      const result = objective.evaluate(
        this.#weights(at),
        this.alpha,
        this.examples[loss]!,
        this.#noise(loss),
      );
      kept = keepDirection(engine, result);
    });
    return kept!;
  }

  #weights(at: Displacement<Direction> | undefined): Weights {
    const { engine, parts: { optimizer: { weights } } } = this.learner;
    return at ? displaced(engine, weights, at.direction, at.scale) : weights;
  }

  /** The loss that α is judged by has no dropout: its noise is not the weights' to be shielded from. */
  #noise(loss: "train" | "validation"): Noise {
    const { config: { dropout }, cursor } = this.learner;
    return { rate: loss === "train" ? dropout : 0, seed: cursor.total };
  }

  norm(direction: Direction): number {
    return directionNorm(this.learner.engine, direction);
  }

  release(direction: Direction): void {
    releaseDirection(direction);
  }
}

/** Rows that W learns from, and rows that α learns from. */
function searchRows(
  dataset: SequenceDataset,
  { alphaData, seed }: SearchOptions,
): { train: Uint32Array; validation: Uint32Array } {
  const targets = dataset.targets("train");
  if (alphaData === "validation") return { train: targets, validation: dataset.targets("validation") };
  const shuffled = epochOrder(targets, "search/held out", seed, 0);
  const held = Math.max(1, Math.round(alphaData * targets.length));
  return { train: shuffled.slice(held).sort(), validation: shuffled.slice(0, held).sort() };
}
