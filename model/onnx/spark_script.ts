/**
 * The script that scores every user of a table on a Spark cluster. It is text within a module because a package has
 * no other files.
 *
 * Spark runs functions over batches of rows in Python on the workers; of ours, only the model's file runs there.
 *
 * @module
 */

/** `score_spark.py` of every model's export: Spark 3.3 or later, with pyarrow and onnxruntime in the workers' Python. */
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
