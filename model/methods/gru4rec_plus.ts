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
import type { Tensor2D, Tensor3D } from "../backend/tensor.ts";
import { denseLayer } from "../layers/dense.ts";
import { ITEM_TABLE } from "../layers/item_vectors.ts";
import { featureVectors } from "../layers/item_vectors.ts";
import { parametersOf, table } from "../layers/parameters.ts";
import type { Pass } from "../layers/pass.ts";
import { type RecurrentLayers, recurrentLayers } from "../layers/recurrent.ts";
import type { Value } from "../ops/ops.ts";
import type { Batch, Network } from "../train/network.ts";
import { causal, type Configured, neuralMethod, RECURRENT_TRAINING, shapes, withDefault } from "./neural.ts";

const shape = {
  ...shapes,
  layers: withDefault(shapes.layers, 1),
  hidden: z.int().positive().max(16_384).default(128)
    .meta({ title: "H", description: "size of each recurrent state", space: [64, 128, 256] }),
  ...causal,
};
type Config = Configured<typeof shape>;

function networkOf(config: Config, features: readonly ItemFeature[]): Network {
  const { items: count, dim, hidden, layers } = config;
  const width = features.length * dim;
  // The columns of the first layer belong to the features, in their order.
  const columns = features.map(({ name }) => name).join("\n");
  const vectors = table(ITEM_TABLE, "items", count + 1, dim);
  const ofFeatures = featureVectors(features, dim);
  const overItems = recurrentLayers("gru", "items.gru", { layers, dim, hidden });
  const overFeatures = recurrentLayers("gru", "features.gru", { layers, dim: width, hidden, columns });
  const output = denseLayer(["output.w", "output.b"], dim, 2 * hidden);
  /** The states at the requested positions, [n, H]. @param embedded [T · B, size] */
  const states = (
    pass: Pass,
    network: RecurrentLayers,
    embedded: Value<Tensor2D>,
    size: number,
    batch: Batch,
  ): Value<Tensor2D> => {
    const { ops } = pass;
    const x = ops.reshape<Tensor3D>(pass.dropout(embedded), [batch.length, -1, size]);
    return ops.gather(ops.reshape<Tensor2D>(network.apply(pass, x, batch), [-1, hidden]), batch.at);
  };
  return {
    parameters: parametersOf(vectors, ofFeatures, overItems, overFeatures, output),
    items: (pass, ids) => pass.table(vectors, ids),
    encode(pass, batch, items) {
      const { ops } = pass;
      const both = [
        states(pass, overItems, ops.gather(items, batch.rows), dim, batch),
        states(pass, overFeatures, ofFeatures.of(pass, batch.ids, (all) => ops.concat(all)), width, batch),
      ];
      return output.apply(pass, ops.concat(both));
    },
  };
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
  network: (dataset, config) => networkOf(config, dataset.features()),
});
