/**
 * NextItNet, `model/methods/nextitnet.ts`.
 *
 * @module
 */
import { ITEM_TABLE } from "../../layers/embedding.ts";
import type { Config } from "../../methods/nextitnet.ts";
import { padded } from "../history.ts";
import { convolution } from "../layers/convolution.ts";
import { itemTables } from "../layers/item_tables.ts";
import { norm } from "../layers/transformer.ts";
import { add, gather, last, relu, reshape } from "../ops.ts";
import { TYPES } from "../proto.ts";
import type { NetworkGraph } from "./network.ts";

/** NextItNet. */
export const nextitnet: NetworkGraph<Config> = (g, config, history) => {
  const { length, dim, layers, period, kernel } = config, ids = padded(g, history, length);
  const known = g.apply("Cast", [ids], { to: TYPES.bool });
  const there = reshape(g, g.apply("Cast", [known], { to: TYPES.float }), 0, length, 1); // [B, T, 1]
  /** ReLU(LayerNorm(ψ(x))) */
  const convolved = (name: string, x: string, dilation: number) =>
    relu(g, norm(g, name, convolution(g, name, x, there, kernel, dilation), dim));
  let x = gather(g, g.weight(ITEM_TABLE), ids); // [B, T, D]
  for (let i = 0; i < layers; i++) {
    const dilation = 4 ** (i % period), inner = convolved(`block.${i}.1`, x, dilation);
    x = add(g, x, convolved(`block.${i}.2`, inner, 2 * dilation));
  }
  return { histories: last(g, x), ...itemTables(g, config) };
};
