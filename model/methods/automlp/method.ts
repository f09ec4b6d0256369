/**
 * AutoMLP as one of the methods. Its configuration lists the lengths of the short-term modules: several in the search, one after it.
 *
 * @module
 */
import type { SequenceDataset } from "../../../pipeline/contract/dataset.ts";
import { isPlainNumber } from "../../../pipeline/contract/dataset/manifest.ts";
import { didYouMean, InputError } from "../../../pipeline/contract/errors.ts";
import { aboutTargets, defaultBatchSize, defaultFusion, withDataDefaults } from "../../data_defaults.ts";
import { LastExamples, type Sharing } from "../../train/examples.ts";
import type { NeuralMethod } from "../../train/method.ts";
import { USUAL_BATCH_SIZE } from "../../train/settings.ts";
import { networkWithDisplay } from "../../views/model.ts";
import { methodOfParts } from "../neural.ts";
import {
  adaptable,
  type NetworkConfig,
  type NetworkInput,
  resolveNetwork,
  targetsPerHistory,
} from "./config.ts";
import { candidatesFor } from "./lengths.ts";
import { estimateMemory } from "./memory.ts";
import { AutomlpNetwork } from "./network.ts";

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
  const { features: chosen, ...input } = options;
  const names = chosen && [chosen].flat();
  const all = featuresOf(dataset);
  const unknown = names?.find((name) => all.every((feature) => feature.name !== name));
  if (unknown !== undefined) {
    const known = all.map(({ name }) => name);
    const there = known.length > 0
      ? `have the features ${listed(known)}${didYouMean(unknown, known)}`
      : "have no features; prepare with --items, or leave out embeddedFeatures";
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
 * Builds a network for a dataset.
 *
 * @throws {InputError} See {@link checkNetworkOf}.
 */
export function networkOf(dataset: SequenceDataset, config: NetworkConfig): AutomlpNetwork {
  checkNetworkOf(dataset, config);
  const embedded = new Set(config.features.map(({ name }) => name));
  return new AutomlpNetwork(config, dataset.features().filter(({ name }) => embedded.has(name)));
}

/** Returns which targets share a history, if any do. */
export function sharingOf(config: NetworkConfig): Sharing | undefined {
  const targets = targetsPerHistory(config);
  return targets > 1 ? { targets, recent: config.lengths.at(-1)! } : undefined;
}

/** @throws {InputError} if there are several short-term lengths. */
function checkOneLength({ lengths }: NetworkConfig): void {
  if (lengths.length === 1) return;
  throw new InputError(
    `Cannot train AutoMLP with the short-term lengths ${
      lengths.join(", ")
    }: a network that is trained has one; ` +
      `name it, as in lengths: [${lengths[0]}], or select it by a search, as new AutoMLP().fit(dataset) does`,
  );
}

/** AutoMLP (Li et al., WWW 2023). */
export const automlp: NeuralMethod<NetworkConfig> = {
  ...methodOfParts<NetworkConfig>({
    name: "automlp",
    title: "AutoMLP",
    configure: (dataset, input) => networkFor(dataset, input as DatasetNetworkInput),
    reconfigure: (config, input) => resolveNetwork({ ...adaptable(config), ...input }),
    batchSize: (dataset) => defaultBatchSize(aboutTargets(dataset), USUAL_BATCH_SIZE),
    parts(dataset, config) {
      checkOneLength(config);
      const { items, length } = config;
      return { name: "AutoMLP", config, items, length, network: networkOf(dataset, config) };
    },
    examples: (dataset, config, seed) =>
      new LastExamples(dataset, { length: config.length, seed, sharing: sharingOf(config) }),
    estimate: ({ config, network: { parameters } }, work, counts, engine, networks) =>
      estimateMemory(config as NetworkConfig, work, counts, engine, parameters, networks),
  }),
  parameters: (dataset, config) => networkOf(dataset, config).parameters,
  portable(config, { manifest }) {
    const { features: _of_these_data, ...others } = adaptable(config);
    const names = config.features.map(({ name }) => name);
    // If all features are embedded here, all features of the other dataset are embedded, too.
    return { ...others, ...(names.length < manifest.features.length && { features: names }) };
  },
  show: ({ lengths }) => `k = ${lengths.join(", ")}`,
};
