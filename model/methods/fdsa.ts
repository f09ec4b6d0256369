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
import { denseLayer } from "../layers/dense.ts";
import { ITEM_TABLE } from "../layers/item_vectors.ts";
import { featureVectors } from "../layers/item_vectors.ts";
import { parametersOf, table } from "../layers/parameters.ts";
import { positions, throughBlocks, transformerBlock } from "../layers/transformer.ts";
import type { Network } from "../train/network.ts";
import { causal, checkHeads, type Configured, heads, neuralMethod, shapes } from "./neural.ts";

const shape = {
  ...shapes,
  heads: heads(2),
  ...causal,
};
type Config = Configured<typeof shape>;

/** A stack of blocks, with its own positions. */
function stackOf(name: string, { dim, heads, length, layers }: Config) {
  const places = positions(`${name}.positions`, length, dim);
  const shape = { dim, heads, causal: true, activation: "relu" as const };
  const blocks = Array.from({ length: layers }, (_, i) => transformerBlock(`${name}.block.${i}`, shape));
  return { places, blocks, parameters: parametersOf(places, ...blocks) };
}

function networkOf(config: Config, features: readonly ItemFeature[]): Network {
  const { items: count, dim } = config;
  const vectors = table(ITEM_TABLE, "items", count + 1, dim);
  const ofFeatures = featureVectors(features, dim);
  const weighing = denseLayer(["features.attention.w", "features.attention.b"], dim, dim);
  const joining = features.length > 1 ? [weighing] : [];
  const stacks = [stackOf("items", config), stackOf("features", config)];
  const output = denseLayer(["output.w", "output.b"], dim, 2 * dim);
  return {
    parameters: parametersOf(vectors, ofFeatures, ...joining, ...stacks, output),
    items: (pass, ids) => pass.table(vectors, ids),
    encode(pass, batch, items) {
      const { ops } = pass;
      /** f of each item, [T · B, D]. */
      const f = ofFeatures.of(
        pass,
        batch.ids,
        (all) =>
          all.length === 1 ? all[0] : ops.blend(all, all.map((vector) => weighing.apply(pass, vector))),
      );
      const inputs = [ops.gather(items, batch.rows), f];
      const outputs = stacks.map(({ places, blocks }, i) =>
        throughBlocks(pass, blocks, pass.dropout(places.addTo(pass, inputs[i], batch)), batch)
      );
      return output.apply(pass, ops.concat(outputs));
    },
  };
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
  network: (dataset, config) => networkOf(config, dataset.features()),
});
