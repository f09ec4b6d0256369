/**
 * The configuration of an AutoMLP network, as types: its sizes and choices. Their checks, defaults and limits are in `config.ts`.
 *
 * @module
 */
import { objectWith, type Wanted } from "../../pipeline/contract/options/arguments.ts";

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

/** A network's description, as an argument. */
export const NETWORK: Wanted = objectWith(
  "a network, as networkFor(dataset) gives it",
  "items",
  "lengths",
);
