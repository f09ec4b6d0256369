/**
 * The embedding layer: look-up tables for the item and for each of its features, fused by a fully connected layer into one
 * vector of D numbers an item.
 *
 * Source: AutoMLP (WWW 2023), "Embedding Layer". An item's vector does not depend on the sequence it is in, so it is
 * computed once for each different item of a batch, and serves as history and as candidate.
 *
 * @module
 */
import type { ItemFeature } from "../../pipeline/contract/dataset/item_features.ts";
import type { Engine } from "../backend/types.ts";
import type { Tensor1D, Tensor2D } from "../backend/tensor.ts";
import { featureLookUp, type FeatureValues, featureValues } from "./feature_look_up.ts";
import { featureParameter, featureParameters } from "./features.ts";
import { bias, dense, type Gradients, type ParameterSpec, type Weights } from "./parameters.ts";

/** The name of the item table, [items + 1, D], whose row 0 (the padding) stays zero. Its gradient comes by rows. */
export const ITEM_TABLE = "items.embedding";

/** Embeddings begin small, so that no item stands out. */
const DEVIATION = 0.02;

/** What encoding items leaves. */
export interface EncoderPass {
  /** [n + 1, D]: row 0 is zero, for the padding; row i + 1 is the vector of the i-th item asked for. */
  vectors: Tensor2D;
  /**
   * From the gradient of `vectors` to that of the items' rows of the table, [n, D]; row 0 is left out. Gradients of the
   * feature tables and of the fusing layer are added to `gradients`.
   */
  backward(dVectors: Tensor2D, gradients: Gradients): Tensor2D;
}

/**
 * The embedding layer's parameters, the item table first.
 *
 * @param items Number of items.
 * @param dim Channels, D.
 */
export function itemParameters(
  items: number,
  dim: number,
  features: readonly Pick<ItemFeature, "name" | "kind" | "values">[],
): ParameterSpec[] {
  return [
    { name: ITEM_TABLE, shape: [items + 1, dim], deviation: DEVIATION, rows: "items" },
    ...featureParameters(features, dim),
    ...(features.length > 0
      ? [
        {
          ...dense("features.fuse.w", dim, (1 + features.length) * dim),
          columns: features.map(({ name }) => name).join("\n"),
        },
        bias("features.fuse.b", dim),
      ]
      : []),
  ];
}

/** Turns items into vectors. */
export class ItemEncoder {
  /** What the items have that were asked for last. */
  #known?: { items: Uint32Array; values: FeatureValues[] };

  /**
   * @param items Number of items.
   * @param dim Channels, D; the size of each feature's vectors too.
   */
  constructor(
    readonly engine: Engine,
    readonly items: number,
    readonly dim: number,
    readonly features: readonly ItemFeature[],
  ) {}

  /**
   * The vectors of some items.
   *
   * @param items Item ids (from 1), each once.
   */
  encode(weights: Weights, items: Uint32Array): EncoderPass {
    const { tf, kernels } = this.engine, { dim } = this;
    const padded = new Int32Array(items.length + 1);
    padded.set(items, 1);
    const own = weights.rows?.(padded) ??
      kernels.gatherRows(weights(ITEM_TABLE) as Tensor2D, tf.tensor1d(padded, "int32")) as Tensor2D;
    const withoutPadding = (rows: Tensor2D) => tf.slice(rows, [1, 0], [items.length, dim]) as Tensor2D;
    if (this.features.length === 0) return { vectors: own, backward: withoutPadding };

    const values = this.#valuesOf(items, padded), fuse = weights("features.fuse.w") as Tensor2D;
    const part = (i: number) => tf.slice(fuse, [0, i * dim], [dim, dim]) as Tensor2D;
    const ownPart = part(0);
    const parts = this.features.map((feature, i) =>
      this.#fused(feature, weights, values[i], part(i + 1), padded.length)
    );
    const fused = kernels.biasAdd(
      kernels.sum([kernels.matMul(own, ownPart, false, true), ...parts.map(({ y }) => y)]),
      weights("features.fuse.b") as Tensor1D,
      "last",
    );
    const zero = tf.zeros([1, dim]) as Tensor2D;
    return {
      vectors: tf.concat([zero, withoutPadding(fused)], 0) as Tensor2D,
      backward(dVectors, gradients) {
        const d = tf.concat([zero, withoutPadding(dVectors)], 0) as Tensor2D;
        gradients.add("features.fuse.b", kernels.biasGrad(d, "last"));
        const ofParts = parts.map(({ backward }) => backward(d, gradients));
        gradients.add("features.fuse.w", tf.concat([kernels.matMul(d, own, true), ...ofParts], 1));
        return withoutPadding(kernels.matMul(d, ownPart));
      },
    };
  }

  /**
   * What one feature adds to the vectors of n items, [n, D]: those of its values through its part of the fusing layer, [D, D]. The layer and
   * the look-up are both linear, so the layer goes through values or through items, whichever are fewer.
   */
  #fused(
    feature: ItemFeature,
    weights: Weights,
    values: FeatureValues,
    part: Tensor2D,
    items: number,
  ): FusedFeature {
    const { kernels } = this.engine, { dim } = this, { name, shape: [rows] } = featureParameter(feature, dim);
    const table = weights(name) as Tensor2D,
      lookUp = featureLookUp(this.engine, values, { items, rows, dim });
    const byValues = rows < items;
    const x = byValues ? table : lookUp.vectors(table), y = kernels.matMul(x, part, false, true);
    return {
      y: byValues ? lookUp.vectors(y) : y,
      backward(dVectors, gradients) {
        const dy = byValues ? lookUp.gradient(dVectors) : dVectors, dx = kernels.matMul(dy, part);
        gradients.add(name, byValues ? dx : lookUp.gradient(dx));
        return kernels.matMul(dy, x, true);
      },
    };
  }

  /** What the items have of each feature; of the same items again, as all of them are in each step, it is known. */
  #valuesOf(items: Uint32Array, padded: Int32Array): FeatureValues[] {
    if (this.#known?.items !== items) {
      this.#known = { items, values: this.features.map((feature) => featureValues(feature, padded)) };
    }
    return this.#known.values;
  }
}

/** What a feature adds to items' vectors, and the way back: to the gradient of its part of the fusing layer. */
interface FusedFeature {
  y: Tensor2D;
  backward(dy: Tensor2D, gradients: Gradients): Tensor2D;
}
