/**
 * AutoMLP, `model/automlp/network.ts`, with the one short-term length that it was trained with.
 *
 * @module
 */
import { InputError } from "../../../pipeline/contract/errors.ts";
import { embeddedFeatures } from "../../automlp/build.ts";
import { interestLayers } from "../../automlp/interest.ts";
import type { NetworkConfig } from "../../automlp/network_config.ts";
import { EPSILON } from "../../layers/srsmlp.ts";
import { padded } from "../history.ts";
import { itemVectors } from "../layers/embedding.ts";
import { similaritySpace } from "../layers/similarity.ts";
import { srsmlp } from "../layers/srsmlp.ts";
import { concat, dense, gather, last, layerNorm } from "../ops.ts";
import type { ItemFeature } from "../../../pipeline/contract/dataset/item_features.ts";
import type { Graph, Value } from "../graph.ts";

/** AutoMLP. */
export function automlp(
  g: Graph,
  config: NetworkConfig,
  history: Value,
  features: readonly ItemFeature[],
): { histories: Value; items: Value } {
  const { length, dim, layers, longLayers, candidates, score, temperature } = config;
  if (candidates.length > 1) {
    throw new InputError(
      `Cannot write AutoMLP as ONNX with the short-term lengths ${candidates.join(", ")} side by side: ` +
        "retrain it with the selected one",
    );
  }
  const vectors = itemVectors(g, embeddedFeatures(features, config), config);
  const x = gather(g, vectors, padded(g, history, length)); // [B, T, D]
  /** A module's output at its newest position, [B, D]. */
  const interest = (name: string, n: number, count: number) =>
    last(g, interestLayers(name, n, count, config).reduce((y, layer) => srsmlp(g, layer, y), x));
  const [k] = candidates, short = interest(`short.${k}`, k, layers);
  const joint = longLayers > 0 ? concat(g, [short, interest("long", length, longLayers)], 1) : short;
  const normal = layerNorm(g, joint, longLayers > 0 ? 2 * dim : dim, EPSILON);
  const space = (x: Value) => similaritySpace(g, score, temperature, x);
  return { histories: space(dense(g, normal, "output.wo", "output.bo")), items: space(vectors) };
}
