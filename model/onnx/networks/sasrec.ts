/**
 * SASRec, `model/methods/sasrec.ts`.
 *
 * @module
 */
import { ITEM_TABLE } from "../../layers/embedding.ts";
import { type Config, POSITIONS } from "../../methods/sasrec.ts";
import { padded } from "../history.ts";
import { norm, type Places, selfAttention, sight, withPositions } from "../layers/transformer.ts";
import type { Graph, Value } from "../graph.ts";
import { add, dense, gather, last, mul, newest, relu } from "../ops.ts";
import type { NetworkGraph } from "./network.ts";

/** SASRec. */
export const sasrec: NetworkGraph<Config> = (g, config, history) => {
  const { length, dim, layers } = config, items = g.weight(ITEM_TABLE), ids = padded(g, history, length);
  const seen = sight(g, ids, length, true);
  let x = withPositions(g, POSITIONS, mul(g, gather(g, items, ids), g.number(Math.sqrt(dim)))); // [B, T, D]
  for (let i = 0; i < layers; i++) {
    x = block(g, `block.${i}`, x, { ...config, seen, asked: i === layers - 1 ? 1 : length });
  }
  return { histories: last(g, norm(g, "output", x, dim)), items };
};

/** A block that applies LayerNorm before each part. */
function block(g: Graph, name: string, x: Value, places: Places): Value {
  const { dim, asked } = places, queries = norm(g, `${name}.attention`, newest(g, x, asked), dim);
  const attended = selfAttention(g, `${name}.attention`, queries, x, places);
  const y = add(g, newest(g, x, asked), attended);
  const hidden = relu(g, dense(g, norm(g, `${name}.feed`, y, dim), `${name}.feed.w1`, `${name}.feed.b1`));
  return add(g, y, dense(g, hidden, `${name}.feed.w2`, `${name}.feed.b2`));
}
