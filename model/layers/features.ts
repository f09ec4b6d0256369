/**
 * Vectors of items' features: a look-up table for names, one of which an item has or several, and a vector that numbers stretch.
 *
 * @module
 */
import type { ItemFeature } from "../../pipeline/contract/dataset/item_features.ts";
import type { Tensor, Tensor2D } from "../backend/tensor.ts";
import type { Value } from "../ops/tape.ts";
import type { ParameterSpec } from "./parameters.ts";
import type { LayerPass } from "./pass.ts";

/** They begin small, like items' vectors. */
const DEVIATION = 0.02;

/** What of a feature decides how its table looks. */
type FeatureShape = Pick<ItemFeature, "name" | "kind" | "values">;

/** The parameters of the features' vectors. */
export const featureParameters = (
  features: readonly FeatureShape[],
  dim: number,
): ParameterSpec[] => features.map((feature) => featureParameter(feature, dim));

function featureParameter({ name, kind, values }: FeatureShape, dim: number): ParameterSpec {
  return kind === "numeric" ? { name: `features.${name}.weight`, shape: [1, dim], deviation: DEVIATION } : {
    name: `features.${name}.embedding`,
    shape: [values + 1, dim],
    deviation: DEVIATION,
    rows: `feature:${name}`,
  };
}

/**
 * The vectors of one feature for some items.
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
  const { ops } = pass,
    { tf, kernels } = ops.engine,
    vectors = pass.weight(featureParameter(feature, dim).name);
  const column = (numbers: Float32Array) => ops.constant(tf.tensor2d(numbers, [numbers.length, 1]));
  switch (feature.kind) {
    case "numeric":
      return ops.matMul(column(Float32Array.from(items, (item) => feature.numbers[item])), vectors);
    case "categorical":
      return ops.gather(vectors, Int32Array.from(items, (item) => feature.codes[item]));
    case "multi": {
      // The mean of the values' vectors, zero if there is none.
      const { codes, owners, shares } = valuesOf(feature, items);
      if (codes.length === 0) return ops.constant(tf.zeros([items.length, dim]));
      const codeIds = tf.tensor1d(codes, "int32"), ownerIds = tf.tensor1d(owners, "int32");
      const share = tf.tensor2d(shares, [shares.length, 1]);
      const weighted = (x: Tensor) => tf.mul(x, share) as Tensor2D;
      return ops.record(
        kernels.segmentSum(weighted(kernels.gatherRows(vectors.tensor, codeIds)), ownerIds, items.length),
        [vectors],
        (dy) => [kernels.segmentSum(weighted(kernels.gatherRows(dy, ownerIds)), codeIds, vectors.shape[0])],
      );
    }
  }
}

/** All values of some items: their codes, whose they are (by place in `items`), and 1 / the number that item has. */
export function valuesOf(
  { offsets, codes }: ItemFeature & { kind: "multi" },
  items: Int32Array,
): { codes: Int32Array; owners: Int32Array; shares: Float32Array } {
  const total = items.reduce((sum, item) => sum + offsets[item + 1] - offsets[item], 0);
  const result = {
    codes: new Int32Array(total),
    owners: new Int32Array(total),
    shares: new Float32Array(total),
  };
  let at = 0;
  items.forEach((item, owner) => {
    const from = offsets[item], to = offsets[item + 1];
    for (let i = from; i < to; i++, at++) {
      result.codes[at] = codes[i];
      result.owners[at] = owner;
      result.shares[at] = 1 / (to - from);
    }
  });
  return result;
}
