/**
 * A split data set for LensKit for Python.
 *
 * @module
 */
import pl from "nodejs-polars";
import { SPLITS } from "../contract/stage.ts";
import type { Format } from "./format.ts";
import { withIds } from "./interactions.ts";
import { fileTable, snippet } from "./readme.ts";
import { sideTable } from "./side.ts";

/** `train`, `validation` and `test` interactions and the items, as Parquet under LensKit's column names. */
export const lenskit: Format = {
  title: "LensKit",
  description:
    "train, validation and test as Parquet with user_id, item_id, rating, timestamp, and the list of items.",
  compressions: ["zstd", "snappy", "lz4", "gzip", "none"],
  async write(job) {
    const { dataset, output } = job;
    const { counts, hasRating } = dataset.manifest;
    const columns = ["user_id", "item_id", ...(hasRating ? ["rating"] : []), "timestamp"];
    for (const split of SPLITS) {
      const part = dataset.scan("interactions").filter(pl.col("split").eq(pl.lit(split)));
      const query = withIds(dataset, part).select(...columns);
      const rows = counts[split];
      await job.whole(`writing ${split}`, rows, () => output.parquet(`${split}.parquet`, query, rows));
    }
    const items = sideTable(dataset, "items", true);
    await output.table("items.parquet", "parquet", items.rename({ item: "item_id" }));
  },
  readme: ({ dataset }) => {
    const rating = dataset.manifest.hasRating ? "`rating`, " : "";
    const columns = `\`user_id\`, \`item_id\`, ${rating}\`timestamp\``;
    return [
      fileTable([
        ["train.parquet", columns],
        ["validation.parquet", "the same"],
        ["test.parquet", "the same; what came before it is `train` and `validation` together"],
        ["items.parquet", "`item_id` of all items, and what the source said of them"],
      ]),
      snippet(
        "LensKit",
        "python",
        `
import pandas as pd
from lenskit.data import ItemListCollection, UserIDKey, from_interactions_df
items = pd.read_parquet("items.parquet")
train = from_interactions_df(pd.read_parquet("train.parquet"), items=items["item_id"])
test = ItemListCollection.from_df(pd.read_parquet("test.parquet"), UserIDKey)`,
      ),
    ].join("\n\n");
  },
};
