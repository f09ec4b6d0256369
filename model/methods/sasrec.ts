/**
 * SASRec: causal self-attention over the sequence; training predicts the next item at every position.
 *
 * Source: Kang and McAuley, "Self-Attentive Sequential Recommendation" (ICDM 2018): embeddings with learnt positions (eq. 1),
 * self-attention (eq. 2, 3), a position-wise feed-forward network (eq. 4), blocks of both (eq. 5), each with LayerNorm before it, dropout
 * and a residual (section III.C); scores are dot products with the items' embeddings (section III.D). The paper trains by `bce` with one
 * negative; the default here is the cross-entropy over all items, which Klenitskiy and Vasilev (RecSys 2023) found to be what SASRec
 * lacked compared with BERT4Rec.
 *
 * RecBole's SASRec normalises after each residual (post-norm) and has GELU; the paper's equations normalise before, as here.
 *
 * @module
 */
import { denseLayer, norm } from "../layers/dense.ts";
import { ITEM_TABLE } from "../layers/item_vectors.ts";
import { parametersOf, table } from "../layers/parameters.ts";
import { type Block, positions, selfAttention, throughBlocks } from "../layers/transformer.ts";
import type { Network } from "../train/network.ts";
import { causal, checkHeads, type Configured, heads, neuralMethod, shapes } from "./neural.ts";

const shape = {
  ...shapes,
  heads: heads(1),
  ...causal,
};
type Config = Configured<typeof shape>;

/** A block that applies LayerNorm before each part. */
function block(name: string, { dim, heads }: Config): Block {
  const before = norm(`${name}.attention`, dim), beforeFeed = norm(`${name}.feed`, dim);
  const attention = selfAttention(`${name}.attention`, { dim, heads, causal: true });
  const inner = denseLayer([`${name}.feed.w1`, `${name}.feed.b1`], dim, dim);
  const outer = denseLayer([`${name}.feed.w2`, `${name}.feed.b2`], dim, dim);
  return {
    parameters: parametersOf(before, attention, beforeFeed, inner, outer),
    apply(pass, x, places, at) {
      const { ops } = pass;
      const attended = attention.apply(pass, before.apply(pass, x), x, places);
      const all = ops.add(x, pass.dropout(attended)), y = at ? ops.gather(all, at) : all;
      const hidden = pass.dropout(ops.relu(inner.apply(pass, beforeFeed.apply(pass, y))));
      return ops.add(y, pass.dropout(outer.apply(pass, hidden)));
    },
  };
}

function networkOf(config: Config): Network {
  const { items: count, dim, length, layers } = config;
  const vectors = table(ITEM_TABLE, "items", count + 1, dim);
  const places = positions("positions.embedding", length, dim);
  const blocks = Array.from({ length: layers }, (_, i) => block(`block.${i}`, config));
  const output = norm("output", dim);
  return {
    parameters: parametersOf(vectors, places, ...blocks, output),
    items: (pass, ids) => pass.table(vectors, ids),
    encode(pass, batch, items) {
      const { ops } = pass;
      const scaled = ops.scale(ops.gather(items, batch.rows), Math.sqrt(dim));
      const x = pass.dropout(places.addTo(pass, scaled, batch)); // [T · B, D]
      return output.apply(pass, throughBlocks(pass, blocks, x, batch)); // [n, D]
    },
  };
}

/** SASRec (Kang and McAuley, ICDM 2018). */
export const sasrec = neuralMethod({
  name: "sasrec",
  title: "SASRec",
  paper: "Kang and McAuley, ICDM 2018",
  help: "causal self-attention over the sequence",
  shape,
  check: (sizes) => checkHeads("SASRec", sizes),
  examples: ({ examples }) => examples,
  loss: "ce",
  training: { batchSize: 128 },
  network: (_dataset, config) => networkOf(config),
});
