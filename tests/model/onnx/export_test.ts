import assert from "node:assert/strict";
import { join } from "node:path";
import pl from "nodejs-polars";
import { exportModel, type ExportModelOptions, train } from "../../../mod.ts";
import { withFolder } from "../../folders.ts";
import { task } from "../../command.ts";
import { hasModules, runPython } from "../../pipeline/export/python.ts";
import { refusedInOneLine, withRun } from "../commands/finished.ts";
import { json, refused } from "../support.ts";
import { hasRuntime, remark, smallDataset } from "./data.ts";

const namesIn = (folder: string) => [...Deno.readDirSync(folder)].map(({ name }) => name).sort();

const FILES = [
  "README.md",
  "checksums.json",
  "export.json",
  "histories.parquet",
  "items.parquet",
  "model.onnx",
  "score_spark.py",
];

Deno.test("export RUN --to onnx: the model, the ids, the histories and what to do with them", () =>
  withRun(async (dir) => {
    const out = join(dir, "onnx");
    const { code, stdout, stderr } = await task("export", ["run", "--to", "onnx", "--out", "onnx"], {
      cwd: dir,
    });
    assert.deepEqual([code, stderr], [0, ""]);
    assert.match(stdout, /model\.onnx/);
    assert.deepEqual(namesIn(out), FILES);
    const { to, method, popularity, keepSeen, opset, ir, dataset } = json(join(out, "export.json"));
    assert.deepEqual([to, method, popularity, keepSeen, opset, ir], ["onnx", "automlp", 1, false, 20, 9]);
    assert.equal(dataset, json(join(dir, "run/run.json")).dataset.hash);
    const items = pl.readParquet(join(out, "items.parquet"));
    assert.deepEqual(items.columns, ["item", "id"]);
    assert.deepEqual(items.getColumn("item").toArray(), Array.from({ length: 20 }, (_, i) => i + 1));
    const u7 = pl.readParquet(join(out, "histories.parquet")).filter(pl.col("user").eq(pl.lit("u7")));
    const log = Deno.readTextFileSync(join(dir, "log.csv")).matchAll(/^u7,(i\d+),/gm);
    assert.deepEqual(
      u7.explode("items").rows(),
      Array.from(log, ([, item]) => ["u7", item]),
      "the whole history, oldest first",
    );
    // An earlier export is replaced, even one of the dataset.
    const again = ["run/dataset", "--to", "csv", "--out", "onnx"];
    assert.equal((await task("export", again, { cwd: dir })).code, 0);
    assert.ok(!namesIn(out).includes("model.onnx"));
  }));

Deno.test("export RUN --to onnx: wrong use ends with one line and leaves nothing", () =>
  withRun(async (dir) => {
    const cases: [args: string[], says: RegExp][] = [
      [[], /Which run\? Name its folder, as in deno task export runs\/mine --to onnx/],
      [["run/dataset"], /Cannot open the run run\/dataset/],
      [["nothing"], /Cannot open the run nothing/],
      [["run", "--max-length", "5"], /Option --max-length goes with a dataset's format/],
      [["run", "--safe-cells"], /Option --safe-cells goes with a dataset's format/],
      [["run", "--popularity", "2"], /--popularity does not fit/],
      [["run", "--dataset", "nowhere"], /nowhere/],
    ];
    for (const [args, says] of cases) {
      const ran = await task("export", [...args, "--to", "onnx", "--out", "onnx"], { cwd: dir });
      refusedInOneLine(ran, says);
    }
    refusedInOneLine(
      await task("export", ["run/dataset", "--to", "csv", "--keep-seen", "--out", "onnx"], { cwd: dir }),
      /Option --keep-seen goes with onnx/,
    );
    refusedInOneLine(
      await task("export", ["run", "--to", "onnx"], { cwd: dir }),
      /Name the folder with --out DIR/,
    );
    assert.ok(!namesIn(dir).includes("onnx"));
    refusedInOneLine(
      await task("export", ["run", "--to", "onnx", "--out", "run"], { cwd: dir }),
      /Cannot write the export run/,
    );
  }));

Deno.test("a model in memory is exported, its popularity and titles with it", () =>
  withFolder(async (dir) => {
    const dataset = await smallDataset(dir), out = join(dir, "onnx");
    const model = await train("gru4rec", dataset, { dim: 4, hidden: 4, length: 5, epochs: 1 });
    const result = await exportModel(model, dataset, { to: "onnx", out, popularity: 0.5, keepSeen: true });
    assert.match(String(result), /items\.parquet +30 /);
    assert.deepEqual(pl.readParquet(join(out, "items.parquet")).row(3), [4, "i3", "Item 3"]);
    const { method, popularity, keepSeen } = json(join(out, "export.json"));
    assert.deepEqual([method, popularity, keepSeen], ["gru4rec", 0.5, true]);
    const readme = Deno.readTextFileSync(join(out, "README.md"));
    assert.match(readme, /T = 5 decide.*`recommend --popularity 0.5`.*items of the history may be/s);
    const wrong = (options: Record<string, unknown>) =>
      exportModel(model, dataset, { to: "onnx", out, ...options } as ExportModelOptions);
    await refused(
      () => wrong({ to: "torch" }),
      /Cannot export a model to "torch": there is one format, onnx/,
    );
    await refused(() => wrong({ popular: 1 }), /there is no option popular \(did you mean "popularity"\?\)/);
    await refused(() => wrong({ out: dataset.folder }), /Cannot write the export/);
    const stopped = AbortSignal.abort();
    await assert.rejects(wrong({ out: join(dir, "stopped"), signal: stopped }), { name: "Interrupted" });
    assert.deepEqual(namesIn(dir), ["dataset", "onnx"]);
  }));

Deno.test({
  name: `the README's lines recommend what recommend does${remark}`,
  ignore: !hasRuntime || !hasModules("pandas", "pyarrow"),
  fn: () =>
    withRun(async (dir) => {
      await task("export", ["run", "--to", "onnx", "--out", "onnx"], { cwd: dir });
      const readme = Deno.readTextFileSync(join(dir, "onnx/README.md"));
      const codes = ["onnxruntime", "An index of nearest neighbours"].map((name) =>
        readme.match(new RegExp(`^${name}:\\n\\n\`\`\`python\\n([^]*?)\\n\`\`\``, "m"))![1]
      );
      const ran = <T>(name: string, ...codes: string[]) =>
        runPython<T[]>("run_readme.py", join(dir, "onnx"), codes.join("\n"), name);
      const recommended = ran<string>("recommended", codes[0]);
      const nearest = ran<string>("found", ...codes, "found = items.index[np.array(nearest) - 1]");
      assert.deepEqual(nearest, recommended);
      const [first] = pl.readParquet(join(dir, "onnx/histories.parquet")).row(0) as string[];
      const { stdout } = await task("recommend", ["run", "--users", first], { cwd: dir });
      assert.deepEqual(recommended, stdout.trim().split("\n").slice(1).map((line) => line.split(",")[2]));
    }),
});
