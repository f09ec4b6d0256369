/**
 * A network with its examples and its loss, ready to be trained.
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import type { ShiftedItems } from "../backend/cross_entropy.ts";
import type { Engine } from "../backend/types.ts";
import type { Scalar, Tensor1D, Tensor2D } from "../backend/tensor.ts";
import type { Dropout } from "../layers/dropout.ts";
import type { ParameterSpec, Weights } from "../layers/parameters.ts";
import type { TensorValue } from "../ops/tape.ts";
import { logitAdjustment, trainingCounts } from "../popularity.ts";
import type { Examples, Questions } from "./examples.ts";
import { type LossInputs, meanLoss } from "./losses/loss.ts";
import { lossOf } from "./losses/registry.ts";
import type { BatchPlace, BatchResult, Model, ModelParts, Trainable } from "./method.ts";
import { allItems, NetworkModel } from "./model.ts";
import { NegativeSampler } from "./negatives.ts";
import type { TensorBatch } from "./network.ts";
import type { ExamplePool } from "./order.ts";
import { TensorPass, withResult } from "./pass.ts";
import { SeenItems, shiftedBetween } from "./seen_items.ts";
import type { TrainingSettings } from "./settings.ts";

/** A batch, ready for any number of passes. */
export interface Example {
  batch: TensorBatch;
  /** Items whose vectors are needed, without duplicates; row i + 1 of the items' vectors is `items[i]`. */
  items: Uint32Array;
  /** The targets' rows of the items' vectors, [n]. */
  targets: Int32Array;
  /** The negatives' rows of the items' vectors. */
  negatives: Int32Array;
  /** Items whose scores are shifted by a softmax over all items; left out: none. */
  shifted?: ShiftedItems;
}

/** The items of an example within a pass. */
export interface PassItems {
  /** Their vectors, [n + 1, D]. */
  own: TensorValue<Tensor2D>;
  /** The vectors that scores are made of, [n + 1, E]. */
  compared: TensorValue<Tensor2D>;
  biases?: TensorValue<Tensor1D>;
}

/** What a network is trained with besides the settings. */
export interface NetworkTrainingOptions extends ModelParts {
  examples: Examples;
}

/** Trains a network with the gradients of its operations. */
export class NetworkTraining implements Trainable<Example> {
  readonly #sampler: NegativeSampler;
  readonly #adjustment?: Float32Array;
  readonly #seen: SeenItems;
  readonly #allItems: Uint32Array;
  /** Each item's row in the current batch, valid if `stamps` holds the batch's number. */
  readonly #places: Int32Array;
  readonly #stamps: Uint32Array;
  #stamp = 0;

  constructor(
    readonly engine: Engine,
    dataset: SequenceDataset,
    readonly settings: TrainingSettings,
    readonly options: NetworkTrainingOptions,
  ) {
    const { seed, trainDistribution } = settings, counts = trainingCounts(dataset);
    this.#sampler = new NegativeSampler(trainDistribution, counts, seed);
    this.#adjustment = logitAdjustment(counts, settings.logitAdjustment);
    this.#seen = new SeenItems(dataset.items, options.config.seenBias ?? 0);
    this.#allItems = allItems(dataset.items);
    // One more for hidden items, which have no vector of their own.
    this.#places = new Int32Array(dataset.items + 2);
    this.#stamps = new Uint32Array(dataset.items + 2);
  }

  get parameters(): readonly ParameterSpec[] {
    return this.options.network.parameters;
  }

  get examples(): ExamplePool {
    return this.options.examples.pool;
  }

  get targetsPerExample(): number | undefined {
    return this.options.examples.targetsPerExample;
  }

  example(chosen: Uint32Array, place: BatchPlace): Example {
    return this.exampleOf(this.options.examples.questions(chosen, place), place.number);
  }

  /** Returns the batch of some questions; each number draws other negatives. */
  exampleOf({ batch, targets, users, seen, sequences }: Questions, number: number): Example {
    const { loss, trainNegatives } = this.settings, { items: all } = this.options;
    const { negatives } = lossOf(loss);
    if (negatives === "none") {
      return {
        batch: inRows(batch, (id) => id > all ? 0 : id),
        items: this.#allItems,
        targets: Int32Array.from(targets),
        negatives: new Int32Array(0),
        shifted: this.#seen.before(sequences.items, seen),
      };
    }
    const drawn = this.#sampler.draw(negatives, { users, targets, sequences }, trainNegatives, number);
    const stamp = ++this.#stamp, found: number[] = [];
    const place = (id: number) => {
      if (id === 0 || id > all) return 0;
      if (this.#stamps[id] !== stamp) {
        this.#stamps[id] = stamp;
        this.#places[id] = found.push(id);
      }
      return this.#places[id];
    };
    return {
      batch: inRows(batch, place),
      targets: Int32Array.from(targets, place),
      negatives: Int32Array.from(drawn, place),
      items: Uint32Array.from(found),
    };
  }

  evaluate(weights: Weights, example: Example, dropout: Dropout): BatchResult {
    return withResult(this.engine, () => {
      const pass = new TensorPass(this.engine, weights, dropout), items = this.itemsOf(pass, example);
      const h = this.options.network.encode(pass, example.batch, items.own) as TensorValue<Tensor2D>;
      return pass.result(this.loss(pass, h, items, example));
    });
  }

  /** Returns the vectors of the items of an example. */
  itemsOf(pass: TensorPass, { items }: Example): PassItems {
    const { network } = this.options, own = network.items(pass, items) as TensorValue<Tensor2D>;
    const biases = network.biases?.(pass, items) as TensorValue<Tensor1D> | undefined;
    return { own, compared: this.#compared(pass, own), biases };
  }

  #compared(pass: TensorPass, vectors: TensorValue<Tensor2D>): TensorValue<Tensor2D> {
    return this.options.network.compared?.(pass, vectors) as TensorValue<Tensor2D> | undefined ?? vectors;
  }

  /**
   * Records the mean loss of the targets of an example.
   *
   * @param h What the network's `encode` returned.
   * @param scale A factor of all scores. Default: 1.
   */
  loss(
    pass: TensorPass,
    h: TensorValue<Tensor2D>,
    items: PassItems,
    example: Example,
    scale?: TensorValue<Scalar>,
  ): TensorValue<Scalar> {
    const { tf } = this.engine, histories = this.#compared(pass, h), { compared, biases } = items;
    const scaled = (x: Tensor2D) => scale ? tf.mul(x, scale.tensor) as Tensor2D : x;
    const { value, dh, dVectors, dBiases } = lossOf(this.settings.loss).value(
      this.engine,
      scaled(histories.tensor),
      compared.tensor,
      this.#inputs(items, example),
    );
    const inputs = [histories, compared, ...(biases ? [biases] : []), ...(scale ? [scale] : [])];
    return pass.ops.record(value, inputs, () => [
      scaled(dh),
      dVectors,
      ...(biases ? [dBiases] : []),
      ...(scale ? [tf.sum(tf.mul(dh, histories.tensor))] : []),
    ]);
  }

  /** The mean loss without gradients, which is less work. */
  meanLoss(
    pass: TensorPass,
    h: TensorValue<Tensor2D>,
    items: PassItems,
    example: Example,
  ): Scalar {
    const histories = this.#compared(pass, h).tensor, inputs = this.#inputs(items, example);
    return meanLoss(lossOf(this.settings.loss), this.engine, histories, items.compared.tensor, inputs);
  }

  #inputs({ biases }: PassItems, { items, targets, negatives, shifted }: Example): LossInputs {
    return {
      targets,
      negatives,
      biases: biases?.tensor,
      logChance: (row) => this.#sampler.logChance(items[row - 1]),
      adjustment: this.#adjustment,
      shifted,
      scoreRegularisation: this.settings.scoreRegularisation ?? 1,
    };
  }

  /** Returns the questions of the targets `from` ≤ i < `to` of an example. Its batch stays whole. */
  window(example: Example, [from, to]: readonly [from: number, to: number]): Example {
    const { targets, negatives, shifted } = example, own = negatives.length / targets.length;
    const ofEach = lossOf(this.settings.loss).negatives === "each target";
    return {
      ...example,
      targets: targets.subarray(from, to),
      negatives: ofEach ? negatives.subarray(from * own, to * own) : negatives,
      shifted: shifted && shiftedBetween(shifted, from, to),
    };
  }

  model(weights: Weights, name: string = this.options.name): Model {
    return new NetworkModel(this.engine, { ...this.options, name }, weights);
  }
}

/** A batch with the rows of its ids. */
const inRows = ({ recent, ...batch }: TensorBatch, rowOf: (id: number) => number): TensorBatch => ({
  ...batch,
  rows: batch.ids.map(rowOf),
  ...(recent && { recent: { ...recent, rows: recent.rows.map(rowOf) } }),
});
