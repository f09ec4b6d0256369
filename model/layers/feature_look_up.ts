/**
 * From the vectors of a feature's values to those of items that have them.
 *
 * @module
 */
import type { ItemFeature } from "../../pipeline/contract/dataset/item_features.ts";
import type { Tensor, Tensor2D } from "../backend/tensor.ts";
import type { Engine } from "../backend/types.ts";

/** What some items have of a feature: each one value, some or none, or a number. */
export type FeatureValues =
  | { kind: "categorical"; codes: Int32Array /* [n] */ }
  /** Each of the codes is of an item by its place, `owners`, and counts 1 / the number of codes that it has. */
  | { kind: "multi"; codes: Int32Array; owners: Int32Array; shares: Float32Array }
  | { kind: "numeric"; numbers: Float32Array /* [n] */ };

/**
 * A linear map, so that what is linear, too, may come before or behind it: before where values are fewer than items.
 */
export interface FeatureLookUp {
  /** [values + 1, D] vectors of values, or [1, D] of a number → [n, D]: those of the items, of several values the mean, zero of none. */
  vectors(table: Tensor2D): Tensor2D;
  /** The way back: from the gradient of what {@link FeatureLookUp.vectors} gives to that of `table`. */
  gradient(dy: Tensor2D): Tensor2D;
}

/** What some items have of a feature. @param items [n] ids; 0, the padding, has no value. */
export function featureValues(feature: ItemFeature, items: Int32Array): FeatureValues {
  switch (feature.kind) {
    case "numeric":
      return { kind: "numeric", numbers: Float32Array.from(items, (item) => feature.numbers[item]) };
    case "categorical":
      return { kind: "categorical", codes: Int32Array.from(items, (item) => feature.codes[item]) };
    case "multi":
      return { kind: "multi", ...valuesOf(feature, items) };
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

/**
 * The map for some items.
 *
 * @param items How many, n.
 * @param rows Of the table.
 */
export function featureLookUp(
  { tf, kernels }: Engine,
  values: FeatureValues,
  { items, rows, dim }: { items: number; rows: number; dim: number },
): FeatureLookUp {
  switch (values.kind) {
    case "numeric": {
      const numbers = tf.tensor2d(values.numbers, [items, 1]);
      return {
        vectors: (table) => kernels.matMul(numbers, table),
        gradient: (dy) => kernels.matMul(numbers, dy, true),
      };
    }
    case "categorical": {
      const codes = tf.tensor1d(values.codes, "int32");
      return {
        vectors: (table) => kernels.gatherRows(table, codes) as Tensor2D,
        gradient: (dy) => kernels.segmentSum(dy, codes, rows),
      };
    }
    case "multi": {
      if (values.codes.length === 0) {
        const nothing = (n: number) => () => tf.zeros([n, dim]) as Tensor2D;
        return { vectors: nothing(items), gradient: nothing(rows) };
      }
      const codes = tf.tensor1d(values.codes, "int32"), owners = tf.tensor1d(values.owners, "int32");
      const shares = tf.tensor2d(values.shares, [values.shares.length, 1]);
      const weighted = (x: Tensor) => tf.mul(x, shares) as Tensor2D;
      return {
        vectors: (table) => kernels.segmentSum(weighted(kernels.gatherRows(table, codes)), owners, items),
        gradient: (dy) => kernels.segmentSum(weighted(kernels.gatherRows(dy, owners)), codes, rows),
      };
    }
  }
}
