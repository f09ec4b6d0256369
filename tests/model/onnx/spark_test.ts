import assert from "node:assert/strict";
import { join } from "node:path";
import pl from "nodejs-polars";
import { exportModel, prepare, recommend, train } from "../../../mod.ts";
import { withFolder } from "../../folders.ts";
import { hasModules, interpreter } from "../../pipeline/export/python.ts";
import { hasSpark, withSpark } from "../../pipeline/scale/spark/server.ts";

const ready = hasSpark && hasModules("pyspark", "pyarrow", "onnxruntime");
/** K, and the share of places that may differ. */
const K = 20, OTHERS = 0.001;

Deno.test({
  name: "on a real Spark, the script's best items for every user of the demonstration data are ours" +
    (ready ? "" : " (ignored: set AUTOMLP_SPARK_JARS and AUTOMLP_PYTHON, with pyspark and onnxruntime)"),
  ignore: !ready,
  fn: () =>
    withFolder(async (dir) => {
      const { dataset } = await prepare({ dataset: "demo", out: join(dir, "data") });
      const model = await train("automlp", dataset, { lengths: [5], dim: 16, length: 20, epochs: 1 });
      const out = join(dir, "onnx"), histories = join(dir, "histories"), scored = join(dir, "scored");
      await exportModel(model, dataset, { to: "onnx", out });
      // Several files, as a cluster writes them, and one of users with an empty history, with one unknown item, and with all items.
      Deno.mkdirSync(histories);
      const all = pl.readParquet(join(out, "histories.parquet"));
      const ids = dataset.table("items").getColumn("id").toArray() as string[];
      const odd = pl.DataFrame({ user: ["nothing", "unknown", "everything"], items: [[], ["new"], ids] });
      for (
        const [name, frame] of Object.entries({ a: all.slice(0, 700), b: all.slice(700, all.height), odd })
      ) {
        frame.writeParquet(join(histories, `${name}.parquet`));
      }
      await withSpark(async ({ url }) => {
        const { success, stderr } = await new Deno.Command(interpreter, {
          args: [join(out, "score_spark.py"), out, histories, scored, String(K)],
          env: { SPARK_REMOTE: url, PYTHONWARNINGS: "ignore" },
        }).output();
        assert.ok(success, new TextDecoder().decode(stderr).slice(-3000));
      });

      type Row = [user: string, rank: number, item: string, score: number];
      const placed = (rows: Row[]) => new Map(rows.map(([user, rank, ...rest]) => [`${user} ${rank}`, rest]));
      const theirs = placed(pl.scanParquet(join(scored, "*.parquet")).collectSync().rows() as Row[]);
      const ours = placed(
        (await recommend(model, dataset, { k: K })).select("user", "rank", "item", "score").rows() as Row[],
      );
      const strangers = await recommend(model, dataset, { k: K, histories: { nothing: [], unknown: [] } });
      for (const [place, row] of placed(strangers.select("user", "rank", "item", "score").rows() as Row[])) {
        ours.set(place, row);
      }
      assert.deepEqual(
        [...theirs.keys()].sort(),
        [...ours.keys()].sort(),
        "and nothing for who has everything",
      );
      let others = 0;
      for (const [place, [item, score]] of ours) {
        const [itsItem, itsScore] = theirs.get(place)!;
        if (itsItem !== item) others++;
        assert.ok(Math.abs(score - itsScore) < 1e-4, place);
      }
      assert.ok(others <= OTHERS * ours.size, `${others} of ${ours.size} places are others`);
    }),
});
