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
import type { Tensor1D, Tensor2D } from "../backend/tensor.ts";
import { ITEM_TABLE } from "../layers/embedding.ts";
import type { ParameterSpec } from "../layers/parameters.ts";
import {
  attentionParameters,
  feedForwardParameters,
  norm,
  normParameters,
  positionParameters,
  selfAttention,
  withPositions,
} from "../layers/transformer.ts";
import type { Value } from "../ops/tape.ts";
import { type Batch, type Network, newest } from "../train/network.ts";
import type { Pass } from "../train/pass.ts";
import { causal, checkHeads, type Configured, heads, shapes } from "./config.ts";
import { neuralMethod } from "./neural.ts";

const shape = {
  ...shapes,
  heads: heads(1),
  ...causal,
};
/** The method's sizes and choices. */
export type Config = Configured<typeof shape>;

/** Embeddings are initially small, so that no item stands out. */
const DEVIATION = 0.02;
/** Name of the position vectors. */
export const POSITIONS = "positions.embedding";

const blockParameters = (name: string, dim: number): ParameterSpec[] => [
  ...normParameters(`${name}.attention`, dim),
  ...attentionParameters(`${name}.attention`, dim),
  ...normParameters(`${name}.feed`, dim),
  ...feedForwardParameters(`${name}.feed`, dim, dim),
];

class SasrecNetwork implements Network {
  readonly parameters: readonly ParameterSpec[];

  constructor(readonly config: Config) {
    const { items, dim, length, layers } = config;
    this.parameters = [
      { name: ITEM_TABLE, shape: [items + 1, dim], deviation: DEVIATION, rows: "items" },
      positionParameters(POSITIONS, length, dim),
      ...Array.from({ length: layers }, (_, i) => blockParameters(`block.${i}`, dim)).flat(),
      ...normParameters("output", dim),
    ];
  }

  items(pass: Pass, ids: Uint32Array): Value<Tensor2D> {
    return pass.table(ITEM_TABLE, ids);
  }

  encode(pass: Pass, batch: Batch, items: Value<Tensor2D>): Value<Tensor2D> {
    const { ops } = pass, { dim, layers } = this.config, { rows, at = newest(batch) } = batch;
    const scaled = ops.scale(ops.gather(items, rows), Math.sqrt(dim));
    let x = pass.dropout(withPositions(pass, POSITIONS, scaled, batch)); // [T · B, D]
    // The last block computes only the requested positions.
    for (let i = 0; i < layers; i++) {
      x = this.#block(pass, `block.${i}`, x, batch, i === layers - 1 ? at : undefined);
    }
    return norm(pass, "output", x); // [n, D]
  }

  #block(
    pass: Pass,
    name: string,
    x: Value<Tensor2D>,
    batch: Batch,
    at: Int32Array | undefined,
  ): Value<Tensor2D> {
    const { ops } = pass, { heads } = this.config, normal = norm(pass, `${name}.attention`, x);
    const attended = selfAttention(pass, `${name}.attention`, normal, x, { heads, causal: true }, batch);
    const all = ops.add(x, pass.dropout(attended)), y = at ? ops.gather(all, at) : all;
    const dense = (x: Value<Tensor2D>, n: 1 | 2) =>
      ops.dense(x, pass.weight(`${name}.feed.w${n}`), pass.weight<Tensor1D>(`${name}.feed.b${n}`));
    const hidden = pass.dropout(ops.relu(dense(norm(pass, `${name}.feed`, y), 1)));
    return ops.add(y, pass.dropout(dense(hidden, 2)));
  }
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
  network: (_dataset, config) => new SasrecNetwork(config),
});
