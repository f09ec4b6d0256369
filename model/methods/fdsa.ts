/**
 * FDSA: causal self-attention over the items and, in parallel, over their features; training predicts the next item at every position.
 *
 * Source: Zhang et al., "Feature-level deeper self-attention network for sequential recommendation" (IJCAI 2019): vanilla attention joins
 * an item's features A = {a_1 … a_F} to f = Σ α_k ⊙ a_k, α = softmax over the features of Wᶠ a_k + bᶠ (equations 1 and 2; with one feature,
 * f is its vector); two stacks of self-attention blocks, one over the items and one over the f, each with learnt positions, multi-head
 * attention and a feed-forward network with ReLU, both with a residual and a LayerNorm after it; both outputs side by side go through a
 * dense layer, whose output is compared with the items' embeddings. The paper's features are categories, brands and words of texts; here
 * they are the dataset's. Its loss is `bce` with one negative; the default here is the cross-entropy over all items, as for SASRec.
 *
 * RecBole's FDSA weighs features as a whole, not number by number, has one table of positions for both stacks, GELU, a LayerNorm before
 * the blocks and one after the dense layer, and learns from the last position only.
 *
 * @module
 */
import type { ItemFeature } from "../../pipeline/contract/dataset/item_features.ts";
import type { Tensor1D, Tensor2D } from "../backend/tensor.ts";
import { ITEM_TABLE } from "../layers/embedding.ts";
import { featureParameters, featureVectors } from "../layers/features.ts";
import { bias, dense, type ParameterSpec } from "../layers/parameters.ts";
import {
  blockParameters,
  positionParameters,
  transformerBlock,
  withPositions,
} from "../layers/transformer.ts";
import { blend } from "../ops/blend.ts";
import type { Value } from "../ops/tape.ts";
import { type Batch, type Network, newest } from "../train/network.ts";
import type { Pass } from "../train/pass.ts";
import { causal, checkHeads, type Configured, heads, shapes } from "./config.ts";
import { neuralMethod } from "./neural.ts";

const shape = {
  ...shapes,
  heads: heads(2),
  ...causal,
};
/** The method's sizes and choices. */
export type Config = Configured<typeof shape>;

/** Embeddings are initially small, so that no item stands out. */
const DEVIATION = 0.02;

/** The stacks of blocks. */
export const STACKS = ["items", "features"] as const;

class FdsaNetwork implements Network {
  readonly parameters: readonly ParameterSpec[];

  constructor(readonly config: Config, readonly features: readonly ItemFeature[]) {
    const { items, dim, length, layers } = config;
    this.parameters = [
      { name: ITEM_TABLE, shape: [items + 1, dim], deviation: DEVIATION, rows: "items" },
      ...featureParameters(features, dim),
      ...(features.length > 1
        ? [dense("features.attention.w", dim, dim), bias("features.attention.b", dim)]
        : []),
      ...STACKS.flatMap((stack) => [
        positionParameters(`${stack}.positions`, length, dim),
        ...Array.from({ length: layers }, (_, i) => blockParameters(`${stack}.block.${i}`, dim, 4 * dim))
          .flat(),
      ]),
      dense("output.w", dim, 2 * dim),
      bias("output.b", dim),
    ];
  }

  items(pass: Pass, ids: Uint32Array): Value<Tensor2D> {
    return pass.table(ITEM_TABLE, ids);
  }

  encode(pass: Pass, batch: Batch, items: Value<Tensor2D>): Value<Tensor2D> {
    const { ops } = pass,
      inputs = {
        items: ops.gather(items, batch.rows),
        features: this.#features(pass, batch.ids),
      };
    const outputs = STACKS.map((stack) => this.#stack(pass, stack, inputs[stack], batch));
    return ops.dense(ops.concat(outputs), pass.weight("output.w"), pass.weight<Tensor1D>("output.b"));
  }

  /** Computes the output of a stack of blocks for its input [T · B, D] at the requested positions, [n, D]. */
  #stack(pass: Pass, name: string, input: Value<Tensor2D>, batch: Batch): Value<Tensor2D> {
    const { layers, heads } = this.config, { at = newest(batch) } = batch;
    const block = { heads, causal: true, activation: "relu" as const };
    let x = pass.dropout(withPositions(pass, `${name}.positions`, input, batch));
    for (let i = 0; i < layers; i++) {
      x = transformerBlock(pass, `${name}.block.${i}`, x, block, batch, i === layers - 1 ? at : undefined);
    }
    return x;
  }

  /** Computes f of the item at each position, [T · B, D], once for each distinct item. */
  #features(pass: Pass, ids: Int32Array): Value<Tensor2D> {
    const items = Int32Array.from(new Set(ids)), places = new Map(Array.from(items, (id, i) => [id, i]));
    const vectors = this.features.map((feature) => featureVectors(pass, feature, this.config.dim, items));
    return pass.ops.gather(this.#joined(pass, vectors), ids.map((id) => places.get(id)!));
  }

  #joined(pass: Pass, vectors: Value<Tensor2D>[]): Value<Tensor2D> {
    if (vectors.length === 1) return vectors[0];
    const w = pass.weight("features.attention.w"), b = pass.weight<Tensor1D>("features.attention.b");
    return blend(pass.ops, vectors, vectors.map((vector) => pass.ops.dense(vector, w, b)));
  }
}

/** FDSA (Zhang et al., IJCAI 2019). */
export const fdsa = neuralMethod({
  name: "fdsa",
  title: "FDSA",
  paper: "Zhang et al., IJCAI 2019",
  help: "causal self-attention over the items and, beside it, over their features",
  shape,
  check: (sizes) => checkHeads("FDSA", sizes),
  examples: ({ examples }) => examples,
  loss: "ce",
  training: { batchSize: 128 },
  needsFeatures: true,
  network: (dataset, config) => new FdsaNetwork(config, dataset.features()),
});
