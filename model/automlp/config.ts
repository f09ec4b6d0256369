/**
 * What an AutoMLP network is: its sizes and choices.
 *
 * @module
 */
import { z } from "zod";
import { InputError } from "../../pipeline/contract/errors.ts";

const size = z.int().positive();

/** An item feature, as the embedding layer sees it. */
const featureShape = z.object({
  name: z.string(),
  kind: z.enum(["categorical", "multi", "numeric"]),
  /** Distinct codes, 1 … values; 0 for plain numbers. */
  values: z.int().nonnegative(),
});

/** The sizes and choices of a network, as they stand in `model/config.json`. */
export const networkSchema = z.strictObject({
  method: z.literal("automlp").default("automlp"),
  /** Number of items; ids run from 1. */
  items: size,
  features: z.array(featureShape).default([]),
  /** Longest history, T. */
  length: size.default(50),
  /** Channels, D: the size of an item's vector. */
  dim: size.default(64),
  /** Layers of a short-term module, L. */
  layers: size.default(2),
  /** Layers of the long-term module; 0 switches it off. */
  longLayers: z.int().nonnegative().default(2),
  /** Hidden size of the sequence mixers, R_s. */
  sequenceHidden: size.default(64),
  /** Hidden size of the channel mixers, R_c. */
  channelHidden: size.default(64),
  /** Lengths k of the short-term modules that run side by side: several in the search, one after it. */
  candidates: z.array(size).min(1),
  /** Similarity of a history with an item. */
  score: z.enum(["dot", "cosine"]).default("dot"),
  /** With `cosine`: what the cosine is divided by before the loss. */
  temperature: z.number().positive().default(0.1),
  /** Share of the embedded sequence and of the joint representation that a training step sets to zero. */
  dropout: z.number().min(0).lt(1).default(0.2),
});

/** A network's sizes and choices. */
export type NetworkConfig = z.output<typeof networkSchema>;
/** The same, with defaults left out. */
export type NetworkInput = z.input<typeof networkSchema>;

/**
 * Checks a network's description and fills in defaults.
 *
 * @throws {InputError} where a value does not fit, a candidate occurs twice or is longer than the sequence.
 */
export function resolveNetwork(input: NetworkInput): NetworkConfig {
  const parsed = networkSchema.safeParse(input);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new InputError(`Cannot build the network: ${issue.path.join(".")}: ${issue.message}`);
  }
  const { candidates, length } = parsed.data;
  const long = candidates.find((k) => k > length);
  if (long !== undefined) {
    throw new InputError(
      `Cannot build the network: the candidate length ${long} is longer than the sequence, ${length}; raise --length`,
    );
  }
  if (new Set(candidates).size < candidates.length) {
    throw new InputError(
      `Cannot build the network: the candidates ${candidates.join(", ")} name one length twice`,
    );
  }
  return { ...parsed.data, candidates: [...candidates].sort((a, b) => a - b) };
}
