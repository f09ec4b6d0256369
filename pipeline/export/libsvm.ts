/**
 * Sparse vectors for factorization machines and linear models: libFM, xLearn, LIBLINEAR, scikit-learn.
 *
 * @module
 */
import pl, { type DataFrame } from "nodejs-polars";
import type { ExportJob, Format } from "./format.ts";
import { interactionChunks } from "./interactions.ts";
import { fileTable, snippet } from "./readme.ts";
import { indexSpace, itemVectors, pair, shifted } from "./sparse.ts";
import { writeSplits } from "./splits.ts";
import { delimited, lines } from "./text_table.ts";

/** One line per interaction: label, then `index:value` for the user, the item, item features and the item before. */
export const libsvm: Format = {
  title: "LIBSVM vectors",
  description:
    "train, validation and test with one sparse vector an interaction: user, item, item features, item before.",
  tools: ["scikit-learn"],
  compressions: ["none", "gzip"],
  cells: true,
  async write(job) {
    await job.output.table("features.tsv", delimited("\t"), indexSpace(job.dataset).names);
    await writeSplits(job, (split) => `${split}.libsvm`, lines, vectors(job));
  },
  readme({ dataset, output }) {
    const [train, validation, test] = ["train", "validation", "test"]
      .map((split) => output.nameOf(`${split}.libsvm`, lines));
    const { size } = indexSpace(dataset);
    return [
      fileTable([
        [train, "`label index:value …` a line, indices from 1, ascending"],
        [validation, "the same"],
        [test, "the same"],
        [
          output.nameOf("features.tsv", delimited("\t")),
          "`index`, `field` and `value`: what each index means",
        ],
      ]),
      `The label is the ${
        dataset.manifest.hasRating ? "rating" : "number 1: every line is something that happened"
      }. ` +
      "A value is 1, or 1/n for each of an item's n values of a feature, or a standardised number. `previous` is the " +
      "item before in the user's sequence; a user's first interaction has none.",
      snippet(
        "scikit-learn",
        "python",
        `
from sklearn.datasets import load_svmlight_file
X, y = load_svmlight_file("${train}", n_features=${size}, zero_based=False)
X.indices, X.indptr = X.indices.astype("int32"), X.indptr.astype("int32")  # most models refuse wider ones`,
      ),
    ].join("\n\n");
  },
};

async function* vectors(job: ExportJob): AsyncGenerator<DataFrame> {
  const { dataset } = job;
  const { previous } = indexSpace(dataset);
  const items = itemVectors(dataset).lazy();
  const label = dataset.manifest.hasRating ? pl.col("rating").cast(pl.String) : pl.lit("1");
  for await (const { frame, lead } of interactionChunks(job, "writing vectors", { overlap: 1 })) {
    const hasBefore = pl.col("before").isNotNull();
    yield frame.lazy()
      .withColumn(
        pl.when(pl.col("user").shift(1).eq(pl.col("user"))).then(pl.col("item").shift(1)).otherwise(
          pl.lit(null),
        )
          .alias("before"),
      )
      .join(items, { on: "item", how: "left", maintainOrder: "left" })
      .select(
        pl.concatString({
          exprs: [
            label,
            pair(pl.col("user").cast(pl.String), pl.lit("1")),
            pl.col("vector"),
            pl.when(hasBefore).then(pair(shifted("before", previous), pl.lit("1"))).otherwise(pl.lit(null)),
          ],
          sep: " ",
          ignoreNulls: true,
        }).alias("line"),
        pl.col("split"),
      )
      .collectSync()
      .slice(lead, frame.height - lead);
  }
}
