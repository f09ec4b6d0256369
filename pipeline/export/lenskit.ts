/**
 * A pre-split data set for LensKit for Python.
 *
 * @module
 */
import pl from "nodejs-polars";
import { SPLITS } from "../contract/stage.ts";
import { type Format, withIds } from "./format.ts";
import { fileTable, snippet } from "./readme.ts";
import { sideTable } from "./side.ts";

/** Interactions of `train`, `validation` and `test`, and the items, as Parquet with LensKit's column names. */
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
      snippet("LensKit", "python", LOADING),
      snippet(
        "What is popular, as an example, with all that came before as the history",
        "python",
        EVALUATING,
      ),
      "LensKit ranks all items but those of the history. Protocol `full` does so, too, except that it ranks a target that the user " +
      "had before; for LensKit, such a target is a miss. Its NDCG takes ranks 1 and 2 for the same unless it is given the discount " +
      "above. The dataset's negatives are in the export to `parquet`: `lenskit.batch.score` takes lists of candidates by user.",
    ].join("\n\n");
  },
};

/** Uses the builder, because `from_interactions_df` refuses a user and item that occur together twice. */
const LOADING = `
import pandas as pd
from lenskit.data import DatasetBuilder, ItemListCollection, UserIDKey
items = pd.read_parquet("items.parquet")
builder = DatasetBuilder()
builder.add_entities("item", items["item_id"])
builder.add_interactions("rating", pd.read_parquet("train.parquet"), entities=["user", "item"], missing="insert", default=True)
train = builder.build()
test = ItemListCollection.from_df(pd.read_parquet("test.parquet"), UserIDKey)`;

const EVALUATING = `
import numpy as np
from lenskit.basic import PopScorer
from lenskit.batch import recommend
from lenskit.data import ItemList, RecQuery
from lenskit.metrics import Hit, NDCG, RunAnalysis
from lenskit.pipeline import topn_pipeline
before = pd.concat([pd.read_parquet("train.parquet"), pd.read_parquet("validation.parquet")])
history = before.drop_duplicates(["user_id", "item_id"]).groupby("user_id")["item_id"].agg(list)
queries = [RecQuery(user_id=key.user_id, user_items=ItemList(item_ids=history.get(key.user_id, []))) for key in test.keys()]
model = topn_pipeline(PopScorer(score="count"), n=10)
model.train(train)
lists = recommend(model, queries, n=10, n_jobs=1)
analysis = RunAnalysis()
analysis.add_metric(Hit(n=10))
analysis.add_metric(NDCG(n=10, discount=lambda rank: np.log2(rank + 1)))
metrics = analysis.measure(lists, test).list_metrics().mean()`;
