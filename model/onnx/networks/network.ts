/**
 * What a network is as a graph: vectors of histories and of items, whose dot products are the scores, and a number that each item may add.
 *
 * @module
 */
import type { ItemFeature } from "../../../pipeline/contract/dataset/item_features.ts";
import type { Graph, Value } from "../graph.ts";

/** What a network gives. */
export interface Described {
  /** [batch, E] */
  histories: Value;
  /** [items + 1, E] */
  items: Value;
  /** Added to the scores, [items + 1]. */
  biases?: Value;
}

/**
 * A method's network as it scores, with the configuration that it was trained with. One is written a file, beside `model/methods/`, whose
 * networks it repeats.
 *
 * @param history The input, [batch, length]: see `history.ts`.
 */
export type NetworkGraph<C> = (
  g: Graph,
  config: C,
  history: Value,
  features: readonly ItemFeature[],
) => Described;
