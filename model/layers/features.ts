/**
 * Vectors of items' features: a look-up table for categories, of which an item has one or several, and a vector that is scaled by numbers.
 *
 * @module
 */
import type { ItemFeature } from "../../pipeline/contract/dataset/item_features.ts";
import type { Tensor2D } from "../backend/tensor.ts";
import type { Value } from "../ops/tape.ts";
import { featureLookUp, featureValues } from "./feature_look_up.ts";
import type { ParameterSpec } from "./parameters.ts";
import type { LayerPass } from "./pass.ts";

/** Initially small, like items' vectors. */
const DEVIATION = 0.02;

/** The properties of a feature that determine the shape of its table. */
type FeatureShape = Pick<ItemFeature, "name" | "kind" | "values">;

/** Returns the parameters of the features' vectors. */
export const featureParameters = (
  features: readonly FeatureShape[],
  dim: number,
): ParameterSpec[] => features.map((feature) => featureParameter(feature, dim));

/** Returns the parameter of one feature: [values + 1, D], or [1, D] for a number. */
export function featureParameter({ name, kind, values }: FeatureShape, dim: number): ParameterSpec {
  return kind === "numeric" ? { name: `features.${name}.weight`, shape: [1, dim], deviation: DEVIATION } : {
    name: `features.${name}.embedding`,
    shape: [values + 1, dim],
    deviation: DEVIATION,
    rows: `feature:${name}`,
  };
}

/**
 * Computes the vectors of one feature for some items; several values are averaged.
 *
 * @param items [n] item ids; 0, the padding, has no value.
 * @returns [n, D]
 */
export function featureVectors(
  pass: LayerPass,
  feature: ItemFeature,
  dim: number,
  items: Int32Array,
): Value<Tensor2D> {
  const { ops } = pass, { name, shape: [rows] } = featureParameter(feature, dim);
  const table = pass.weight(name);
  const lookUp = featureLookUp(ops.engine, featureValues(feature, items, "mean"), {
    items: items.length,
    rows,
  });
  return ops.record(lookUp.vectors(table.tensor as Tensor2D), [table], (dy) => [lookUp.gradient(dy)]);
}
