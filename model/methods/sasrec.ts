/**
 * SASRec: causal self-attention over the sequence; every place is asked for its next item.
 *
 * Source: Kang and McAuley, "Self-Attentive Sequential Recommendation" (ICDM 2018): embeddings with learnt positions (eq. 1),
 * self-attention (eq. 2 to 4), a position-wise feed-forward network (eq. 5), both with LayerNorm, dropout and residuals (eq. 6, 7); scores
 * are dot products with the items' embeddings (eq. 8). The paper trains by `bce` with one negative; the default here is the cross-entropy over
 * all items, which Klenitskiy and Vasilev (RecSys 2023) found to be what SASRec lacked beside BERT4Rec.
 *
 * RecBole's SASRec normalises behind each residual (post-norm) and has GELU; the paper's equations normalise in front, as here.
 *
 * @module
 */
import { z } from "zod";
import type { Tensor1D, Tensor2D, Tensor3D } from "../backend/tensor.ts";
import { ITEM_TABLE } from "../layers/embedding.ts";
import { bias, dense, gain, type ParameterSpec } from "../layers/parameters.ts";
import { attention } from "../ops/attention.ts";
import type { Value } from "../ops/tape.ts";
import type { Batch, Network } from "../train/network.ts";
import type { Pass } from "../train/pass.ts";
import { type Configured, shapes } from "./config.ts";
import { neuralMethod } from "./neural.ts";

const shape = {
  ...shapes,
  heads: z.int().positive().max(64).default(1).meta({ title: "H", description: "heads of the attention" }),
};
type Config = Configured<typeof shape>;

/** Embeddings begin small, so that no item stands out. */
const DEVIATION = 0.02;

const blockParameters = (name: string, dim: number): ParameterSpec[] => [
  gain(`${name}.attention.gain`, dim),
  bias(`${name}.attention.bias`, dim),
  ...["wq", "wk", "wv"].map((w) => dense(`${name}.attention.${w}`, dim, dim)),
  gain(`${name}.feed.gain`, dim),
  bias(`${name}.feed.bias`, dim),
  dense(`${name}.feed.w1`, dim, dim),
  bias(`${name}.feed.b1`, dim),
  dense(`${name}.feed.w2`, dim, dim),
  bias(`${name}.feed.b2`, dim),
];

class SasrecNetwork implements Network {
  readonly parameters: readonly ParameterSpec[];

  constructor(readonly config: Config) {
    const { items, dim, length, layers } = config;
    this.parameters = [
      { name: ITEM_TABLE, shape: [items + 1, dim], deviation: DEVIATION, rows: "items" },
      { name: "positions.embedding", shape: [length, dim], deviation: DEVIATION },
      ...Array.from({ length: layers }, (_, i) => blockParameters(`block.${i}`, dim)).flat(),
      gain("output.gain", dim),
      bias("output.bias", dim),
    ];
  }

  items(pass: Pass, ids: Uint32Array): Value<Tensor2D> {
    return pass.table(ITEM_TABLE, ids);
  }

  encode(pass: Pass, batch: Batch, items: Value<Tensor2D>): Value<Tensor2D> {
    const { ops } = pass, { dim, layers } = this.config, { size, length, rows, at } = batch;
    const places = Int32Array.from(rows, (_, i) => Math.floor(i / size));
    const scaled = ops.scale(ops.gather(items, rows), Math.sqrt(dim));
    let x = pass.dropout(ops.add(scaled, ops.gather(pass.weight("positions.embedding"), places)));
    for (let i = 0; i < layers; i++) x = this.#block(pass, `block.${i}`, x, batch); // [T·B, D]
    const newest = Int32Array.from({ length: size }, (_, b) => (length - 1) * size + b);
    return ops.layerNorm(
      ops.gather(x, at ?? newest),
      pass.weight<Tensor1D>("output.gain"),
      pass.weight<Tensor1D>("output.bias"),
    );
  }

  #block(pass: Pass, name: string, x: Value<Tensor2D>, { ids, size, length }: Batch): Value<Tensor2D> {
    const { ops } = pass, { dim, heads } = this.config;
    const weight = (part: string) => pass.weight(`${name}.${part}`);
    const vector = (part: string) => pass.weight<Tensor1D>(`${name}.${part}`);
    const inTime = (y: Value<Tensor2D>) => ops.reshape<Tensor3D>(y, [length, size, dim]);
    const normal = ops.layerNorm(x, vector("attention.gain"), vector("attention.bias"));
    const attended = attention(
      ops,
      inTime(ops.matMul(normal, weight("attention.wq"), false, true)),
      inTime(ops.matMul(x, weight("attention.wk"), false, true)),
      inTime(ops.matMul(x, weight("attention.wv"), false, true)),
      { heads, causal: true, ids },
    );
    const y = ops.add(x, pass.dropout(ops.reshape<Tensor2D>(attended, [length * size, dim])));
    const inner = ops.layerNorm(y, vector("feed.gain"), vector("feed.bias"));
    const hidden = pass.dropout(ops.relu(ops.dense(inner, weight("feed.w1"), vector("feed.b1"))));
    return ops.add(y, pass.dropout(ops.dense(hidden, weight("feed.w2"), vector("feed.b2"))));
  }
}

/** SASRec (Kang and McAuley, ICDM 2018). */
export const sasrec = neuralMethod({
  name: "sasrec",
  title: "SASRec",
  paper: "Kang and McAuley, ICDM 2018",
  help: "causal self-attention over the sequence",
  shape,
  examples: "each",
  loss: "ce",
  training: { batchSize: 128 },
  network: (_dataset, config) => new SasrecNetwork(config),
});
