/**
 * The configuration of an AutoMLP network: its sizes and choices.
 *
 * @module
 */
import { z } from "zod";
import type { Describes } from "../../../pipeline/contract/options/describes.ts";
import { didYouMean, InputError } from "../../../pipeline/contract/errors.ts";
import { firstRepeated } from "../../../pipeline/contract/options/shapes.ts";
import { inPlainWords, placed } from "../../../pipeline/contract/options/plain_words.ts";
import { USUAL_LENGTH } from "../../history_lengths.ts";
import { USUAL_DROPOUT } from "../../layers/dropout.ts";
import { FUSIONS, USUAL_FUSION } from "../../layers/item_vectors.ts";

/** Sizes and choices that depend neither on the data nor on the search. Part of a {@link NetworkConfig}. */
export interface NetworkSizes {
  /**
   * T: the maximum length of a history. Default: 50; {@link networkFor} uses 10 or 20 if 95 % of the data's histories are no longer than
   * that.
   */
  length: number;
  /** D: the size of an item's vector. Default: 128. */
  dim: number;
  /** L: the number of layers in a short-term module. Default: 2. */
  layers: number;
  /** Number of layers in the long-term module; 0 leaves it out. Default: as many as `layers`. */
  longLayers: number;
  /** R_s: the hidden size of the sequence mixers. Default: 64. */
  sequenceHidden: number;
  /** R_c: the hidden size of the channel mixers. Default: D. */
  channelHidden: number;
  /**
   * Dropout: the share of the inputs that a training step sets to zero, 0 … 1, in the embedded sequence and the joint representation.
   * Default: 0.2; {@link networkFor} chooses it by how often the data's items occur.
   */
  dropout: number;
  /**
   * Number of successive targets of a user that share one pass of the long-term module in training: it then takes the history before the
   * first of them, and the short-term module what came before each. In evaluation and recommendation, each target has its own history.
   * Default: 1.
   */
  targetsPerHistory: number;
  /**
   * Number added to the score of an item that the user has had before. Default: nothing is added; {@link networkFor} sets it by how rarely
   * the data's users repeat items.
   */
  seenBias?: number;
  /**
   * How the vectors of an item and of its features become one: `sum`, or `concat`, which passes them side by side through a fully connected
   * layer, as in the paper. Default: `concat`; {@link networkFor} uses `sum` if the data's items have few interactions.
   */
  fusion: "sum" | "concat";
  /** Similarity of a history and an item. Default: `dot`. */
  score: "dot" | "cosine";
  /** With `cosine`: the divisor of the cosine before the loss. Default: 0.1. */
  temperature: number;
}

/** An item feature, as the embedding layer sees it. Part of a {@link NetworkConfig}. */
export interface NetworkFeature {
  /** Name of the side column it was made from. */
  name: string;
  /** Whether each item has one code, several codes, or a number. */
  kind: "categorical" | "multi" | "numeric";
  /** Number of distinct codes, which are 1 … values; 0 for plain numbers. */
  values: number;
}

/** A network's sizes and choices, as stored in `model/config.json`. {@link networkFor} makes one for a dataset. */
export interface NetworkConfig extends NetworkSizes {
  /** Name of the method that the network belongs to. */
  method: "automlp";
  /** Number of items; ids run from 1. */
  items: number;
  /** Features of the items that are embedded with them. */
  features: NetworkFeature[];
  /** Lengths k of the short-term modules that run side by side, ascending: several in the search, one after it. */
  lengths: number[];
}

/**
 * A {@link NetworkConfig} in which values with a default may be left out; `items` and `candidates` have none. {@link resolveNetwork} takes
 * it.
 */
export interface NetworkInput extends Partial<NetworkSizes> {
  /** Name of the method that the network belongs to. */
  method?: "automlp";
  /** Number of items; ids run from 1. */
  items: number;
  /** Features of the items that are embedded with them. Default: none. */
  features?: readonly NetworkFeature[];
  /** Lengths k of the short-term modules, none longer than `length`. */
  lengths: readonly number[];
}

/**
 * The largest sizes that are accepted from options or from a file. They are far beyond what trains well, and prevent a mistyped or
 * hostile number from using up all memory before anything is computed. The memory that a network within these limits needs is
 * estimated afterwards (see `model/memory/`).
 */
export const LIMITS = {
  /** Item ids and feature codes are 32-bit integers in the engine. */
  ids: 2 ** 31 - 2,
  /** Maximum length of a history: no user has a million interactions. */
  length: 1_000_000,
  /** Channels and hidden units: a square layer of this size takes 16 GiB. */
  width: 65_536,
  /** Layers in all modules together: each takes about ten tensors and kernel calls. */
  layers: 10_000,
  /** Candidate lengths: each is a separate module. */
  lengths: 1000,
  /** Item features: each is a separate table. */
  features: 1000,
} as const;

/** A whole number from 1 to a limit. */
const upTo = (limit: number) => z.int().min(1).max(limit, `must be at most ${limit}`);

/** An item feature, as the embedding layer sees it. */
const featureShape = z.object({
  name: z.string(),
  kind: z.enum(["categorical", "multi", "numeric"]),
  /** Distinct codes, 1 … values; 0 for plain numbers. */
  values: z.int().nonnegative().max(LIMITS.ids),
});
const features = z.array(featureShape).max(LIMITS.features, `must be at most ${LIMITS.features} features`);

/** Sizes and choices that depend neither on the data nor on the search; the texts are shown by `--help`. */
export const sizesShape = {
  /** T. */
  length: upTo(LIMITS.length).optional().meta({
    title: "T",
    description: "maximum length of a history",
    fallback: `${USUAL_LENGTH}, less where nearly all are shorter`,
  }),
  /** Channels, D: the size of an item's vector. */
  dim: upTo(LIMITS.width).default(128).meta({
    title: "D",
    description: "size of the embeddings",
    space: [32, 64, 128],
  }),
  /** L. */
  layers: upTo(LIMITS.layers).default(2)
    .meta({ title: "L", description: "number of layers in a short-term module", space: [1, 2, 3, 4] }),
  longLayers: z.int().nonnegative().max(LIMITS.layers, `must be at most ${LIMITS.layers}`).optional().meta({
    yaml: true,
    title: "L",
    description: "number of layers in the long-term module; 0 leaves it out",
    fallback: "as many as --layers",
  }),
  /** R_s. */
  sequenceHidden: upTo(LIMITS.width).default(64)
    .meta({ yaml: true, title: "R", description: "hidden size of the sequence mixers" }),
  /** R_c. */
  channelHidden: upTo(LIMITS.width).optional()
    .meta({ yaml: true, title: "R", description: "hidden size of the channel mixers", fallback: "as --dim" }),
  /** Applied to the embedded sequence and to the joint representation. */
  dropout: z.number().min(0).lt(1).optional().meta({
    title: "P",
    description: "share of the inputs that a training step sets to zero",
    fallback: `${USUAL_DROPOUT}, more where items have few interactions`,
    space: { min: 0, max: 0.6 },
  }),
  targetsPerHistory: upTo(LIMITS.length).default(1).meta({
    yaml: true,
    title: "M",
    description:
      "number of successive targets of a user that share one pass of the long-term module in training; more make long histories cheaper",
  }),
  seenBias: z.number().min(-100).max(100).optional().meta({
    yaml: true,
    title: "X",
    description: "added to the score of an item that the user has had before",
    fallback: "set from how rarely users repeat an item",
  }),
  fusion: z.enum(FUSIONS).optional().meta({
    yaml: true,
    description:
      "how the vectors of an item and of its features are combined: added up, or concatenated and passed through a fully connected layer",
    fallback: `${USUAL_FUSION}, or sum where items have few interactions`,
  }),
  score: z.enum(["dot", "cosine"]).default("dot").meta({
    yaml: true,
    description: "similarity of a history with an item",
  }),
  /** Applied before the loss. */
  temperature: z.number().positive().default(0.1)
    .meta({ yaml: true, title: "X", description: "with score: cosine: divisor of the cosine" }),
};

/** The names of the options of a network, without its items and features. */
export const NETWORK_OPTIONS: readonly string[] = [...Object.keys(sizesShape), "lengths"];

/** Returns the number of targets that share a history in training. Without a long-term module there is nothing to share. */
export const targetsPerHistory = (
  { longLayers, targetsPerHistory }: Pick<NetworkConfig, "longLayers" | "targetsPerHistory">,
): number => longLayers > 0 ? targetsPerHistory : 1;

/** Returns a remark if short-term modules do not reach back to the history that targets share: no module sees the items between. */
export function unseenBetween(config: NetworkConfig): string | undefined {
  const furthest = targetsPerHistory(config) - 1, short = config.lengths.filter((k) => k < furthest);
  if (short.length === 0) return undefined;
  return `Targets that share a history have up to ${furthest} items of their own behind it, and a short-term length of ${
    short.join(", ")
  } sees fewer: no module learns from the items between; take lengths of ${furthest} or more, or a lower targetsPerHistory`;
}

/** Default candidates for the short-term length. */
const CANDIDATES = [3, 5, 10, 15, 20];
/** Default candidates if targets share histories: the first `SO_MANY` of these that reach back to the shared history. */
const REACHING_BACK = [3, 5, 10, 15, 20, 30, 40, 60, 80, 120, 160], SO_MANY = 4;

/** Returns the default candidate lengths that fit into a history, or the whole history's length if none does. */
export function defaultCandidates(
  { length, longLayers, targetsPerHistory }: Pick<
    NetworkConfig,
    "length" | "longLayers" | "targetsPerHistory"
  >,
): number[] {
  const isShared = longLayers > 0 && targetsPerHistory > 1;
  const lengths = isShared
    ? REACHING_BACK.filter((k) => k >= targetsPerHistory - 1 && k <= length).slice(0, SO_MANY)
    : CANDIDATES.filter((k) => k <= length);
  return lengths.length > 0 ? lengths : [length];
}

/** The sizes and choices of a network, as they are in `model/config.json`. */
export const networkSchema = z.strictObject({
  method: z.literal("automlp").default("automlp"),
  /** Number of items; ids run from 1. */
  items: upTo(LIMITS.ids),
  features: features.default([]),
  ...sizesShape,
  /** Lengths k of the short-term modules that run side by side: several in the search, one after it. */
  lengths: z.array(upTo(LIMITS.length)).min(1)
    .max(LIMITS.lengths, `must be at most ${LIMITS.lengths} lengths`),
}).superRefine((network, context) => {
  const problem = contradictionIn(network);
  if (problem) context.addIssue({ code: "custom", ...problem });
}).transform((network) => ({
  ...network,
  length: network.length ?? USUAL_LENGTH,
  longLayers: network.longLayers ?? network.layers,
  channelHidden: network.channelHidden ?? network.dim,
  dropout: network.dropout ?? USUAL_DROPOUT,
  fusion: network.fusion ?? USUAL_FUSION,
  lengths: [...network.lengths].sort((a, b) => a - b),
}));

true satisfies Describes<typeof networkSchema, NetworkConfig, NetworkInput>;

/** Finds values that contradict each other although each is valid by itself, and says what could be done. */
function contradictionIn(
  { length = USUAL_LENGTH, layers, longLayers = layers, lengths, features }:
    & Omit<NetworkConfig, "channelHidden" | "dropout" | "fusion" | "length" | "longLayers">
    & Partial<Pick<NetworkConfig, "length" | "longLayers">>,
): { path: string[]; message: string; params?: { wish: string } } | undefined {
  const long = lengths.find((k) => k > length);
  if (long !== undefined) {
    return {
      path: ["lengths"],
      message: `the candidate length ${long} is longer than the sequence, ${length}`,
      params: { wish: "raise --length" },
    };
  }
  const twice = firstRepeated(lengths);
  if (twice !== undefined) {
    return { path: ["lengths"], message: `the candidates name the length ${twice} twice` };
  }
  const all = lengths.length * layers + longLayers;
  if (all > LIMITS.layers) {
    return { path: ["layers"], message: `it has ${all} layers in all modules, more than ${LIMITS.layers}` };
  }
  const name = firstRepeated(features.map(({ name }) => name));
  if (name !== undefined) return { path: ["features"], message: `two features are called "${name}"` };
}

/** Returns a network as the input for networks of other sizes: if R_c equals D, it is left out, so that it follows the new D. */
export function adaptable(network: NetworkConfig): NetworkInput {
  const { channelHidden, ...others } = network;
  return channelHidden === network.dim ? others : network;
}

/**
 * Checks a network's description and fills in defaults.
 *
 * @throws {InputError} if a value is invalid, or a candidate occurs twice or is longer than the sequence.
 * @example
 * ```ts
 * import { resolveNetwork } from "automlp";
 * import assert from "node:assert/strict";
 *
 * const { length, dim } = resolveNetwork({ items: 100, lengths: [5], dim: 32 });
 * assert.deepEqual([length, dim], [50, 32]);
 * assert.throws(() => resolveNetwork({ items: 100, lengths: [60] }), /longer than the sequence/);
 * ```
 */
export function resolveNetwork(input: NetworkInput): NetworkConfig {
  const parsed = networkSchema.safeParse(input, { error: inPlainWords });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (issue.code === "unrecognized_keys" && issue.path.length === 0) {
    const [key] = issue.keys;
    throw new InputError(
      `Cannot build the network: there is no option ${key}${didYouMean(key, NETWORK_OPTIONS)}`,
    );
  }
  if (issue.code !== "custom") {
    const { name, message } = placed(issue);
    throw new InputError(`Cannot build the network: ${name}: ${message}`);
  }
  const wish = issue.params?.wish ? `; ${issue.params.wish}` : "";
  throw new InputError(`Cannot build the network: ${issue.message}${wish}`);
}
