/**
 * Puts the parts of an AutoMLP together for one dataset.
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { InputError } from "../../pipeline/contract/errors.ts";
import type { Engine } from "../backend/types.ts";
import { ItemEncoder } from "../layers/embedding.ts";
import { logitAdjustment, trainingCounts } from "../popularity.ts";
import { NegativeSampler } from "../train/negatives.ts";
import type { TrainingSettings } from "../train/settings.ts";
import { DEFAULT_CANDIDATES, resolveNetwork, sizesShape } from "./config.ts";
import type { NetworkConfig, NetworkInput } from "./network_config.ts";
import { Objective } from "./objective.ts";
import { networkWithDisplay } from "./show.ts";

/**
 * The description of a network for a dataset, plain data that shows itself: its items and features are the dataset's.
 *
 * @param input Sizes; those left out have their defaults, the candidate lengths 3, 5, 10, 15 and 20, as far as
 * they fit.
 *
 * @example
 * ```ts
 * import { networkFor, prepare } from "automlp";
 * import assert from "node:assert/strict";
 *
 * const out = await Deno.makeTempDir();
 * const { dataset } = await prepare({ dataset: "demo", out });
 * const network = networkFor(dataset, { candidates: [10, 3, 5], dim: 32 });
 * assert.deepEqual([network.items, network.candidates], [dataset.items, [3, 5, 10]]);
 * ```
 */
export function networkFor(
  dataset: SequenceDataset,
  input: Partial<Omit<NetworkInput, "items" | "features">> = {},
): NetworkConfig {
  const { length = sizesShape.length.parse(undefined) } = input;
  const candidates = DEFAULT_CANDIDATES.filter((k) => k <= length);
  return networkWithDisplay(
    resolveNetwork({ candidates, ...input, items: dataset.items, features: featuresOf(dataset) }),
  );
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
 * What turns batches of a dataset into losses and gradients of a network.
 *
 * @throws {InputError} See {@link checkNetworkOf}.
 */
export function objectiveFor(
  engine: Engine,
  dataset: SequenceDataset,
  config: NetworkConfig,
  settings: TrainingSettings,
): Objective {
  checkNetworkOf(dataset, config);
  const encoder = new ItemEncoder(engine, config.items, config.dim, dataset.features());
  const sequences = dataset.sequences(), counts = trainingCounts(dataset);
  return new Objective(engine, config, encoder, sequences, {
    loss: settings.loss,
    negatives: settings.trainNegatives,
    sampler: new NegativeSampler(settings.trainDistribution, counts, sequences, settings.seed),
    adjustment: logitAdjustment(counts, settings.logitAdjustment),
    scoreRegularisation: settings.scoreRegularisation,
  });
}
