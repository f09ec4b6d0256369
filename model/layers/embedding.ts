/**
 * The embedding layer: look-up tables for the item and for each of its features, whose vectors become one vector of D numbers per item
 * ({@link Fusion}).
 *
 * Source: AutoMLP (WWW 2023), "Embedding Layer". An item's vector does not depend on the sequence it is in, so it is
 * computed once for each distinct item of a batch, and serves both as history and as candidate.
 *
 * @module
 */
import type { ItemFeature } from "../../pipeline/contract/dataset/item_features.ts";
import type { Engine } from "../backend/types.ts";
import type { Tensor2D } from "../backend/tensor.ts";
import { type FeatureValues, featureValues } from "../ops/feature_look_up.ts";
import { featureParameters } from "./features.ts";
import { fuse, type Fusion, fusionParameters, POOLING } from "./fusion.ts";
import type { Gradients, ParameterSpec, Weights } from "./parameters.ts";

/** The name of the item table, [items + 1, D], whose row 0 (the padding) stays zero. Its gradient is given row by row. */
export const ITEM_TABLE = "items.embedding";

/** Embeddings are initially small, so that no item stands out. */
const DEVIATION = 0.02;

/** The result of encoding items. */
export interface EncoderPass {
  /** [n + 1, D]: row 0 is zero, for the padding; row i + 1 is the vector of the i-th requested item. */
  vectors: Tensor2D;
  /**
   * Turns the gradient of `vectors` into that of the items' rows of the table, [n, D]; row 0 is left out. Gradients of the
   * feature tables and of the fusing layer are added to `gradients`.
   */
  backward(dVectors: Tensor2D, gradients: Gradients): Tensor2D;
}

/**
 * Returns the embedding layer's parameters, the item table first.
 *
 * @param items Number of items.
 * @param dim Channels, D.
 */
export function itemParameters(
  { items, dim, features, fusion }: {
    items: number;
    dim: number;
    features: readonly Pick<ItemFeature, "name" | "kind" | "values">[];
    fusion: Fusion;
  },
): ParameterSpec[] {
  return [
    { name: ITEM_TABLE, shape: [items + 1, dim], deviation: DEVIATION, rows: "items" },
    ...featureParameters(features, dim),
    ...fusionParameters(fusion, features.map(({ name }) => name), dim),
  ];
}

/** Turns items into vectors. */
export class ItemEncoder {
  /** The feature values of the items that were requested last. */
  #known?: { items: Uint32Array; values: FeatureValues[] };

  /**
   * @param items Number of items.
   * @param dim Channels, D; also the size of each feature's vectors.
   */
  constructor(
    readonly engine: Engine,
    readonly items: number,
    readonly dim: number,
    readonly features: readonly ItemFeature[],
    readonly fusion: Fusion,
  ) {}

  /**
   * Computes the vectors of some items.
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

    const values = this.#valuesOf(items, padded);
    const fused = fuse(this.engine, this.fusion, weights, { own, features: this.features, values });
    const zero = tf.zeros([1, dim]) as Tensor2D;
    const padding = (rows: Tensor2D) => tf.concat([zero, withoutPadding(rows)], 0) as Tensor2D;
    return {
      vectors: padding(fused.vectors),
      backward: (dVectors, gradients) => withoutPadding(fused.backward(padding(dVectors), gradients)),
    };
  }

  /** Returns the items' values of each feature, cached for the same array of items, as when every step uses all items. */
  #valuesOf(items: Uint32Array, padded: Int32Array): FeatureValues[] {
    if (this.#known?.items !== items) {
      const pooling = POOLING[this.fusion];
      this.#known = {
        items,
        values: this.features.map((feature) => featureValues(feature, padded, pooling)),
      };
    }
    return this.#known.values;
  }
}
