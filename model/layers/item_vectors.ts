/**
 * Vectors of items and of their features: look-up tables whose vectors become one vector of D numbers per item, by their sum, or by a fully
 * connected layer over all of them side by side.
 *
 * Sources: for the sum, where each value of a feature adds a vector, LightFM (Kula, CBRecSys 2015); for the layer, AutoMLP (WWW 2023),
 * "Embedding Layer". An item's vector does not depend on the sequence it is in, so it is computed once for each distinct item of a batch,
 * and serves both as history and as candidate.
 *
 * @module
 */
import type { ItemFeature } from "../../pipeline/contract/dataset/item_features.ts";
import type { Tensor2D } from "../backend/tensor.ts";
import type { Ids, Value } from "../ops/ops.ts";
import { bias, dense, type Layer, type Parameter, parametersOf, table } from "./parameters.ts";
import type { Pass } from "./pass.ts";

/** The name of the item table, [items + 1, D], whose row 0 (the padding) stays zero. Its gradient is given row by row. */
export const ITEM_TABLE = "items.embedding";

/**
 * How an item's own vector and those of its features become one: by their sum, or by `concat`, a fully connected layer over all of them.
 */
export type Fusion = "sum" | "concat";
/** All kinds of fusion. */
export const FUSIONS: readonly Fusion[] = ["sum", "concat"];
/** The paper's fusion, which is the default if neither the user nor the data ask for the other. */
export const USUAL_FUSION: Fusion = "concat";

/** The properties of a feature that determine the shape of its table. */
type FeatureShape = Pick<ItemFeature, "name" | "kind" | "values">;

/** Returns the parameter of a feature's vectors: a table of categories, [values + 1, D], or a vector that a number scales, [1, D]. */
const featureParameter = ({ name, kind, values }: FeatureShape, dim: number): Parameter<Tensor2D> =>
  kind === "numeric"
    ? { name: `features.${name}.weight`, shape: [1, dim], deviation: 0.02 }
    : table(`features.${name}.embedding`, `feature:${name}`, values + 1, dim);

/** The vectors of items' features. */
export interface FeatureVectors extends Layer {
  /**
   * Joins the vectors of each item's features and gathers them; computed once for each distinct item. Several values of a feature are
   * averaged.
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
  const tables = features.map((feature) => featureParameter(feature, dim));
  return {
    parameters: tables,
    of(pass, ids, join) {
      const { ops } = pass, { items, places } = ops.distinct(ids);
      const vectors = features.map((feature, i) =>
        ops.featureVectors(pass.weight(tables[i]), feature, items, "mean")
      );
      return ops.gather(join(vectors), places);
    },
  };
}

/** The vectors of items, with those of their features. */
export interface ItemVectors extends Layer {
  /** Returns the vectors of some items: see `Network.items`. */
  of(pass: Pass, ids: Ids): Value<Tensor2D>;
}

/** Returns the vectors of items. @param options `items`: number of items; `dim`: channels, D. */
export function itemVectors(
  { items, dim, features, fusion }: {
    items: number;
    dim: number;
    features: readonly ItemFeature[];
    fusion: Fusion;
  },
): ItemVectors {
  const vectors = table(ITEM_TABLE, "items", items + 1, dim);
  const tables = features.map((feature) => featureParameter(feature, dim));
  const columns = features.map(({ name }) => name).join("\n");
  const layer = {
    w: { ...dense("features.fuse.w", dim, (1 + features.length) * dim), columns },
    b: bias("features.fuse.b", dim),
  };
  /** What a feature adds: each value of an item adds its vector. */
  const summand = (pass: Pass, i: number, ids: Ids) =>
    pass.ops.featureVectors(pass.weight(tables[i]), features[i], ids, "sum");
  /**
   * What a feature adds through its part of the layer. The layer and the look-up are both linear, so the layer is applied to values or to
   * items, whichever are fewer.
   */
  const throughLayer = (pass: Pass, i: number, ids: Ids) => {
    const { ops } = pass, ofValues = pass.weight(tables[i]), [values] = tables[i].shape;
    const part = (x: Value<Tensor2D>) =>
      ops.matMul(x, ops.columns(pass.weight(layer.w), (i + 1) * dim, dim), false, true);
    return values < ops.count(ids)
      ? ops.featureVectors(part(ofValues), features[i], ids, "mean")
      : part(ops.featureVectors(ofValues, features[i], ids, "mean"));
  };
  return {
    parameters: parametersOf(
      vectors,
      ...tables,
      ...(features.length > 0 && fusion === "concat" ? Object.values(layer) : []),
    ),
    of(pass, ids) {
      const { ops } = pass, own = pass.table(vectors, ids);
      if (features.length === 0) return own;
      const padded = ops.padded(ids);
      if (fusion === "sum") {
        return ops.withoutPadding(
          features.reduce((sum, _, i) => ops.add(sum, summand(pass, i, padded)), own),
        );
      }
      const ofItem = ops.matMul(own, ops.columns(pass.weight(layer.w), 0, dim), false, true);
      const joint = features.reduce((sum, _, i) => ops.add(sum, throughLayer(pass, i, padded)), ofItem);
      return ops.withoutPadding(ops.addBias(joint, pass.weight(layer.b)));
    },
  };
}
