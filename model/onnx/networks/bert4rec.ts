/**
 * BERT4Rec, `model/methods/bert4rec.ts`: the next item is a hidden item behind the history.
 *
 * @module
 */
import { ITEM_TABLE } from "../../layers/embedding.ts";
import { type Config, HIDDEN, POSITIONS } from "../../methods/bert4rec.ts";
import { padded } from "../history.ts";
import { itemTables } from "../layers/item_tables.ts";
import { sight, transformerBlock, withPositions } from "../layers/transformer.ts";
import { concat, dense, gather, gelu, last } from "../ops.ts";
import type { NetworkGraph } from "./network.ts";

/** BERT4Rec. */
export const bert4rec: NetworkGraph<Config> = (g, config, history) => {
  const { length, dim, layers } = config;
  // The newest T − 1 items, followed by the place of the hidden item.
  const before = g.apply("Slice", [padded(g, history, length), g.whole(1), g.whole(length), g.whole(1)]);
  const batch = g.apply("Shape", [history], { end: 1 });
  const hidden = g.apply("Expand", [g.weight(HIDDEN), concat(g, [batch, g.whole(1, dim)], 0)]);
  const there = g.apply("Expand", [g.whole(1), concat(g, [batch, g.whole(1)], 0)]);
  const seen = sight(g, concat(g, [before, there], 1), length, false);
  const embedded = concat(g, [gather(g, g.weight(ITEM_TABLE), before), hidden], 1);
  let x = withPositions(g, POSITIONS, embedded); // [B, T, D]
  for (let i = 0; i < layers; i++) {
    const asked = i === layers - 1 ? 1 : length;
    x = transformerBlock(g, `block.${i}`, x, { ...config, seen, asked }, "gelu");
  }
  return {
    histories: gelu(g, dense(g, last(g, x), "output.w", "output.b")),
    ...itemTables(g, { tied: true, itemBias: true }),
  };
};
