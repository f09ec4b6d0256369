/**
 * From the vectors of a feature's values to those of items that have them.
 *
 * @module
 */
import type { ItemFeature } from "../../pipeline/contract/dataset/item_features.ts";
import type { Tensor2D } from "../backend/tensor.ts";
import type { Engine } from "../backend/types.ts";

/** How the vectors of an item's values of one feature become one: their mean or their sum; zero of no value. */
export type Pooling = "mean" | "sum";

/** What some items have of a feature: each one value, some or none, or a number. */
export type FeatureValues =
  | { kind: "categorical"; codes: Int32Array /* [n] */ }
  | { kind: "multi" } & ValuesOfItems
  | { kind: "numeric"; numbers: Float32Array /* [n] */ };

/** All values of some items: their codes, each of an item by its place, `owners`. */
export interface ValuesOfItems {
  codes: Int32Array;
  owners: Int32Array;
  /** What each counts: 1 of a sum, of a mean 1 / the number of codes that its item has. */
  shares: Float32Array;
}

/**
 * A linear map, so that what is linear, too, may come before or behind it: before where values are fewer than items.
 */
export interface FeatureLookUp {
  /** [values + 1, D] vectors of values, or [1, D] of a number → [n, D]: those of the items, of several values pooled ({@link Pooling}). */
  vectors(table: Tensor2D): Tensor2D;
  /** The way back: from the gradient of what {@link FeatureLookUp.vectors} gives to that of `table`. */
  gradient(dy: Tensor2D): Tensor2D;
}

/** What some items have of a feature. @param items [n] ids; 0, the padding, has no value. */
export function featureValues(feature: ItemFeature, items: Int32Array, pooling: Pooling): FeatureValues {
  switch (feature.kind) {
    case "numeric":
      return { kind: "numeric", numbers: Float32Array.from(items, (item) => feature.numbers[item]) };
    case "categorical":
      return { kind: "categorical", codes: Int32Array.from(items, (item) => feature.codes[item]) };
    case "multi":
      return { kind: "multi", ...valuesOf(feature, items, pooling) };
  }
}

/** All values of some items (by place in `items`). */
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
 * The map for some items.
 *
 * @param items How many, n.
 * @param rows Of the table.
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
