/**
 * Gradient descent steps on the weights of the searched network, and the losses of its candidates.
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { inPrecision } from "../backend/precision.ts";
import type { Scalar, Tensor, Tensor1D } from "../backend/tensor.ts";
import type { Engine } from "../backend/types.ts";
import type { Dropout } from "../layers/dropout.ts";
import type { Weights } from "../layers/parameters.ts";
import {
  ALONE,
  encodeCandidates,
  type SeparateCandidates,
  windowsOf,
} from "../methods/automlp/candidates.ts";
import type { NetworkConfig } from "../methods/automlp/config.ts";
import { networkOf, sharingOf } from "../methods/automlp/method.ts";
import type { AutomlpNetwork } from "../methods/automlp/network.ts";
import type { TensorValue } from "../ops/tape.ts";
import { softmax } from "../records/probabilities.ts";
import { checkLoss } from "../train/check_loss.ts";
import { DropoutDraw } from "../train/dropout.ts";
import { LastExamples } from "../train/examples.ts";
import type { BatchResult } from "../train/method.ts";
import { type Example, NetworkTraining } from "../train/network_training.ts";
import type { Reader } from "../train/open_part.ts";
import { Optimizer } from "../train/optimizer.ts";
import { Cursor, type ExamplePool } from "../train/order.ts";
import { TensorPass, withResult } from "../train/pass.ts";
import type { TrainingSettings } from "../train/settings.ts";

/** Targets of one part of a dataset. */
export interface PartTargets {
  part: number;
  /** Rows of the part's interactions, [B]. */
  rows: Uint32Array;
}

/**
 * The candidates of a pass: α, [candidates], which mixes all of them in one network by softmax(α), or some side by side. With one
 * candidate α has no effect.
 */
export type Choice = ArrayLike<number> | SeparateCandidates;

/** The result of a pass over the candidates. */
export interface SearchResult extends BatchResult {
  /** Mean loss of each network of the pass, [networks]: one in all, or one for each separate candidate. Gradients are those of their sum. */
  loss: Tensor;
  /** Gradient of softmax(α), [candidates], if candidates are mixed. */
  dMix?: Tensor;
  /** Gradient of the factor that all scores are multiplied by, if one was given. */
  dScale?: Tensor;
}

/** A pass over a training batch, before the weights follow its gradients. */
export interface TrainingPass {
  example: Example;
  dropout: Dropout;
  result: SearchResult;
}

/** A network whose candidate lengths are trained side by side. */
export class Trainer {
  /** The weights. */
  readonly optimizer: Optimizer;
  /** Current place in the training targets, or in their groups. */
  readonly cursor: Cursor;
  readonly #network: AutomlpNetwork;
  readonly #examples: LastExamples;
  readonly #training: NetworkTraining;
  readonly #dropout: DropoutDraw;

  /**
   * @param some Training targets, rows within the parts of the dataset.
   * @param purpose Distinguishes the search from retraining: their random numbers differ.
   */
  constructor(
    readonly engine: Engine,
    dataset: SequenceDataset,
    readonly config: NetworkConfig,
    readonly settings: TrainingSettings,
    some: ExamplePool,
    purpose: string,
  ) {
    const { length } = config, { batchSize, rate, seed } = settings;
    const network = this.#network = networkOf(dataset, config);
    const examples = this.#examples = new LastExamples(dataset, {
      length,
      seed,
      some,
      sharing: sharingOf(config),
    });
    const parts = { name: "AutoMLP", config, items: config.items, length, network, examples };
    this.#training = new NetworkTraining(engine, dataset, settings, parts);
    this.optimizer = new Optimizer(engine, network.parameters, seed, { rate });
    const size = Math.max(1, Math.round(batchSize / examples.targetsPerExample));
    this.cursor = new Cursor(examples.pool, size, purpose, seed);
    this.#dropout = new DropoutDraw(config.dropout, seed, purpose);
  }

  /** The dropout of the next step. */
  get dropout(): Dropout {
    return this.#dropout.at(this.cursor.total);
  }

  /**
   * Takes one step of Adam on the next batch.
   *
   * @param choice α, or the places of the candidates that learn, each by its own loss, ascending: all of them in each
   * step, so that the weights they share are trained for all of them at once. If they took turns instead, the shared
   * weights would settle for what the shortest candidate can use, and the longer ones would lag behind (see
   * `bench/README.md`).
   * @param before Called with the pass before the weights change, within its `tf.tidy`.
   * @returns The batch's mean loss before the step; for several candidates, the mean of their losses on their
   * windows.
   * @throws {RunError} if the loss is no longer finite.
   */
  step(choice: Choice, before?: (pass: TrainingPass) => void): number {
    const { engine, optimizer, dropout, settings, cursor: { epoch } } = this, example = this.next();
    const windowed = "candidates" in choice
      ? { ...choice, windows: windowsOf(choice.candidates.length, example.targets.length) }
      : choice;
    const losses = inPrecision(engine, settings, () =>
      engine.tf.tidy(() => {
        const result = this.evaluate(optimizer.weights, windowed, example, dropout);
        before?.({ example, dropout, result });
        optimizer.apply(result.gradients, result.rows);
        return result.loss.dataSync() as Float32Array;
      }));
    return checkLoss(losses.reduce((sum, loss) => sum + loss) / losses.length, epoch);
  }

  /** Returns the next batch and moves on. */
  next(): Example {
    const { total: number, epoch, part } = this.cursor;
    return this.#training.example(this.cursor.next(), { number, part, epoch });
  }

  /**
   * Returns the batch of some targets.
   *
   * @param number The number of the step: each has fresh negatives.
   * @param reader Whose targets they are: each reader keeps a part open.
   */
  example({ part, rows }: PartTargets, number: number, reader: Reader): Example {
    return this.#training.exampleOf(this.#examples.asked(rows, part, reader), number);
  }

  /**
   * Runs one forward and backward pass, within `tf.tidy`, at any weights and any α.
   *
   * @param scale Factor of all scores.
   */
  evaluate(
    weights: Weights,
    choice: Choice,
    example: Example,
    dropout: Dropout,
    scale?: number,
  ): SearchResult {
    return withResult(
      this.engine,
      () => this.#pass(new TensorPass(this.engine, weights, dropout), choice, example, scale),
    );
  }

  /**
   * The same with only the gradients of softmax(α) and of `scale`. Nothing is propagated back through the modules, which would be most of
   * the work of a whole pass.
   */
  mixGradient(
    weights: Weights,
    alpha: ArrayLike<number>,
    example: Example,
    dropout: Dropout,
    scale = 1,
  ): SearchResult {
    return this.#pass(new TensorPass(this.engine, weights, dropout, true), alpha, example, scale);
  }

  #pass(pass: TensorPass, choice: Choice, example: Example, factor?: number): SearchResult {
    const { tf } = this.engine, training = this.#training;
    const separate = "candidates" in choice ? choice : choice.length === 1 ? ALONE : undefined;
    const shares = separate
      ? undefined
      : pass.leaf(tf.tensor2d([Array.from(softmax(choice as ArrayLike<number>))]));
    const scale = factor === undefined ? undefined : pass.leaf(tf.scalar(factor));
    const items = training.itemsOf(pass, example);
    const mixture = separate ?? { shares: shares! };
    const heads = encodeCandidates(this.#network, pass, example.batch, items.own, mixture);
    // The last first, so that gradients are summed in the order of the candidates.
    const losses = heads.map((h, i) => ({ h, window: separate?.windows?.[i] })).reverse().map((
      { h, window },
    ) => training.loss(pass, h, items, window ? training.window(example, window) : example, scale)).reverse();
    const loss: TensorValue = pass.ops.record(
      tf.stack(losses.map(({ tensor }) => tensor)) as Tensor1D,
      losses,
      () => losses.map(({ tensor }) => tensor),
    );
    const { gradients, rows, of } = pass.gradients(loss);
    return { loss: loss.tensor, gradients, rows, dMix: shares && of(shares), dScale: scale && of(scale) };
  }

  /**
   * Returns the losses of candidates on held-out targets, [places], each as it would be alone.
   *
   * @param number The number of the step: each has fresh negatives.
   * @param candidates Places of the candidates.
   * @param normalized Whether their outputs are normalised, as they are if outputs are mixed.
   */
  losses(
    targets: PartTargets,
    number: number,
    candidates: readonly number[],
    normalized: boolean,
  ): Float64Array {
    const example = this.example(targets, number, "held out"), { engine: { tf }, optimizer } = this;
    const found = tf.tidy(() => {
      const pass = new TensorPass(this.engine, optimizer.weights),
        items = this.#training.itemsOf(pass, example);
      const heads = encodeCandidates(this.#network, pass, example.batch, items.own, {
        candidates,
        normalized,
      });
      const values: Scalar[] = heads.map((h) => this.#training.meanLoss(pass, h, items, example));
      return tf.stack(values).dataSync() as Float32Array;
    });
    return Float64Array.from(found);
  }

  /** Frees all tensors. */
  dispose(): void {
    this.optimizer.dispose();
  }
}
