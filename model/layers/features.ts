/**
 * Vectors of items' features: a look-up table for categories, of which an item has one or several, and a vector that is scaled by numbers.
 *
 * @module
 */
import type { ItemFeature } from "../../pipeline/contract/dataset/item_features.ts";
import type { Tensor2D } from "../backend/tensor.ts";
import type { Ids, Value } from "../ops/ops.ts";
import { type Layer, type Parameter, table } from "./parameters.ts";
import type { Pass } from "./pass.ts";

/** The properties of a feature that determine the shape of its table. */
type FeatureShape = Pick<ItemFeature, "name" | "kind" | "values">;

/** Returns the parameters of the features' vectors. */
export const featureParameters = (
  features: readonly FeatureShape[],
  dim: number,
): Parameter<Tensor2D>[] => features.map((feature) => featureParameter(feature, dim));

/** Returns the parameter of one feature: [values + 1, D], or [1, D] for a number. */
export function featureParameter({ name, kind, values }: FeatureShape, dim: number): Parameter<Tensor2D> {
  return kind === "numeric"
    ? { name: `features.${name}.weight`, shape: [1, dim], deviation: 0.02 }
    : table(`features.${name}.embedding`, `feature:${name}`, values + 1, dim);
}

/** The vectors of items' features. */
export interface FeatureVectors extends Layer {
  /**
   * Joins the vectors of each item's features and gathers them; computed once for each distinct item.
   *
   * @param ids [n] item ids; 0, the padding, has no value.
   * @param join Makes one vector per item of those of its features, [items, D] each.
   */
  of(
    pass: Pass,
    ids: Ids,
    join: (vectors: readonly Value<Tensor2D>[]) => Value<Tensor2D>,
  ): Value<Tensor2D>;
}

/** Returns the vectors of some features. */
export function featureVectors(features: readonly ItemFeature[], dim: number): FeatureVectors {
  const tables = featureParameters(features, dim);
  return {
    parameters: tables,
    of(pass, ids, join) {
      const { ops } = pass, { items, places } = ops.distinct(ids);
      const vectors = features.map((feature, i) =>
        ops.featureVectors(pass.weight(tables[i]), feature, items)
      );
      return ops.gather(join(vectors), places);
    },
  };
}
