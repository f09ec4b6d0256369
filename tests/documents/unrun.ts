/**
 * The command lines of README and the manual that `lines_test.ts` does not run, each with the reason, which names the test if another one
 * runs it.
 */

const ENDS = "it is the test command, which runs this test",
  LOADS = "it downloads from a data set's own site";
const SPARK = "it needs a cluster; tests/pipeline/scale/spark has one of its own";

export const UNRUN: Readonly<Record<string, string>> = {
  "deno task test": ENDS,
  "deno task -q": "it is what Deno is told before any command",
  "deno task engine":
    "it makes the engine in the user's cache, with packages from outside; tests/model/backend/provision_test.ts has its steps",
  "deno task pack": "it wants a clone without changes; tests/pack_test.ts runs it",
  "deno task docs": "it writes into the clone",
  "deno task experiment docs/ml-100k.yaml":
    "it trains for hours, on data that are not ours to give; documents_test.ts checks the plan",
  "deno task prepare --dataset ml-1m --out data/ml-1m": LOADS,
  "deno task data get ml-1m": LOADS,
  "deno task notebook":
    "it serves JupyterLab and opens a browser; tests/notebooks/newcomer_test.ts does so, and closes them",
  "python notebooks/python/papermill_deno.py notebooks/02_search.ipynb out.ipynb -p data ratings.csv -p epochs 8":
    "a notebook takes minutes; tests/notebooks/execute_test.ts runs this one so, with fewer epochs",
  "deno task prepare --engine spark --spark sc://host:15002 --data 's3a://logs/2026/*.csv' --out data/logs":
    SPARK,
  "hadoop fs -put exports/logs hdfs:///prepared/": "it needs a cluster, with Hadoop's own program",
  "deno task bench scale --engines polars,spark --spark sc://127.0.0.1:15002 --spark-ui http://127.0.0.1:4040":
    "it needs a server with its pages; tests/bench/scale_test.ts runs the bench without one",
  "$SPARK_HOME/sbin/start-connect-server.sh --master spark://host:7077": SPARK,
  "spark-submit exports/model/score_spark.py exports/model s3a://logs/histories s3a://logs/recommended 20":
    "it needs a cluster; tests/model/onnx/spark_test.ts runs the script on one of its own",
  "SELECT user, transform(array_sort(collect_list(struct(timestamp, item))), x -> x.item) AS items FROM interactions GROUP BY user":
    "it is for Spark",
};

/** Commands that a sentence may mention by name only, without a whole line. */
export const NAMED: readonly string[] = [
  "deno task pipeline",
  "deno task prepare",
  "deno task train",
  "deno task recommend",
  "deno task export",
];
