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
import type { Tensor, Tensor1D, Tensor2D } from "../backend/tensor.ts";
import { featureParameters, valuesOf } from "./features.ts";
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

    const parts = this.features.map((feature) => this.#feature(feature, weights, padded));
    const joint = tf.concat([own, ...parts.map(({ y }) => y)], 1) as Tensor2D;
    const fuse = weights("features.fuse.w") as Tensor2D;
    const fused = kernels.biasAdd(
      kernels.matMul(joint, fuse, false, true),
      weights("features.fuse.b") as Tensor1D,
      "last",
    );
    const zero = tf.zeros([1, dim]) as Tensor2D;
    return {
      vectors: tf.concat([zero, withoutPadding(fused)], 0) as Tensor2D,
      backward(dVectors, gradients) {
        const d = tf.concat([zero, withoutPadding(dVectors)], 0) as Tensor2D;
        gradients.add("features.fuse.b", kernels.biasGrad(d, "last"));
        gradients.add("features.fuse.w", kernels.matMul(d, joint, true));
        const dJoint = kernels.matMul(d, fuse);
        const part = (i: number) => tf.slice(dJoint, [0, i * dim], [padded.length, dim]) as Tensor2D;
        parts.forEach(({ backward }, i) => backward(part(i + 1), gradients));
        return withoutPadding(part(0));
      },
    };
  }

  /** The vectors of one feature for some items, [n, D]. */
  #feature(
    feature: ItemFeature,
    weights: Weights,
    items: Int32Array,
  ): { y: Tensor2D; backward(dy: Tensor2D, gradients: Gradients): void } {
    const { tf, kernels } = this.engine;
    if (feature.kind === "numeric") {
      const name = `features.${feature.name}.weight`;
      const numbers = tf.tensor2d(Float32Array.from(items, (item) => feature.numbers[item]), [
        items.length,
        1,
      ]);
      return {
        y: kernels.matMul(numbers, weights(name) as Tensor2D),
        backward: (dy, gradients) => gradients.add(name, kernels.matMul(numbers, dy, true)),
      };
    }
    const name = `features.${feature.name}.embedding`, rows = feature.values + 1;
    const table = weights(name) as Tensor2D;
    if (feature.kind === "categorical") {
      const codes = tf.tensor1d(Int32Array.from(items, (item) => feature.codes[item]), "int32");
      return {
        y: kernels.gatherRows(table, codes) as Tensor2D,
        backward: (dy, gradients) => gradients.add(name, kernels.segmentSum(dy, codes, rows)),
      };
    }
    // Several values an item: the mean of their vectors, zero where there is none.
    const { codes, owners, shares } = valuesOf(feature, items);
    const codeIds = tf.tensor1d(codes, "int32"), ownerIds = tf.tensor1d(owners, "int32");
    const share = tf.tensor2d(shares, [shares.length, 1]);
    const weighted = (vectors: Tensor) => tf.mul(vectors, share) as Tensor2D;
    return {
      y: codes.length === 0
        ? tf.zeros([items.length, this.dim]) as Tensor2D
        : kernels.segmentSum(weighted(kernels.gatherRows(table, codeIds)), ownerIds, items.length),
      backward(dy, gradients) {
        if (codes.length === 0) return;
        gradients.add(name, kernels.segmentSum(weighted(kernels.gatherRows(dy, ownerIds)), codeIds, rows));
      },
    };
  }
}
