/**
 * The texts of a model's export: its README, with inputs, outputs and code that loads it, and the script for Spark.
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { aboutDataset, fileTable, snippet } from "../../pipeline/export/readme.ts";
import type { TrainedNetwork } from "../train/method.ts";
import { methodOf } from "../train/methods.ts";
import type { ModelOptions } from "./model.ts";
import { IR_VERSION, OPSET } from "./graph.ts";

/**
 * `score_spark.py` of every model's export: Spark 3.3 or later, with pyarrow and onnxruntime in the workers' Python. It is text within a
 * module because a package has no other files. Spark runs functions over batches of rows in Python on the workers; of ours, only the model's
 * file runs there.
 */
export const SPARK_SCRIPT = `\
# The best K items for every user of a table: spark-submit score_spark.py EXPORT HISTORIES OUT K
# HISTORIES: Parquet with user and items, original ids as text, oldest first. OUT: Parquet with user, rank, item, score.
import sys
import pyarrow as pa, pyarrow.parquet as pq
from pyspark.sql import SparkSession

export, histories, out, k = *sys.argv[1:4], int(sys.argv[4])
ids = pq.read_table(f"{export}/items.parquet").sort_by("item")["id"].to_pylist()
rows = max(1, min(1024, 2**24 // len(ids)))  # at once: each has a score for every item
spark = SparkSession.builder.config("spark.sql.execution.arrow.maxRecordsPerBatch", rows).getOrCreate()
model = open(f"{export}/model.onnx", "rb").read()  # goes to the executors with the function

def score(batches):
    import numpy as np, onnxruntime as ort
    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1  # Spark runs a task for each core
    session = ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    number, names = {id: i for i, id in enumerate(ids, 1)}, np.array([None, *ids], dtype=object)
    for batch in batches:
        if batch.num_rows == 0: continue  # onnxruntime takes one history at least
        known = [[number[id] for id in items or [] if id in number] for items in batch["items"].to_pylist()]
        items = np.zeros((len(known), max(map(len, known))), np.int64)
        for row, history in zip(items, known):
            row[len(row) - len(history):] = history
        best, scores = session.run(["top_items", "top_scores"], {"items": items, "k": np.array([k])})
        user, place = np.nonzero(scores > -np.inf)  # fewer than k where fewer are left
        columns = [pa.array(place + 1, pa.int32()), pa.array(names[best[user, place]], pa.string()), scores[user, place]]
        yield pa.record_batch([batch["user"].take(pa.array(user)), *columns], ["user", "rank", "item", "score"])

table = spark.read.parquet(histories).selectExpr("cast(user as string) user", "cast(items as array<string>) items")
table.mapInArrow(score, "user string, rank int, item string, score float").write.parquet(out)
`;

/** The README, in Markdown. */
export function modelReadme(
  { config }: TrainedNetwork,
  dataset: SequenceDataset,
  { popularity, keepSeen }: Required<ModelOptions>,
): string {
  const { title } = methodOf(config), { length } = config as unknown as { length: number };
  const networks = config.ensemble === undefined
    ? "the network with its weights"
    : `${config.ensemble} networks with their weights, whose scores are averaged`;
  const seen = keepSeen
    ? "items of the history may be among them"
    : "no item of `items` is among them, those beyond the newest T included";
  return [
    `# ${dataset.manifest.name}: ${title} as an ONNX model`,
    aboutDataset(dataset),
    fileTable([
      [
        "model.onnx",
        `${networks}, in float32: ONNX opset ${OPSET}, IR version ${IR_VERSION}, for onnxruntime 1.17 or later`,
      ],
      [
        "items.parquet",
        "`item`, the number that the model knows it by, its `id` and, where there is one, its `title`",
      ],
      [
        "histories.parquet",
        "`user` and `items`: what the dataset knows of each user, oldest first, in original ids",
      ],
      ["score_spark.py", "the best items for every user of a table, on a Spark cluster"],
    ]),
    fileTable([
      [
        "items",
        "input, int64 [batch, length]: numbers of items, oldest first; 0 **in front** of histories that are shorter than the longest. One history " +
        "or more (where there is none, onnxruntime may end the whole process), " +
        `of any length: the newest T = ${length} decide. A number that no item has is an error, −1 as well: leave out what the model does not know`,
      ],
      ["k", "input, int64 [1]: how many of the best are asked for; no more than there are items are given"],
      [
        "scores",
        `output, float32 [batch, ${
          dataset.items + 1
        }]: a score for every number of an item; that of 0, the padding, is −∞. ${
          popularity === 1
            ? "As the network gives them"
            : `As \`recommend --popularity ${popularity}\` gives them`
        }; nothing else is taken out. For a history that is empty, nothing but 0, they are what is popular: the logarithm of an item's share of the training data`,
      ],
      [
        "top_items",
        `output, int64 [batch, k]: numbers of the best items, the best first; ${seen}. Of equal scores the lower number comes first`,
      ],
      [
        "top_scores",
        "output, float32 [batch, k]: their scores; −∞ where fewer than k items are left, and what `top_items` has there is no recommendation",
      ],
      [
        "history_vectors",
        "output, float32 [batch, size]: the vector of each history, for an index of nearest neighbours by inner product",
      ],
      [
        "item_vectors",
        `output, float32 [${dataset.items + 1}, size]: the vectors of all items, by their numbers`,
      ],
      [
        "item_biases",
        `output, float32 [${
          dataset.items + 1
        }]: what each item adds. The score of an item that is not in the history is the dot product of their vectors, and this; row 0 is the padding's`,
      ],
    ], ["name", "what it is"]),
    snippet("onnxruntime", "python", PYTHON),
    snippet("An index of nearest neighbours", "python", INDEX),
    "The biases are one more number of each vector, beside a 1 behind a history's: what an index finds by inner product, as that of faiss or " +
    "hnswlib, has the highest scores. It knows of no history: leave out what a user had.",
    snippet("Spark", "sh", SPARK),
    "The workers' Python needs pyarrow and onnxruntime; where it has not, a packed environment does it: " +
    "`--archives environment.tar.gz#environment --conf spark.pyspark.python=./environment/bin/python`.",
  ].join("\n\n") + "\n";
}

const PYTHON = `
import numpy as np, onnxruntime as ort, pandas as pd
session = ort.InferenceSession("model.onnx")
items = pd.read_parquet("items.parquet").set_index("id").item
histories = pd.read_parquet("histories.parquet").set_index("user")["items"]
user = histories.index[0]
history = np.array([items[histories[user]]], dtype=np.int64)
best, scores = session.run(["top_items", "top_scores"], {"items": history, "k": np.array([10])})
recommended = items.index[best[0][scores[0] > -np.inf] - 1]`;

const INDEX = `
nothing = {"items": np.zeros((1, 1), dtype=np.int64), "k": np.array([1])}
vectors, biases = session.run(["item_vectors", "item_biases"], nothing)
index = np.hstack([vectors, biases[:, None]])[1:]  # row i is item i + 1
query, = session.run(["history_vectors"], {"items": history, "k": np.array([1])})
scored = index @ np.append(query[0], 1)  # in place of it: index.search(…)
nearest = [item for item in np.argsort(-scored) + 1 if item not in history[0]][:10]`;

const SPARK = `spark-submit score_spark.py . histories.parquet recommended.parquet 10`;
