/**
 * The interface of a network as a graph: vectors of histories and of items, whose dot products are the scores, and an
 * optional bias for each item.
 *
 * @module
 */
import type { ItemFeature } from "../../../pipeline/contract/dataset/item_features.ts";
import type { Graph, Value } from "../graph.ts";

/** The outputs of a network. */
export interface Described {
  /** Vectors of the histories, [batch, E]. */
  histories: Value;
  /** Vectors of the items, [items + 1, E]. */
  items: Value;
  /** Biases added to the scores, [items + 1]. */
  biases?: Value;
}

/**
 * A method's network for scoring, with the configuration that it was trained with. Each has its own file and repeats
 * the network in `model/methods/`.
 *
 * @param history The input, [batch, length]: see `history.ts`.
 */
export type NetworkGraph<C> = (
  g: Graph,
  config: C,
  history: Value,
  features: readonly ItemFeature[],
) => Described;
