/**
 * What an AutoMLP network is, as types: its sizes and choices. Their check, defaults and limits are in `config.ts`.
 *
 * @module
 */
import { objectWith, type Wanted } from "../../pipeline/contract/options/arguments.ts";

/** Sizes and choices that do not depend on the data, nor on what is searched. Part of a {@link NetworkConfig}. */
export interface NetworkSizes {
  /** T: the maximum length of a history. Default: 50; {@link networkFor} takes 10 or 20 where 95 % of the histories of the data are no longer. */
  length: number;
  /** D: the size of an item's vector. Default: 128. */
  dim: number;
  /** L: layers in a short-term module. Default: 2. */
  layers: number;
  /** Layers in the long-term module; 0 leaves it out. Default: as many as `layers`. */
  longLayers: number;
  /** R_s: the hidden size of the sequence mixers. Default: 64. */
  sequenceHidden: number;
  /** R_c: the hidden size of the channel mixers. Default: D. */
  channelHidden: number;
  /** Share of the inputs that a training step sets to zero, 0 … 1: of the embedded sequence and of the joint representation. Default: 0.2; {@link networkFor} goes by how often the data's items occur. */
  dropout: number;
  /**
   * Successive targets of a user that share one pass of the long-term module while weights are learnt: it then takes the history before the first
   * of them, the short-term module what came before each. What is judged and recommended has each its own. Default: 1.
   */
  targetsPerHistory: number;
  /** What is added to the score of an item that the user has had before. Default: nothing; {@link networkFor} goes by how rarely the data's users repeat. */
  seenBias?: number;
  /**
   * How the vectors of an item and of its features become one: `sum`, or `concat`, side by side through a fully connected layer, as in the paper.
   * Default: `concat`; {@link networkFor} takes `sum` where the data's items have few interactions.
   */
  fusion: "sum" | "concat";
  /** Similarity of a history with an item. Default: `dot`. */
  score: "dot" | "cosine";
  /** With `cosine`: what the cosine is divided by before the loss. Default: 0.1. */
  temperature: number;
}

/** An item feature, as the embedding layer sees it. Part of a {@link NetworkConfig}. */
export interface NetworkFeature {
  /** The side column it was made of. */
  name: string;
  /** One code, several codes, or a number for each item. */
  kind: "categorical" | "multi" | "numeric";
  /** Distinct codes, 1 … values; 0 for plain numbers. */
  values: number;
}

/** A network's sizes and choices, as they are in `model/config.json`. {@link networkFor} makes one for a dataset. */
export interface NetworkConfig extends NetworkSizes {
  /** The method whose network it is. */
  method: "automlp";
  /** Number of items; ids run from 1. */
  items: number;
  /** Features of the items that are embedded beside them. */
  features: NetworkFeature[];
  /** Lengths k of the short-term modules that run side by side, ascending: several in the search, one after it. */
  candidates: number[];
}

/** The same, with defaults left out: `items` and `candidates` have none. What {@link resolveNetwork} takes. */
export interface NetworkInput extends Partial<NetworkSizes> {
  /** The method whose network it is. */
  method?: "automlp";
  /** Number of items; ids run from 1. */
  items: number;
  /** Features of the items that are embedded beside them. Default: none. */
  features?: readonly NetworkFeature[];
  /** Lengths k of the short-term modules, none longer than `length`. */
  candidates: readonly number[];
}

/** A network's description, as an argument. */
export const NETWORK: Wanted = objectWith(
  "a network, as networkFor(dataset) gives it",
  "items",
  "candidates",
);
