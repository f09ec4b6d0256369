/**
 * The description of a method for training: how its network is built, what it learns from, and its gradient.
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
import type { Network } from "./network.ts";
import type { RowGradient } from "./optimizer.ts";
import type { ExamplePool } from "./order.ts";
import type { TrainingSettings } from "./settings.ts";
import type { ItemVectors } from "./vectors.ts";

/** Sizes and choices of a network, plain data: the content of `model/config.json`. It is the `config` of what {@link train} returns. */
export interface MethodConfig {
  /** The method's name, as in `sasrec`. */
  method: string;
  /** Share of elements that a training step sets to zero. */
  dropout: number;
  /** Value added to the score of an item that the user has had before. Default: nothing. */
  seenBias?: number;
  /** Number of networks that are trained side by side and whose scores are averaged. Default: one. */
  ensemble?: number;
}

/** Result of one pass over a batch. */
export interface BatchResult {
  /** The mean loss. */
  loss: Tensor;
  /** Gradients of all parameters that are not tables. */
  gradients: Gradients;
  /** Gradients of the tables. */
  rows: RowGradient[];
}

/** The place of a batch in the training. */
export interface BatchPlace {
  /** The number of the batch; random draws are a function of the seed and this number. */
  number: number;
  /** The part of the dataset that the examples belong to. */
  part: number;
  /** The epoch, from 0. */
  epoch: number;
}

/** A network for one dataset, ready to be trained. `Example` is the type of its batches. */
export interface Trainable<Example = unknown> {
  readonly parameters: readonly ParameterSpec[];
  /** The examples of an epoch, in any order: rows of the dataset's parts, or windows. */
  readonly examples: ExamplePool;
  /** Maximum number of targets in an example, if the batch size counts targets. Default: 1. */
  readonly targetsPerExample?: number;
  /** Returns the batch of some examples. */
  example(examples: Uint32Array, place: BatchPlace): Example;
  /** Runs one forward and backward pass, within `tf.tidy`. */
  evaluate(weights: Weights, example: Example, dropout: Dropout): BatchResult;
  /** Returns the network with the given weights, which it does not own; `name` is its name, by default the method's title. */
  model(weights: Weights, name?: string): Model;
}

/** The part of a trained model that needs no engine. {@link saveModel} writes it. */
export interface TrainedNetwork {
  /** The network's sizes and choices. */
  readonly config: MethodConfig;
  /** All trained tensors. */
  readonly specs: readonly ParameterSpec[];
  /** Whether it was trained with `keepSeen`, for data in which users take items repeatedly. Default: false. */
  keepSeen?: boolean | undefined;
  /** The weights, copied: name → values. */
  values(): Map<string, Float32Array>;
}

/** A trained network as an argument. */
export const TRAINED: Wanted = {
  what: "a trained model, as train() gives it",
  fits: (value) => hasMembers(value, "config", "specs", "values"),
  instead: (value) => hasMembers(value, "model") ? "give its model" : undefined,
};

/** A network with weights, as a recommender: what {@link train} returns. */
export interface Model extends Recommender, TrainedNetwork {
  /** See {@link Recommender.keepSeen}. */
  keepSeen?: boolean | undefined;
  /**
   * The vectors of all items, for a nearest-neighbour index by inner product: the score of an item after a history is
   * the dot product of their vectors plus the item's bias. Items that a user has had get `config.seenBias` on top,
   * which an index does not know: exclude them from its results.
   *
   * @throws {RunError} if they do not fit into memory.
   */
  itemVectors(): Promise<ItemVectors>;
  /**
   * The vectors of n histories, [n, E]. Only the newest T items of a long history count.
   *
   * @throws {InputError} if the histories are not valid {@link Histories}.
   * @throws {RunError} if they do not fit into memory: request a few thousand at a time.
   */
  historyVectors(histories: Histories): Promise<Float32Array>;
  /** Discards what was computed from the weights; call it when they have changed, and at the end. */
  refresh(): void;
  /** The model as an HTML fragment for a notebook. */
  toHtml(): string;
}

/** The parts of a model. */
export interface ModelParts {
  /** The name, as in tables. */
  name: string;
  config: MethodConfig;
  /** Number of items. */
  items: number;
  /** Maximum length of a history, T. */
  length: number;
  /** Whether the network fills in a hidden item behind the history (Cloze). */
  hidesNext?: boolean;
  network: Network;
}

/** A method with trained weights. */
export interface NeuralMethod<C extends MethodConfig = MethodConfig> {
  /** The name, as in `--method`. */
  readonly name: string;
  /** The title, as in tables: `SASRec`. */
  readonly title: string;
  /**
   * Returns the network for a dataset, with defaults filled in.
   *
   * @throws {InputError} if a value does not fit.
   */
  configure(dataset: SequenceDataset, input: Record<string, unknown>): C;
  /**
   * The part of a network's configuration that {@link NeuralMethod.configure} needs to make the same network for
   * other data. Default: all of it.
   */
  portable?(config: C, dataset: SequenceDataset): Record<string, unknown>;
  /** Returns the same network with some values changed, for the same dataset. */
  reconfigure(config: C, input: Record<string, unknown>): C;
  /** Default number of targets, or other examples, in a training step. Default: `USUAL_BATCH_SIZE`. */
  batchSize?(dataset: SequenceDataset, config: C): number;
  /**
   * Returns all trained tensors of a network.
   *
   * @throws {InputError} if the configuration does not fit the dataset.
   */
  parameters(dataset: SequenceDataset, config: C): readonly ParameterSpec[];
  /**
   * Returns the network and its sizes, from which its graph is made.
   *
   * @throws {InputError} if the configuration does not fit the dataset.
   */
  parts(dataset: SequenceDataset, config: C): ModelParts;
  /**
   * Builds the network with everything needed for training.
   *
   * @param networks Number of copies that are trained side by side and must fit into memory together. Default: 1.
   */
  build(
    engine: Engine,
    dataset: SequenceDataset,
    config: C,
    settings: TrainingSettings,
    networks?: number,
  ): Trainable;
  /**
   * Returns the network without what only training needs.
   *
   * @throws {InputError} if the configuration does not fit the dataset.
   */
  model(engine: Engine, dataset: SequenceDataset, config: C, weights: Weights, name?: string): Model;
  /**
   * Refuses a network that does not fit into memory when it scores.
   *
   * @param doing As in "use the model of runs/mine".
   * @param networks Number of copies that score side by side. Default: 1.
   * @throws {InputError} with the numbers, and how to make it smaller.
   */
  checkScoring?(
    doing: string,
    engine: Engine,
    dataset: SequenceDataset,
    config: C,
    networks?: number,
  ): void;
  /** A short text that distinguishes one network of the method from another; left out: nothing. */
  show?(config: C): string;
}
