/**
 * Sparse vectors for factorization machines and linear models: libFM, xLearn, LIBLINEAR, scikit-learn.
 *
 * @module
 */
import pl, { type DataFrame, type Expr, type LazyDataFrame } from "nodejs-polars";
import type { SequenceDataset } from "../contract/dataset.ts";
import { type FeatureInfo, isPlainNumber } from "../contract/dataset/manifest.ts";
import { type ExportJob, type Format, interactionChunks, writeSplits } from "./format.ts";
import { delimited, lines } from "./output.ts";
import { fileTable, snippet } from "./readme.ts";

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

/** Where each block of indices begins. Indices start at 1. */
interface IndexSpace {
  /** Offset added to a dense item id for the item itself. */
  item: number;
  /** Offset added to a feature's code; a plain number has the single index `base + 1`. */
  features: { feature: FeatureInfo; base: number }[];
  /** Offset added to a dense item id for the item before. */
  previous: number;
  /** The largest index. */
  size: number;
  /** `index`, `field` (`user`, `item`, a feature's name, `previous`) and `value` (original id or value). */
  names: DataFrame;
}

/** Assigns the indices, in the order in which a line contains them. */
function indexSpace(dataset: SequenceDataset): IndexSpace {
  const { manifest: { counts, features } } = dataset;
  let end = counts.users + counts.items;
  const blocks = features.map((feature) => {
    const base = end;
    end += isPlainNumber(feature) ? 1 : feature.values;
    return { feature, base };
  });
  const ids = (of: "user" | "item", field: string) =>
    dataset.table(`${of}s`).select(pl.lit(field).alias("field"), pl.col("id").alias("value"));
  const values = ({ feature }: { feature: FeatureInfo }) =>
    isPlainNumber(feature)
      ? pl.DataFrame({ field: [feature.name], value: ["(number)"] })
      : dataset.table("features").filter(pl.col("feature").eq(pl.lit(feature.name))).sort("code")
        .select(pl.col("feature").alias("field"), pl.col("value"));
  const names = pl.concat([
    ids("user", "user"),
    ids("item", "item"),
    ...blocks.map(values),
    ids("item", "previous"),
  ]);
  return {
    item: counts.users,
    features: blocks,
    previous: end,
    size: end + counts.items,
    names: names.lazy().withRowIndex("index", 1).collectSync(),
  };
}

/** Returns `item` (dense) and `vector`: its part of a line, as in `7:1 12:1 15:0.5 18:0.5`. */
function itemVectors(dataset: SequenceDataset): DataFrame {
  const { item, features } = indexSpace(dataset);
  const itself = pair(shifted("item", item), pl.lit("1")).alias("itself");
  let parts = dataset.table("items").lazy().withColumn(itself);
  features.forEach(({ feature, base }, i) => {
    const { kind, column } = feature;
    const name = `part ${i}`;
    if (kind === "multi") {
      parts = parts.join(severalPairs(dataset, column, base, name), {
        on: "item",
        how: "left",
        maintainOrder: "left",
      });
    } else if (isPlainNumber(feature)) {
      parts = parts.withColumn(pair(pl.lit(String(base + 1)), pl.col(column).cast(pl.String)).alias(name));
    } else {
      const known = pl.when(pl.col(column).gt(0));
      parts = parts.withColumn(
        known.then(pair(shifted(column, base), pl.lit("1"))).otherwise(NOTHING).alias(name),
      );
    }
  });
  const exprs = ["itself", ...features.map((_, i) => `part ${i}`)].map((name) => pl.col(name));
  return parts
    .select(pl.col("item"), pl.concatString({ exprs, sep: " ", ignoreNulls: true }).alias("vector"))
    .collectSync();
}

const NOTHING = pl.lit(null).cast(pl.String);

/** Joins two texts as `index:value`. */
const pair = (index: Expr, value: Expr): Expr => pl.concatString([index, pl.lit(":"), value], "");

/** Returns ids or codes of a column as indices, as text. Computed in 64 bits, since the sums may not fit into 32. */
const shifted = (column: string, base: number): Expr =>
  pl.col(column).cast(pl.Int64).plus(pl.lit(base).cast(pl.Int64)).cast(pl.String);

/** Returns `item` and, under `name`, `index:1/n` for each of its n codes. Items without any are left out. */
function severalPairs(dataset: SequenceDataset, column: string, base: number, name: string): LazyDataFrame {
  const weight = pl.lit(1).div(pl.col(column).lst.lengths()).cast(pl.String);
  return dataset.table("items").lazy()
    .select(pl.col("item"), pl.col(column).alias("code"), weight.alias("weight"))
    .explode("code")
    .filter(pl.col("code").isNotNull())
    .select(pl.col("item"), pair(shifted("code", base), pl.col("weight")).alias("pair"))
    .groupBy("item", true)
    .agg(pl.col("pair").alias("pairs"))
    .select(pl.col("item"), pl.col("pairs").lst.join(" ").alias(name));
}
