/**
 * The embedding layer, `model/layers/embedding.ts`, for all items at once, because it depends only on weights.
 * onnxruntime computes it when it loads the model.
 *
 * @module
 */
import type { ItemFeature } from "../../../pipeline/contract/dataset/item_features.ts";
import type { NetworkConfig } from "../../automlp/network_config.ts";
import { ITEM_TABLE } from "../../layers/embedding.ts";
import { POOLING } from "../../layers/fusion.ts";
import type { Graph, Value } from "../graph.ts";
import { concat, dense, mul } from "../ops.ts";
import { featureTable } from "./features.ts";

/** The vectors of all items, [items + 1, D]; that of the padding, 0, is zero. */
export function itemVectors(
  g: Graph,
  features: readonly ItemFeature[],
  { items, fusion }: Pick<NetworkConfig, "items" | "fusion">,
): Value {
  const own = g.weight(ITEM_TABLE);
  if (features.length === 0) return own;
  const vectors = [own, ...features.map((feature) => featureTable(g, feature, items, POOLING[fusion]))];
  const there = new Float32Array(items + 1).fill(1, 1);
  const fused = fusion === "sum"
    ? g.apply("Sum", vectors)
    : dense(g, concat(g, vectors, -1), "features.fuse.w", "features.fuse.b");
  return mul(g, fused, g.constant(there, [items + 1, 1]));
}
