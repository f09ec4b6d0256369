/**
 * Turns the vectors of a feature's values into vectors of the items that have them.
 *
 * @module
 */
import type { ItemFeature } from "../../pipeline/contract/dataset/item_features.ts";
import type { Tensor2D } from "../backend/tensor.ts";
import type { Engine } from "../backend/types.ts";
import type { Pooling } from "./ops.ts";

/** The values of a feature that some items have: one value each, any number of values, or a number. */
export type FeatureValues =
  | { kind: "categorical"; codes: Int32Array /* [n] */ }
  | { kind: "multi" } & ValuesOfItems
  | { kind: "numeric"; numbers: Float32Array /* [n] */ };

/** All values of some items: their codes and, in `owners`, the place of the item that each belongs to. */
export interface ValuesOfItems {
  codes: Int32Array;
  owners: Int32Array;
  /** Weight of each value: 1 for a sum; for a mean, 1 / the number of codes that its item has. */
  shares: Float32Array;
}

/**
 * A linear map from values to items. Another linear map may therefore come before or after it: before if there are fewer values than items.
 */
export interface FeatureLookUp {
  /**
   * Turns the vectors of values, [values + 1, D], or of a number, [1, D], into those of items, [n, D]; several values are pooled
   * ({@link Pooling}).
   */
  vectors(table: Tensor2D): Tensor2D;
  /** Turns the gradient of the result of {@link FeatureLookUp.vectors} into that of `table`. */
  gradient(dy: Tensor2D): Tensor2D;
}

/** What was found last, for the same array of items: every step of a loss over all items asks for it. */
const found = new WeakMap<Int32Array, Map<string, FeatureValues>>();

/** Returns the values of a feature that some items have. @param items [n] ids; 0, the padding, has no value. */
export function featureValues(feature: ItemFeature, items: Int32Array, pooling: Pooling): FeatureValues {
  const known = found.get(items) ?? new Map<string, FeatureValues>(), key = `${pooling} ${feature.name}`;
  found.set(items, known);
  let values = known.get(key);
  if (!values) known.set(key, values = read(feature, items, pooling));
  return values;
}

function read(feature: ItemFeature, items: Int32Array, pooling: Pooling): FeatureValues {
  switch (feature.kind) {
    case "numeric":
      return { kind: "numeric", numbers: Float32Array.from(items, (item) => feature.numbers[item]) };
    case "categorical":
      return { kind: "categorical", codes: Int32Array.from(items, (item) => feature.codes[item]) };
    case "multi":
      return { kind: "multi", ...valuesOf(feature, items, pooling) };
  }
}

/** Returns all values of some items (by place in `items`). */
export function valuesOf(
  { offsets, codes }: ItemFeature & { kind: "multi" },
  items: Int32Array,
  pooling: Pooling,
): ValuesOfItems {
  const total = items.reduce((sum, item) => sum + offsets[item + 1] - offsets[item], 0);
  const codesOfItems = new Int32Array(total), owners = new Int32Array(total);
  const shares = new Float32Array(total).fill(1);
  let at = 0;
  items.forEach((item, owner) => {
    const from = offsets[item], to = offsets[item + 1];
    for (let i = from; i < to; i++, at++) {
      codesOfItems[at] = codes[i];
      owners[at] = owner;
      if (pooling === "mean") shares[at] = 1 / (to - from);
    }
  });
  return { codes: codesOfItems, owners, shares };
}

/**
 * Creates the map for some items.
 *
 * @param items Number of items, n.
 * @param rows Number of rows of the table.
 */
export function featureLookUp(
  { tf, kernels }: Engine,
  values: FeatureValues,
  { items, rows }: { items: number; rows: number },
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
      const [codes, owners] = [values.codes, values.owners].map((ids) => tf.tensor1d(ids, "int32"));
      const shares = tf.tensor1d(values.shares);
      return {
        vectors: (table) => kernels.embeddingBag(table, codes, owners, shares, items),
        gradient: (dy) => kernels.embeddingBag(dy, owners, codes, shares, rows),
      };
    }
  }
}
