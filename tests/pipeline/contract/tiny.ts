/** A handmade dataset of six interactions. */
import pl from "nodejs-polars";
import type { TableName } from "../../../pipeline/contract/dataset/manifest.ts";
import type { writeDataset } from "../../../pipeline/contract/dataset/store.ts";

const categorical = (name: string, values: string[]) =>
  pl.Series(name, values, pl.String).cast(pl.Categorical);

/** Two users, three items: u1 has i1 i2 i3, u2 has i3 i1 i2; one multi-valued, one numeric, one categorical feature. */
export function tinyTables(): Record<TableName, ReturnType<typeof pl.DataFrame>> {
  return {
    interactions: pl.DataFrame([
      pl.Series("user", Uint32Array.of(1, 1, 1, 2, 2, 2)),
      pl.Series("item", Uint32Array.of(1, 2, 3, 3, 1, 2)),
      pl.Series("rating", Float32Array.of(1, 2, 3, 4, 5, 4)),
      pl.Series("timestamp", [10, 11, 12, 20, 21, 22]).cast(pl.Int64),
      categorical("split", ["train", "validation", "test", "train", "validation", "test"]),
    ]),
    users: pl.DataFrame([
      pl.Series("user", Uint32Array.of(1, 2)),
      pl.Series("id", ["ann", "bob"]),
      pl.Series("interactions", Uint32Array.of(3, 3)),
    ]),
    items: pl.DataFrame([
      pl.Series("item", Uint32Array.of(1, 2, 3)),
      pl.Series("id", ["a", "b", "c"]),
      pl.Series("interactions", Uint32Array.of(2, 2, 2)),
      pl.Series("popularity", Uint32Array.of(1, 2, 1)),
      pl.Series("brand_code", Uint32Array.of(2, 0, 1)),
      pl.Series("tags_codes", [[1, 2], [], [2]]).cast(pl.List(pl.UInt32)),
      pl.Series("price_value", Float32Array.of(-1, 0, 1)),
    ]),
    features: pl.DataFrame([
      pl.Series("feature", ["brand", "brand", "tags", "tags"]),
      pl.Series("code", Uint32Array.of(1, 2, 1, 2)),
      pl.Series("value", ["x", "y", "s", "t"]),
      pl.Series("items", Uint32Array.of(1, 1, 1, 2)),
    ]),
    negatives: pl.DataFrame([
      categorical("protocol", ["recbole", "recbole"]),
      categorical("split", ["validation", "test"]),
      pl.Series("user", Uint32Array.of(1, 1)),
      pl.Series("row", Uint32Array.of(1, 2)),
      pl.Series("target", Uint32Array.of(2, 3)),
      pl.Series("negatives", [[3, 1], [1, 1]]).cast(pl.List(pl.UInt32)),
    ]),
  };
}

/** What its manifest says about it. */
export const tinyFacts: Parameters<typeof writeDataset>[2] = {
  name: "tiny",
  config: { minUser: 1 },
  seed: 7,
  sources: [],
  counts: { users: 2, items: 3, interactions: 6, pairs: 6, train: 2, validation: 2, test: 2 },
  split: { kind: "leave-one-out" },
  negatives: { protocols: ["recbole"], count: 2, exponent: 1 },
  features: [
    { name: "brand", kind: "categorical", column: "brand_code", values: 2 },
    { name: "tags", kind: "multi", column: "tags_codes", values: 2 },
    { name: "price", kind: "numeric", column: "price_value", values: 0 },
  ],
  hasRating: true,
  stages: [],
  versions: {},
};
