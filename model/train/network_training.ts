/**
 * A network with its examples and its loss, ready to be trained.
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import type { ShiftedItems } from "../backend/linear_cross_entropy.ts";
import type { Engine } from "../backend/types.ts";
import type { Scalar, Tensor1D, Tensor2D } from "../backend/tensor.ts";
import type { Dropout } from "../layers/dropout.ts";
import type { ParameterSpec, Weights } from "../layers/parameters.ts";
import type { TensorValue } from "../ops/tape.ts";
import { logitAdjustment, trainingCounts } from "../popularity.ts";
import { type ExampleKind, type Examples, makeExamples } from "./examples.ts";
import { lossOf } from "./losses/registry.ts";
import type { BatchPlace, BatchResult, Model, ModelParts, Trainable } from "./method.ts";
import { allItems, NetworkModel } from "./model.ts";
import { NegativeSampler } from "./negatives.ts";
import type { TensorBatch } from "./network.ts";
import type { ExamplePool } from "./order.ts";
import { TensorPass } from "./pass.ts";
import { SeenItems } from "./seen_items.ts";
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

/** What a network is trained with besides the settings. */
export interface NetworkTrainingOptions extends ModelParts {
  examples: ExampleKind;
  /** See `ExampleOptions.hidden`. */
  hidden?: number;
}

/** Trains a network with the gradients of its operations. */
export class NetworkTraining implements Trainable<Example> {
  readonly parameters: readonly ParameterSpec[];
  readonly #examples: Examples;
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
    const { length, hidden, examples, network } = options, { seed, trainDistribution } = settings;
    this.parameters = network.parameters;
    this.#examples = makeExamples(examples, dataset, { length, hidden, seed });
    const counts = trainingCounts(dataset);
    this.#sampler = new NegativeSampler(trainDistribution, counts, seed);
    this.#adjustment = logitAdjustment(counts, settings.logitAdjustment);
    this.#seen = new SeenItems(dataset.items, options.config.seenBias ?? 0);
    this.#allItems = allItems(dataset.items);
    // One more for hidden items, which have no vector of their own.
    this.#places = new Int32Array(dataset.items + 2);
    this.#stamps = new Uint32Array(dataset.items + 2);
  }

  get examples(): ExamplePool {
    return this.#examples.pool;
  }

  example(chosen: Uint32Array, { number, part }: BatchPlace): Example {
    const { loss, trainNegatives } = this.settings, { items: all } = this.options;
    const { batch, targets, users, seen, sequences } = this.#examples.questions(chosen, number, part);
    const { negatives } = lossOf(loss);
    if (negatives === "none") {
      const rows = batch.ids.map((id) => id > all ? 0 : id);
      return {
        batch: { ...batch, rows },
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
      batch: { ...batch, rows: batch.ids.map(place) },
      targets: Int32Array.from(targets, place),
      negatives: Int32Array.from(drawn, place),
      items: Uint32Array.from(found),
    };
  }

  evaluate(weights: Weights, example: Example, dropout: Dropout): BatchResult {
    const pass = new TensorPass(this.engine, weights, dropout), { network } = this.options;
    const items = network.items(pass, example.items) as TensorValue<Tensor2D>;
    const biases = network.biases?.(pass, example.items) as TensorValue<Tensor1D> | undefined;
    const h = network.encode(pass, example.batch, items) as TensorValue<Tensor2D>;
    return pass.result(this.#loss(pass, h, items, biases, example));
  }

  #loss(
    pass: TensorPass,
    h: TensorValue<Tensor2D>,
    items: TensorValue<Tensor2D>,
    biases: TensorValue<Tensor1D> | undefined,
    { targets, negatives, shifted, items: ids }: Example,
  ): TensorValue<Scalar> {
    const { loss, scoreRegularisation = 1 } = this.settings;
    const { value, dh, dVectors, dBiases } = lossOf(loss).value(this.engine, h.tensor, items.tensor, {
      targets,
      negatives,
      biases: biases?.tensor,
      logChance: (row) => this.#sampler.logChance(ids[row - 1]),
      adjustment: this.#adjustment,
      shifted,
      scoreRegularisation,
    });
    return biases
      ? pass.ops.record(value, [h, items, biases], () => [dh, dVectors, dBiases])
      : pass.ops.record(value, [h, items], () => [dh, dVectors]);
  }

  model(weights: Weights, name: string = this.options.name): Model {
    return new NetworkModel(this.engine, { ...this.options, name }, weights);
  }
}
