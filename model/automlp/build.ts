/**
 * Puts the parts of an AutoMLP together for one dataset.
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import type { Engine } from "../backend/types.ts";
import { ItemEncoder } from "../layers/embedding.ts";
import { trainingCounts } from "../popularity.ts";
import { type Distribution, NegativeSampler } from "../train/negatives.ts";
import { Optimizer } from "../train/optimizer.ts";
import type { LossName } from "../train/losses.ts";
import { type NetworkConfig, type NetworkInput, resolveNetwork } from "./config.ts";
import { networkParameters } from "./network.ts";
import { Objective } from "./objective.ts";

/** How a network is trained; the same for search and retraining. */
export interface TrainingSettings {
  loss: LossName;
  /** For `bce`: negatives of each target; for `sampled-softmax`: negatives that a batch shares. */
  negatives: number;
  /** How these are distributed. */
  distribution: Distribution;
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

/** The description of a network for a dataset: its items and features are the dataset's. */
export function networkFor(
  dataset: SequenceDataset,
  input: Omit<NetworkInput, "items" | "features">,
): NetworkConfig {
  const features = dataset.manifest.features.map(({ name, kind, values }) => ({
    name,
    kind: kind === "numeric" && values > 0 ? "categorical" as const : kind,
    values,
  }));
  return resolveNetwork({ ...input, items: dataset.items, features });
}

/** Builds a network with weights that depend on the seed alone. */
export function assemble(
  engine: Engine,
  dataset: SequenceDataset,
  config: NetworkConfig,
  settings: TrainingSettings,
): Assembled {
  const encoder = new ItemEncoder(engine, config.items, config.dim, dataset.features());
  const specs = [...encoder.parameters(), ...networkParameters(config)];
  const optimizer = new Optimizer(engine, specs, settings.seed, { rate: settings.rate });
  const sequences = dataset.sequences();
  const sampler = new NegativeSampler(
    settings.distribution,
    trainingCounts(dataset),
    sequences,
    settings.seed,
  );
  const objective = new Objective(engine, config, encoder, sequences, {
    loss: settings.loss,
    negatives: settings.negatives,
    sampler,
  });
  return { config, encoder, optimizer, objective };
}
