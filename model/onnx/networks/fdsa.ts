/**
 * FDSA, `model/methods/fdsa.ts`.
 *
 * @module
 */
import { ITEM_TABLE } from "../../layers/embedding.ts";
import { type Config, STACKS } from "../../methods/fdsa.ts";
import { padded } from "../history.ts";
import { featureTable } from "../layers/features.ts";
import { sight, transformerBlock, withPositions } from "../layers/transformer.ts";
import type { Graph, Value } from "../graph.ts";
import { concat, dense, gather, last, mul } from "../ops.ts";
import type { NetworkGraph } from "./network.ts";

/** FDSA. */
export const fdsa: NetworkGraph<Config> = (g, config, history, features) => {
  const { items: count, length, layers } = config, items = g.weight(ITEM_TABLE);
  const ids = padded(g, history, length), seen = sight(g, ids, length, true);
  const tables = {
    items,
    features: joined(g, features.map((feature) => featureTable(g, feature, count, "mean"))),
  };
  /** The output of a stack of blocks at the newest place, [B, D]. */
  const outputs = STACKS.map((stack) => {
    let x = withPositions(g, `${stack}.positions`, gather(g, tables[stack], ids)); // [B, T, D]
    for (let i = 0; i < layers; i++) {
      const asked = i === layers - 1 ? 1 : length;
      x = transformerBlock(g, `${stack}.block.${i}`, x, { ...config, seen, asked }, "relu");
    }
    return last(g, x);
  });
  return { histories: dense(g, concat(g, outputs, 1), "output.w", "output.b"), items };
};

/** Σ softmax over the features of their scores ⊙ their vectors, for all items at once, [items + 1, D]. */
function joined(g: Graph, vectors: readonly Value[]): Value {
  if (vectors.length === 1) return vectors[0];
  const stack = (values: readonly Value[]) =>
    concat(g, values.map((value) => g.apply("Unsqueeze", [value, g.whole(0)])), 0); // [F, items + 1, D]
  const scores = vectors.map((each) => dense(g, each, "features.attention.w", "features.attention.b"));
  const shares = g.apply("Softmax", [stack(scores)], { axis: 0 });
  return g.apply("ReduceSum", [mul(g, shares, stack(vectors)), g.whole(0)], { keepdims: 0 });
}
