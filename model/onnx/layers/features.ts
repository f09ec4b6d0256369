/**
 * Vectors of items' features, `model/layers/features.ts`, for all items at once.
 *
 * @module
 */
import type { ItemFeature } from "../../../pipeline/contract/dataset/item_features.ts";
import { type Pooling, valuesOf } from "../../ops/feature_look_up.ts";
import type { Graph, Value } from "../graph.ts";
import { gather } from "../ops.ts";

/** The vectors of a feature for the padding, 0, and for all items, [items + 1, D]. */
export function featureTable(g: Graph, feature: ItemFeature, items: number, pooling: Pooling): Value {
  const { name } = feature;
  switch (feature.kind) {
    case "numeric": {
      const numbers = g.constant(Float32Array.from(feature.numbers), [items + 1, 1]);
      return g.apply("MatMul", [numbers, g.weight(`features.${name}.weight`)]);
    }
    case "categorical": {
      const codes = g.constant(BigInt64Array.from(feature.codes, BigInt));
      return gather(g, g.weight(`features.${name}.embedding`), codes);
    }
    case "multi":
      return pooledVectors(g, feature, `features.${name}.embedding`, items, pooling);
  }
}

/** The pooled vectors of the values: computed here, because pooling operations differ between runtimes. */
function pooledVectors(
  g: Graph,
  feature: ItemFeature & { kind: "multi" },
  table: string,
  items: number,
  pooling: Pooling,
): Value {
  const { values, shape: [, dim] } = g.tensor(table);
  const all = Int32Array.from({ length: items + 1 }, (_, i) => i);
  const { codes, owners, shares } = valuesOf(feature, all, pooling);
  const pooled = new Float32Array((items + 1) * dim);
  for (let i = 0; i < codes.length; i++) {
    const from = codes[i] * dim, to = owners[i] * dim;
    for (let d = 0; d < dim; d++) pooled[to + d] += shares[i] * values[from + d];
  }
  return g.constant(pooled, [items + 1, dim]);
}
