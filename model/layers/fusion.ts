/**
 * Combines an item's own vector and those of its features into one: by their sum, or by a fully connected layer over all of them side by
 * side.
 *
 * Sources: for the sum, where each value of a feature adds a vector, LightFM (Kula, CBRecSys 2015); for the layer, AutoMLP (WWW 2023),
 * "Embedding Layer".
 *
 * @module
 */
import type { ItemFeature } from "../../pipeline/contract/dataset/item_features.ts";
import type { Engine } from "../backend/types.ts";
import type { Tensor1D, Tensor2D } from "../backend/tensor.ts";
import { featureLookUp, type FeatureValues, type Pooling } from "../ops/feature_look_up.ts";
import { featureParameter } from "./features.ts";
import { bias, dense, type Gradients, type ParameterSpec, type Weights } from "./parameters.ts";

/**
 * How an item's own vector and those of its features become one: by their sum, or by `concat`, a fully connected layer over all of them.
 */
export type Fusion = "sum" | "concat";
/** All kinds of fusion. */
export const FUSIONS: readonly Fusion[] = ["sum", "concat"];
/** The paper's fusion, which is the default if neither the user nor the data ask for the other. */
export const USUAL_FUSION: Fusion = "concat";

/** How several values of one feature enter: each adds its vector to a sum; for a layer, they become one vector per feature. */
export const POOLING: Readonly<Record<Fusion, Pooling>> = { sum: "sum", concat: "mean" };

const WEIGHTS = "features.fuse.w", BIAS = "features.fuse.b";

/** Returns the parameters of the fusion, besides the tables of the features. @param features Names of the features. */
export function fusionParameters(fusion: Fusion, features: readonly string[], dim: number): ParameterSpec[] {
  if (fusion === "sum" || features.length === 0) return [];
  return [
    { ...dense(WEIGHTS, dim, (1 + features.length) * dim), columns: features.join("\n") },
    bias(BIAS, dim),
  ];
}

/** The vectors and features of the items to fuse. */
export interface FusedItems {
  /** The items' own vectors, [n, D]. */
  own: Tensor2D;
  features: readonly ItemFeature[];
  /** The items' values of each feature. */
  values: readonly FeatureValues[];
}

/** The result of fusing. */
export interface FusionPass {
  /** [n, D] */
  vectors: Tensor2D;
  /** Turns the gradient of `vectors` into that of `own`; those of the features' tables and of the layer are added to `gradients`. */
  backward(dVectors: Tensor2D, gradients: Gradients): Tensor2D;
}

/** Computes the fused vectors of items. */
export function fuse(engine: Engine, fusion: Fusion, weights: Weights, items: FusedItems): FusionPass {
  return fusion === "sum" ? summed(engine, weights, items) : connected(engine, weights, items);
}

function summed(engine: Engine, weights: Weights, { own, features, values }: FusedItems): FusionPass {
  const { kernels } = engine, [items, dim] = own.shape;
  const parts = features.map((feature, i) => {
    const { name, shape: [rows] } = featureParameter(feature, dim);
    return { name, lookUp: featureLookUp(engine, values[i], { items, rows }) };
  });
  return {
    vectors: kernels.sum([
      own,
      ...parts.map(({ name, lookUp }) => lookUp.vectors(weights(name) as Tensor2D)),
    ]),
    backward(dVectors, gradients) {
      for (const { name, lookUp } of parts) gradients.add(name, lookUp.gradient(dVectors));
      return dVectors;
    },
  };
}

function connected(engine: Engine, weights: Weights, { own, features, values }: FusedItems): FusionPass {
  const { tf, kernels } = engine, [items, dim] = own.shape, fuse = weights(WEIGHTS) as Tensor2D;
  const part = (i: number) => tf.slice(fuse, [0, i * dim], [dim, dim]) as Tensor2D;
  const ownPart = part(0);
  const parts = features.map((feature, i) =>
    throughPart(engine, weights, feature, values[i], part(i + 1), items)
  );
  const joint = kernels.sum([kernels.matMul(own, ownPart, false, true), ...parts.map(({ y }) => y)]);
  return {
    vectors: kernels.biasAdd(joint, weights(BIAS) as Tensor1D, "last"),
    backward(dVectors, gradients) {
      gradients.add(BIAS, kernels.biasGrad(dVectors, "last"));
      const ofParts = parts.map(({ backward }) => backward(dVectors, gradients));
      gradients.add(WEIGHTS, tf.concat([kernels.matMul(dVectors, own, true), ...ofParts], 1));
      return kernels.matMul(dVectors, ownPart);
    },
  };
}

/** What a feature adds to items' vectors, with the backward pass, which returns the gradient of its part of the layer. */
interface PartPass {
  y: Tensor2D;
  backward(dy: Tensor2D, gradients: Gradients): Tensor2D;
}

/**
 * Computes what one feature adds to the vectors of n items, [n, D]: the vectors of its values through its part of the layer, [D, D]. The
 * layer and the look-up are both linear, so the layer is applied to values or to items, whichever are fewer.
 */
function throughPart(
  engine: Engine,
  weights: Weights,
  feature: ItemFeature,
  values: FeatureValues,
  part: Tensor2D,
  items: number,
): PartPass {
  const { kernels } = engine, [dim] = part.shape, { name, shape: [rows] } = featureParameter(feature, dim);
  const table = weights(name) as Tensor2D, lookUp = featureLookUp(engine, values, { items, rows });
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
