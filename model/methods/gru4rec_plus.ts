/**
 * GRU4Rec+: one recurrent network over the items and a parallel one over their features.
 *
 * Source: Hidasi et al., "Parallel recurrent neural network architectures for feature-rich session-based recommendations" (RecSys 2016),
 * the architecture "parallel" of section 3.1: each network has its own input and its own hidden layers, and the scores come from both
 * states side by side. Unlike the paper's images and texts, features here are look-up vectors, averaged over several values, and
 * concatenated. Both networks are trained at once (the paper's "simultaneous"); the paper found it better to train them in turn. A dense
 * layer maps the states to the size of an item's vector, and the result is compared with the items' vectors, as in GRU4Rec.
 *
 * RecBole's GRU4RecF is the same, with cells that have no biases, and one example for each prefix.
 *
 * @module
 */
import { z } from "zod";
import type { ItemFeature } from "../../pipeline/contract/dataset/item_features.ts";
import type { Tensor1D, Tensor2D, Tensor3D } from "../backend/tensor.ts";
import { ITEM_TABLE } from "../layers/embedding.ts";
import { featureParameters, featureVectors } from "../layers/features.ts";
import { bias, dense, type ParameterSpec } from "../layers/parameters.ts";
import { recurrentLayers, recurrentParameters } from "../layers/recurrent.ts";
import type { Value } from "../ops/tape.ts";
import { type Batch, type Network, newest } from "../train/network.ts";
import type { Pass } from "../train/pass.ts";
import { causal, type Configured, RECURRENT_TRAINING, shapes, withDefault } from "./config.ts";
import { neuralMethod } from "./neural.ts";

const shape = {
  ...shapes,
  layers: withDefault(shapes.layers, 1),
  hidden: z.int().positive().max(16_384).default(128)
    .meta({ title: "H", description: "size of each recurrent state", space: [64, 128, 256] }),
  ...causal,
};
/** The method's sizes and choices. */
export type Config = Configured<typeof shape>;

/** Embeddings are initially small, so that no item stands out. */
const DEVIATION = 0.02;

class Gru4recPlusNetwork implements Network {
  readonly parameters: readonly ParameterSpec[];

  constructor(readonly config: Config, readonly features: readonly ItemFeature[]) {
    const { items, dim, hidden, layers } = config;
    const names = features.map(({ name }) => name).join("\n"), width = features.length * dim;
    this.parameters = [
      { name: ITEM_TABLE, shape: [items + 1, dim], deviation: DEVIATION, rows: "items" },
      ...featureParameters(features, dim),
      ...recurrentParameters("gru", "items.gru", layers, dim, hidden),
      // The columns of the first layer belong to the features, in their order.
      ...recurrentParameters("gru", "features.gru", layers, width, hidden).map((spec) => ({
        ...spec,
        columns: spec.name === "features.gru.0.wx" ? names : undefined,
      })),
      dense("output.w", dim, 2 * hidden),
      bias("output.b", dim),
    ];
  }

  items(pass: Pass, ids: Uint32Array): Value<Tensor2D> {
    return pass.table(ITEM_TABLE, ids);
  }

  encode(pass: Pass, batch: Batch, items: Value<Tensor2D>): Value<Tensor2D> {
    const { ops } = pass,
      { layers, hidden } = this.config,
      { size, length, ids, rows, at = newest(batch) } = batch;
    /** Computes the states of one of the networks at the requested positions, [n, H]. */
    const statesOf = (name: string, embedded: Value<Tensor2D>) => {
      const x = ops.reshape<Tensor3D>(pass.dropout(embedded), [length, size, embedded.shape[1]]);
      const y = recurrentLayers(pass, "gru", name, layers, x, ids);
      return ops.gather(ops.reshape<Tensor2D>(y, [length * size, hidden]), at);
    };
    const states = ops.concat([
      statesOf("items.gru", ops.gather(items, rows)),
      statesOf("features.gru", this.#features(pass, ids)),
    ]);
    return ops.dense(states, pass.weight("output.w"), pass.weight<Tensor1D>("output.b"));
  }

  /** Concatenates the features' vectors at each position, [T·B, F·D]; computed once for each distinct item. */
  #features(pass: Pass, ids: Int32Array): Value<Tensor2D> {
    const items = Int32Array.from(new Set(ids)), places = new Map(Array.from(items, (id, i) => [id, i]));
    const vectors = this.features.map((feature) => featureVectors(pass, feature, this.config.dim, items));
    return pass.ops.gather(pass.ops.concat(vectors), ids.map((id) => places.get(id)!));
  }
}

/** GRU4Rec+ (Hidasi et al., RecSys 2016). */
export const gru4recPlus = neuralMethod({
  name: "gru4rec-plus",
  title: "GRU4Rec+",
  paper: "Hidasi et al., RecSys 2016",
  help: "gated recurrent units over the items and, beside them, over their features",
  shape,
  examples: ({ examples }) => examples,
  loss: "ce",
  training: RECURRENT_TRAINING,
  needsFeatures: true,
  network: (dataset, config) => new Gru4recPlusNetwork(config, dataset.features()),
});
