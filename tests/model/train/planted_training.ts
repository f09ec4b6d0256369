/** A quick training on planted sequences that learns what was planted. */
import type { TrainingOptions } from "../../../model/train/options.ts";

export const OPTIONS: TrainingOptions = {
  loss: "ce",
  trainNegatives: 5,
  trainDistribution: "uniform",
  rate: 5e-3,
  batchSize: 128,
  seed: 1,
  epochs: 4,
  patience: 3,
  metric: "HR@1",
  protocol: "recbole",
};
/** Sizes of the network, without its candidate lengths. */
export const SIZES = {
  length: 12,
  dim: 16,
  layers: 1,
  longLayers: 1,
  sequenceHidden: 16,
  channelHidden: 16,
  dropout: 0.05,
};
