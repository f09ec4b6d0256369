/**
 * The networks' tables of items, `model/methods/item_tables.ts`.
 *
 * @module
 */
import { ITEM_TABLE } from "../../layers/embedding.ts";
import { BIAS_TABLE, type ItemTables, OUTPUT_TABLE } from "../../methods/item_tables.ts";
import type { Graph } from "../graph.ts";
import { reshape } from "../ops.ts";
import type { Described } from "../networks/network.ts";

/** The values that scores are computed from: the items' vectors and, if there are any, their biases. */
export function itemTables(
  g: Graph,
  { tied, itemBias }: Omit<ItemTables, "dim">,
): Pick<Described, "items" | "biases"> {
  return {
    items: g.weight(tied ? ITEM_TABLE : OUTPUT_TABLE),
    ...(itemBias && { biases: reshape(g, g.weight(BIAS_TABLE), -1) }),
  };
}
