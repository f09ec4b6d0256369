/**
 * Assembles the parts of an AutoMLP for one dataset.
 *
 * @module
 */
import { AN_OBJECT, checkCall } from "../../pipeline/contract/options/arguments.ts";
import { DATASET, type SequenceDataset } from "../../pipeline/contract/dataset.ts";
import type { ItemFeature } from "../../pipeline/contract/dataset/item_features.ts";
import { isPlainNumber } from "../../pipeline/contract/dataset/manifest.ts";
import { didYouMean, InputError } from "../../pipeline/contract/errors.ts";
import type { Engine } from "../backend/types.ts";
import { ItemEncoder } from "../layers/embedding.ts";
import { logitAdjustment, trainingCounts } from "../popularity.ts";
import { defaultFusion, withDataDefaults } from "../data_defaults.ts";
import { NegativeSampler } from "../train/negatives.ts";
import type { TrainingSettings } from "../train/settings.ts";
import { resolveNetwork } from "./config.ts";
import { candidatesFor } from "./filled.ts";
import type { NetworkConfig, NetworkInput } from "./network_config.ts";
import { Objective } from "./objective.ts";
import { networkWithDisplay } from "./show.ts";

/** Options of {@link networkFor}. */
export interface DatasetNetworkInput extends Partial<Omit<NetworkInput, "items" | "features">> {
  /** Names of the item features that are embedded together with the items. Default: all features of the dataset. */
  features?: readonly string[];
}

/**
 * Describes a network for a dataset, with the dataset's items and features, as plain data that displays itself.
 *
 * @param options Sizes; those left out have their defaults. Default candidate lengths are 3, 5, 10, 15 and 20, as far as they fit and
 * histories fill them (1, 2 and 3 for very short histories); if targets share histories, some lengths that reach back to the shared part.
 * @throws {InputError} if a size is invalid, or the dataset has no such feature.
 *
 * @example
 * ```ts
 * import { networkFor, prepare } from "automlp";
 * import assert from "node:assert/strict";
 *
 * const out = await Deno.makeTempDir();
 * const { dataset } = await prepare({ dataset: "demo", out });
 * const network = networkFor(dataset, { lengths: [10, 3, 5], dim: 32 });
 * assert.deepEqual([network.items, network.lengths], [dataset.items, [3, 5, 10]]);
 * ```
 */
export function networkFor(
  dataset: SequenceDataset,
  options: DatasetNetworkInput = {},
): NetworkConfig {
  checkCall("networkFor(dataset, { lengths: [3, 5, 10] })", [dataset, DATASET], [options, AN_OBJECT]);
  const { features: chosen, ...input } = options;
  const names = chosen && [chosen].flat();
  const all = featuresOf(dataset);
  const unknown = names?.find((name) => all.every((feature) => feature.name !== name));
  if (unknown !== undefined) {
    const known = all.map(({ name }) => name);
    const there = known.length > 0
      ? `have the features ${listed(known)}${didYouMean(unknown, known)}`
      : "have no features; prepare with --items, or leave out --embedded-features";
    throw new InputError(`Cannot embed the feature "${unknown}": the items of ${dataset.folder} ${there}`);
  }
  const features = all.filter(({ name }) => names?.includes(name) ?? true);
  const described = {
    ...withDataDefaults(dataset, input),
    fusion: input.fusion ?? defaultFusion(dataset),
    items: dataset.items,
    features,
  };
  const lengths = input.lengths ??
    candidatesFor(dataset, resolveNetwork({ ...described, lengths: [1] }));
  return networkWithDisplay(resolveNetwork({ ...described, lengths }));
}

/** The dataset's item features as a network describes them. */
const featuresOf = ({ manifest }: SequenceDataset): NetworkConfig["features"] =>
  manifest.features.map(({ name, kind, values }) => ({
    name,
    kind: kind === "multi" ? kind : isPlainNumber({ kind, values }) ? "numeric" : "categorical",
    values,
  }));

/** Returns the item features of a dataset that a network embeds, with their values. */
export function embeddedFeatures(
  features: readonly ItemFeature[],
  network: Pick<NetworkConfig, "features">,
): ItemFeature[] {
  const names = new Set(network.features.map(({ name }) => name));
  return features.filter(({ name }) => names.has(name));
}

/** Creates the encoder that embeds a dataset's items for a network. */
export const encoderFor = (engine: Engine, dataset: SequenceDataset, network: NetworkConfig): ItemEncoder =>
  new ItemEncoder(
    engine,
    network.items,
    network.dim,
    embeddedFeatures(dataset.features(), network),
    network.fusion,
  );

/**
 * Checks that a network is valid and matches this dataset.
 *
 * @throws {InputError} if a size is out of bounds or contradicts another, the items differ, or the dataset lacks a feature of the network.
 */
export function checkNetworkOf(dataset: SequenceDataset, network: NetworkConfig): void {
  const { items, features } = resolveNetwork(network);
  const nameOf = ({ name, kind, values }: NetworkConfig["features"][number]) =>
    `${name} (${kind}, ${values})`;
  const [own, other] = [features, featuresOf(dataset)].map((all) => all.map(nameOf));
  const isOwn = own.every((feature, i) => other.indexOf(feature) > (i ? other.indexOf(own[i - 1]) : -1));
  if (items !== dataset.items || !isOwn) {
    throw new InputError(
      `Cannot use this network with ${dataset.folder}: it has ${items} items and the features ${
        listed(own)
      }, ` +
        `the dataset has ${dataset.items} and ${listed(other)}; describe it with networkFor`,
    );
  }
}

const listed = (names: readonly string[]) => names.join(", ") || "none";

/**
 * Creates the objective that turns batches of a dataset into losses and gradients of a network.
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
  const encoder = encoderFor(engine, dataset, config);
  const counts = trainingCounts(dataset);
  return new Objective(engine, config, encoder, {
    loss: settings.loss,
    negatives: settings.trainNegatives,
    sampler: new NegativeSampler(settings.trainDistribution, counts, settings.seed),
    adjustment: logitAdjustment(counts, settings.logitAdjustment),
    scoreRegularisation: settings.scoreRegularisation,
  });
}
