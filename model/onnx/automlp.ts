/**
 * AutoMLP as a graph, with the one short-term length that it was trained with; sequences come first here, [B, T, D].
 *
 * @module
 */
import type { ItemFeature } from "../../pipeline/contract/dataset/item_features.ts";
import { InputError } from "../../pipeline/contract/errors.ts";
import { embeddedFeatures } from "../automlp/build.ts";
import { interestLayers } from "../automlp/interest.ts";
import type { NetworkConfig } from "../automlp/network_config.ts";
import { ITEM_TABLE } from "../layers/embedding.ts";
import { featureParameters } from "../layers/features.ts";
import { POOLING } from "../layers/fusion.ts";
import { TINY } from "../layers/similarity.ts";
import { EPSILON, type SrsmlpShape } from "../layers/srsmlp.ts";
import type { Pooling } from "../ops/feature_look_up.ts";
import type { Graph, Value } from "./graph.ts";
import { GraphOps } from "./graph_ops.ts";
import { padded } from "./history.ts";
import { add, concat, dense, gather, gelu, last, layerNorm, mul, newest, transpose } from "./ops.ts";

/** AutoMLP. */
export function automlp(
  g: Graph,
  config: NetworkConfig,
  history: Value,
  features: readonly ItemFeature[],
): { histories: Value; items: Value } {
  const { length, dim, layers, longLayers, lengths, score, temperature } = config;
  if (lengths.length > 1) {
    throw new InputError(
      `Cannot write AutoMLP as ONNX with the short-term lengths ${lengths.join(", ")} side by side: ` +
        "retrain it with the selected one",
    );
  }
  const vectors = itemVectors(g, embeddedFeatures(features, config), config);
  const x = gather(g, vectors, padded(g, history, length)); // [B, T, D]
  /** A module's output at its newest position, [B, D]. */
  const interest = (name: string, n: number, count: number) =>
    last(g, interestLayers(name, n, count, config).reduce((y, layer) => srsmlp(g, layer, y), x));
  const [k] = lengths, short = interest(`short.${k}`, k, layers);
  const joint = longLayers > 0 ? concat(g, [short, interest("long", length, longLayers)], 1) : short;
  const normal = layerNorm(g, joint, longLayers > 0 ? 2 * dim : dim, EPSILON);
  const space = (x: Value) => similaritySpace(g, score, temperature, x);
  return { histories: space(dense(g, normal, "output.wo", "output.bo")), items: space(vectors) };
}

/**
 * The vectors of all items at once, [items + 1, D], because they depend only on weights: onnxruntime computes them when it loads the model.
 * That of the padding, 0, is zero.
 */
function itemVectors(
  g: Graph,
  features: readonly ItemFeature[],
  { items, fusion }: Pick<NetworkConfig, "items" | "fusion">,
): Value {
  const own = g.weight(ITEM_TABLE);
  if (features.length === 0) return own;
  const vectors = [own, ...featureTables(g, features, items, POOLING[fusion])];
  const there = new Float32Array(items + 1).fill(1, 1);
  const fused = fusion === "sum"
    ? g.apply("Sum", vectors)
    : dense(g, concat(g, vectors, -1), "features.fuse.w", "features.fuse.b");
  return mul(g, fused, g.constant(there, [items + 1, 1]));
}

/** The vectors of each feature of all items, [items + 1, D] each. */
function featureTables(g: Graph, features: readonly ItemFeature[], items: number, pooling: Pooling): Value[] {
  const ops = new GraphOps(g, items), tables = featureParameters(features, 1); // of these, the names matter
  return features.map((feature, i) =>
    ops.featureVectors(g.weight(tables[i].name), feature, undefined, pooling)
  );
}

/** Vectors [n, D] in the space where similarity is a dot product. */
function similaritySpace(
  g: Graph,
  score: "dot" | "cosine",
  temperature: number,
  x: Value,
): Value {
  if (score === "dot") return x;
  const squares = g.apply("ReduceSum", [mul(g, x, x), g.whole(-1)], { keepdims: 1 });
  const length = g.apply("Sqrt", [add(g, squares, g.number(TINY))]);
  return mul(g, g.apply("Div", [x, length]), g.number(1 / Math.sqrt(temperature)));
}

/**
 * An SRSMLP layer over the newest n places.
 *
 * @param x [B, T, D], T ≥ n
 * @returns [B, n, D], or [B, 1, D] if the layer returns only its newest position.
 */
function srsmlp(g: Graph, { name, length, dim, lastOnly }: SrsmlpShape, x: Value): Value {
  const places = newest(g, x, length);
  const affine = { gain: `${name}.sequence.gain`, bias: `${name}.sequence.bias` };
  const channels = transpose(g, layerNorm(g, places, dim, EPSILON, affine), 0, 2, 1); // [B, D, n]
  const across = mlp(g, channels, `${name}.sequence`, ["w1", "b1", "w2", "b2"]);
  const mixed = add(g, lastOnly ? newest(g, x, 1) : places, transpose(g, across, 0, 2, 1));
  const normal = layerNorm(g, mixed, dim, EPSILON);
  return add(g, mixed, mlp(g, normal, `${name}.channel`, ["w3", "b3", "w4", "b4"]));
}

/** W² g(W¹ x + b¹) + b² along the last axis. */
function mlp(g: Graph, x: Value, name: string, [w1, b1, w2, b2]: [string, string, string, string]): Value {
  const hidden = gelu(g, dense(g, x, `${name}.${w1}`, `${name}.${b1}`));
  return dense(g, hidden, `${name}.${w2}`, `${name}.${b2}`);
}
