/**
 * What training knows of a method: how its network is built, what it learns from, and its gradient.
 *
 * @module
 */
import { hasMembers, type Wanted } from "../../pipeline/contract/options/arguments.ts";
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import type { Engine } from "../backend/types.ts";
import type { Tensor } from "../backend/tensor.ts";
import type { Dropout } from "../layers/dropout.ts";
import type { Gradients, ParameterSpec, Weights } from "../layers/parameters.ts";
import type { Histories, Recommender } from "../recommender.ts";
import type { RowGradient } from "./optimizer.ts";
import type { ExamplePool } from "./order.ts";
import type { TrainingSettings } from "./settings.ts";
import type { ItemVectors } from "./vectors.ts";

/** Sizes and choices of a network, plain data: what `model/config.json` holds. `config` of what {@link train} returns. */
export interface MethodConfig {
  /** The method's name, as in `sasrec`. */
  method: string;
  /** Share of elements that a training step sets to zero. */
  dropout: number;
  /** What is added to the score of an item that the user has had before. Left out: nothing. */
  seenBias?: number;
  /** Networks that are trained side by side, and whose scores are averaged. Left out: one. */
  ensemble?: number;
}

/** What one pass over a batch leaves. */
export interface BatchResult {
  /** The mean loss. */
  loss: Tensor;
  /** Of every parameter that is no table. */
  gradients: Gradients;
  /** Of the tables. */
  rows: RowGradient[];
}

/** Where a batch stands in the training. */
export interface BatchPlace {
  /** Counts the batches: what is drawn at random is a function of the seed and this. */
  number: number;
  /** The part of the dataset whose examples they are. */
  part: number;
  /** From 0. */
  epoch: number;
}

/** A network for one dataset, ready to be trained. `Example` is its batch. */
export interface Trainable<Example = unknown> {
  readonly parameters: readonly ParameterSpec[];
  /** What an epoch goes through, in any order: rows of the dataset's parts, or windows. */
  readonly examples: ExamplePool;
  /** Targets of an example at most, where a batch counts targets. Left out: 1. */
  readonly targetsPerExample?: number;
  /** The batch of some examples. */
  example(examples: Uint32Array, place: BatchPlace): Example;
  /** One pass forward and back, within `tf.tidy`. */
  evaluate(weights: Weights, example: Example, dropout: Dropout): BatchResult;
  /** The network with weights as they are. It does not own them; `name` is what it is called, the method's title by default. */
  model(weights: Weights, name?: string): Model;
}

/** What of a trained model needs no engine. {@link saveModel} writes it. */
export interface TrainedNetwork {
  /** Its sizes and choices. */
  readonly config: MethodConfig;
  /** All trained tensors. */
  readonly specs: readonly ParameterSpec[];
  /** The weights, copied: name → values. */
  values(): Map<string, Float32Array>;
}

/** A trained network, as an argument. */
export const TRAINED: Wanted = {
  what: "a trained model, as train() gives it",
  fits: (value) => hasMembers(value, "config", "specs", "values"),
  instead: (value) => hasMembers(value, "model") ? "give its model" : undefined,
};

/** A network with weights, as a recommender: what {@link train} returns. */
export interface Model extends Recommender, TrainedNetwork {
  /**
   * The vectors of all items, for an index of nearest neighbours by inner product: the score of an item after a history is the dot product of their
   * vectors plus the item's bias. What a user has had is given `config.seenBias` more, which an index does not know of: leave it out of what it finds.
   *
   * @throws {RunError} if they do not fit into memory.
   */
  itemVectors(): Promise<ItemVectors>;
  /**
   * The vectors of n histories, [n, E]. Of long histories the newest T items count.
   *
   * @throws {InputError} if the histories are not as {@link Histories} has them.
   * @throws {RunError} if they do not fit into memory: ask for some thousands at a time.
   */
  historyVectors(histories: Histories): Promise<Float32Array>;
  /** Forgets what was computed of the weights; to be called when they have changed, and at the end. */
  refresh(): void;
  /** As an HTML fragment for a notebook. */
  toHtml(): string;
}

/** A method with trained weights. */
export interface NeuralMethod<C extends MethodConfig = MethodConfig> {
  /** As in `--method`. */
  readonly name: string;
  /** As in tables: `SASRec`. */
  readonly title: string;
  /**
   * The network for a dataset, with defaults filled in.
   *
   * @throws {InputError} if a value does not fit.
   */
  configure(dataset: SequenceDataset, input: Record<string, unknown>): C;
  /** Of a network for a dataset, what {@link NeuralMethod.configure} is given for the same one on other data. Left out: all of it. */
  portable?(config: C, dataset: SequenceDataset): Record<string, unknown>;
  /** The same network with some values changed, for the same dataset. */
  reconfigure(config: C, input: Record<string, unknown>): C;
  /** Targets, or other examples, in a training step where nobody says how many. Left out: that of `USUAL_BATCH_SIZE`. */
  batchSize?(dataset: SequenceDataset, config: C): number;
  /**
   * All trained tensors of a network.
   *
   * @throws {InputError} if the configuration does not fit the dataset.
   */
  parameters(dataset: SequenceDataset, config: C): readonly ParameterSpec[];
  /**
   * Builds the network and all that training it takes.
   *
   * @param networks As many of it are trained side by side, and have to fit into memory. Left out: 1.
   */
  build(
    engine: Engine,
    dataset: SequenceDataset,
    config: C,
    settings: TrainingSettings,
    networks?: number,
  ): Trainable;
  /**
   * The network without what only training needs.
   *
   * @throws {InputError} if the configuration does not fit the dataset.
   */
  model(engine: Engine, dataset: SequenceDataset, config: C, weights: Weights, name?: string): Model;
  /**
   * Refuses a network that does not fit into memory when it scores.
   *
   * @param doing As in "use the model of runs/mine".
   * @param networks As many of it score side by side. Left out: 1.
   * @throws {InputError} with the numbers and what makes it smaller.
   */
  checkScoring?(
    doing: string,
    engine: Engine,
    dataset: SequenceDataset,
    config: C,
    networks?: number,
  ): void;
  /** What distinguishes one network of the method from another, in a few words; left out: nothing. */
  show?(config: C): string;
}
