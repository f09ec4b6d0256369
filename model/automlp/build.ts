/**
 * Puts the parts of an AutoMLP together for one dataset.
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { InputError } from "../../pipeline/contract/errors.ts";
import type { Engine } from "../backend/types.ts";
import { ItemEncoder } from "../layers/embedding.ts";
import { trainingCounts } from "../popularity.ts";
import { type Distribution, NegativeSampler } from "../train/negatives.ts";
import { Optimizer } from "../train/optimizer.ts";
import type { LossName } from "../train/losses.ts";
import { type NetworkConfig, type NetworkInput, resolveNetwork } from "./config.ts";
import { modelParameters } from "./network.ts";
import { Objective } from "./objective.ts";
import { shownNetwork } from "./show.ts";

/** How a network is trained; the same for search and retraining. */
export interface TrainingSettings {
  loss: LossName;
  /** For `bce`: negatives of each target; for `sampled-softmax`: negatives that a batch shares. */
  negatives: number;
  /** How these are distributed. */
  distribution: Distribution;
  /** For `ce`: τ of the logit adjustment, 0 without; see `train/losses.ts`. Default 0. */
  logitAdjustment?: number;
  /** Adam's learning rate. */
  rate: number;
  /** Targets a step. */
  batchSize: number;
  seed: number;
}

/** A network with fresh weights, and all that training it takes. */
export interface Assembled {
  config: NetworkConfig;
  encoder: ItemEncoder;
  optimizer: Optimizer;
  objective: Objective;
}

/** The description of a network for a dataset, plain data that shows itself: its items and features are the dataset's. */
export function networkFor(
  dataset: SequenceDataset,
  input: Omit<NetworkInput, "items" | "features">,
): NetworkConfig {
  return shownNetwork(resolveNetwork({ ...input, items: dataset.items, features: featuresOf(dataset) }));
}

/** The dataset's item features as a network has them. */
const featuresOf = ({ manifest }: SequenceDataset): NetworkConfig["features"] =>
  manifest.features.map(({ name, kind, values }) => ({
    name,
    kind: kind === "numeric" && values > 0 ? "categorical" as const : kind,
    values,
  }));

/**
 * Checks that a network is one, for this dataset.
 *
 * @throws {InputError} if a size is out of bounds or contradicts another, or its items or features are others.
 */
export function checkNetworkOf(dataset: SequenceDataset, network: NetworkConfig): void {
  const { items, features } = resolveNetwork(network);
  const nameOf = ({ name, kind, values }: NetworkConfig["features"][number]) =>
    `${name} (${kind}, ${values})`;
  const [own, other] = [features, featuresOf(dataset)].map((all) => all.map(nameOf).join(", ") || "none");
  if (items !== dataset.items || own !== other) {
    throw new InputError(
      `Cannot use this network with ${dataset.folder}: it has ${items} items and the features ${own}, ` +
        `the dataset has ${dataset.items} and ${other}; describe it with networkFor`,
    );
  }
}

/**
 * Builds a network with weights that depend on the seed alone.
 *
 * @throws {InputError} See {@link checkNetworkOf}.
 */
export function assemble(
  engine: Engine,
  dataset: SequenceDataset,
  config: NetworkConfig,
  settings: TrainingSettings,
): Assembled {
  checkNetworkOf(dataset, config);
  const encoder = new ItemEncoder(engine, config.items, config.dim, dataset.features());
  const optimizer = new Optimizer(engine, modelParameters(config), settings.seed, { rate: settings.rate });
  const sequences = dataset.sequences();
  const counts = trainingCounts(dataset), { logitAdjustment = 0 } = settings;
  const sampler = new NegativeSampler(settings.distribution, counts, sequences, settings.seed);
  const objective = new Objective(engine, config, encoder, sequences, {
    loss: settings.loss,
    negatives: settings.negatives,
    sampler,
    adjustment: logitAdjustment === 0 ? undefined : adjustmentOf(counts, logitAdjustment),
  });
  return { config, encoder, optimizer, objective };
}

/** τ log q of items 1 … V, where q is an item's share of the training targets, counting each item once more than seen. */
function adjustmentOf(counts: Uint32Array, tau: number): Float32Array {
  const own = counts.subarray(1), sum = own.reduce((a, b) => a + b, 0) + own.length;
  return Float32Array.from(own, (count) => tau * Math.log((count + 1) / sum));
}
