import assert from "node:assert/strict";
import { join } from "node:path";
import { type Checkpoint, RunFolder } from "../../../model/run/folder.ts";
import { resolveNetwork } from "../../../model/automlp/config.ts";
import { root } from "../../paths.ts";
import { withFolder } from "../../folders.ts";
import { architecture, metrics, run, searchRecords, trainRecords } from "./example.ts";

const namesIn = (dir: string): string[] =>
  [...Deno.readDirSync(dir)].flatMap(({ name, isDirectory }) =>
    isDirectory ? namesIn(join(dir, name)).map((inner) => `${name}/${inner}`) : [name]
  ).sort();

/** Asserts that something is refused with one line. */
const refused = (work: () => unknown, message: RegExp) =>
  assert.rejects(Promise.try(work), (error: Error) => {
    assert.equal(error.name, "InputError", String(error));
    assert.match(error.message, message);
    assert.ok(!error.message.includes("\n"));
    return true;
  });

Deno.test("a run is read as it was written, and lies where the documents say", () =>
  withFolder(async (dir) => {
    const path = join(dir, "runs", "one"), folder = RunFolder.create(path);
    const config = {
      dataset: metrics.dataset,
      seed: run.seed,
      network: resolveNetwork({ items: 12, candidates: [3], length: 10, dim: 4 }),
    };
    const tensors = new Map([["output.bo", { shape: [4], values: Float32Array.of(1, 2, 3, 4) }]]);
    await folder.writeRun(run);
    await folder.writeSearchHistory(searchRecords);
    await folder.writeArchitecture(architecture);
    await folder.writeTrainHistory(trainRecords);
    await folder.writeModel(config, tensors);
    await folder.writeMetrics(metrics);
    await folder.writeReport("<!doctype html>");
    assert.deepEqual(namesIn(path), [
      "architecture.json",
      "metrics.json",
      "model/config.json",
      "model/weights.safetensors",
      "report.html",
      "run.json",
      "search/history.jsonl",
      "train/history.jsonl",
    ]);
    const metricsFile = JSON.parse(Deno.readTextFileSync(join(path, "metrics.json")));
    assert.equal(metricsFile.test.recbole["HR@10"], metrics.model.test.recbole["HR@10"]);

    const again = RunFolder.open(path);
    assert.deepEqual(again.readRun(), { format: "automlp-run", version: 1, ...run });
    assert.deepEqual(again.readSearchHistory(), searchRecords);
    assert.deepEqual(again.readTrainHistory(), trainRecords);
    assert.deepEqual(again.readArchitecture(), architecture);
    assert.deepEqual(again.readMetrics(), metrics);
    assert.equal(again.reportPath, join(path, "report.html"));
    const model = await again.readModel();
    assert.deepEqual(model.config, { format: "automlp-model", version: 2, ...config });
    assert.deepEqual(model.tensors, tensors);
  }));

Deno.test("of a run that stopped early, what is not there is undefined or empty", () =>
  withFolder(async (dir) => {
    const folder = RunFolder.create(dir);
    assert.deepEqual(
      [
        folder.readRun(),
        folder.readArchitecture(),
        folder.readMetrics(),
        await folder.readCheckpoint("train"),
      ],
      [undefined, undefined, undefined, undefined],
    );
    assert.deepEqual([folder.readSearchHistory(), folder.readTrainHistory()], [[], []]);
    await refused(() => folder.readModel(), /Cannot load the model of .*: it has none yet; finish the run/);
  }));

Deno.test("a folder filled from a notebook shows what is in it", () =>
  withFolder(async (dir) => {
    const folder = RunFolder.create(dir);
    assert.match(String(folder), /holds +nothing yet/);
    await folder.writeSearchHistory(searchRecords);
    await folder.writeArchitecture(architecture);
    await folder.writeCheckpoint("search", { state: {}, tensors: new Map() });
    assert.match(
      String(folder),
      /holds +the search's history, the selected length, a checkpoint of the search\n/,
    );
    assert.doesNotMatch(String(folder), /status/);
    await folder.writeRun(run);
    assert.match(String(folder), /status +\w+/);
    assert.doesNotMatch(String(folder), /holds/);
  }));

Deno.test("a checkpoint holds state and tensors", () =>
  withFolder(async (dir) => {
    const folder = RunFolder.create(dir);
    const checkpoint: Checkpoint = {
      state: { step: 3, alpha: [0.1, 0.1 + 0.2], place: [2, 17] },
      tensors: new Map([["first/w", { shape: [1, 2], values: Float32Array.of(1e-8, 2) }]]),
    };
    await folder.writeCheckpoint("search", checkpoint);
    assert.deepEqual(await folder.readCheckpoint("search"), checkpoint);
    assert.equal(await folder.readCheckpoint("train"), undefined);
  }));

Deno.test("numbers that are none survive", () =>
  withFolder(async (dir) => {
    const folder = RunFolder.create(dir), record = { ...searchRecords[0], validationLoss: NaN };
    await folder.writeSearchHistory([record]);
    assert.deepEqual(folder.readSearchHistory(), [record]);
  }));

Deno.test("damage is named by file and place", () =>
  withFolder(async (dir) => {
    const folder = RunFolder.create(dir);
    const write = (name: string, text: string) => Deno.writeTextFileSync(join(dir, name), text);
    await folder.writeSearchHistory(searchRecords);
    write("search/history.jsonl", `${JSON.stringify(searchRecords[0])}\n{"epoch": 1\n`);
    await refused(
      () => folder.readSearchHistory(),
      /Cannot read .*history.jsonl: line 2: it is not valid JSON \(/,
    );
    write("search/history.jsonl", '{"epoch":1}\n');
    await refused(() => folder.readSearchHistory(), /line 1: it is damaged \(step: /);
    write("architecture.json", "{");
    await refused(
      () => folder.readArchitecture(),
      /Cannot read .*architecture.json: it is not valid JSON \(/,
    );
    write("architecture.json", JSON.stringify({ ...architecture, rule: "dice" }));
    await refused(() => folder.readArchitecture(), /architecture.json: it is damaged \(rule: /);
    write("metrics.json", '{"dataset":{"hash":"a","name":"b"},"seed":1,"baselines":{},"test":{"full":3}}');
    await refused(() => folder.readMetrics(), /metrics.json: it is damaged \(test.full: /);
    Deno.mkdirSync(join(dir, "checkpoint"));
    write("checkpoint/train.safetensors", "?");
    await refused(() => folder.readCheckpoint("train"), /train.safetensors: it is not a safetensors file/);
  }));

Deno.test("folders of another kind, of a newer version and without a run are refused", () =>
  withFolder(async (dir) => {
    await refused(
      () => RunFolder.open(dir),
      /Cannot open the run .*: there is no run.json in it; make one with/,
    );
    await refused(() => RunFolder.open(join(dir, "none")), /there is no run.json in it/);
    const file = (name: string, value: unknown) =>
      Deno.writeTextFileSync(join(dir, name), JSON.stringify(value));
    file("manifest.json", { format: "automlp-dataset" });
    await refused(() => RunFolder.open(dir), /Cannot open the run .*: it is a dataset; give another folder/);
    await refused(
      () => RunFolder.create(dir),
      /Cannot write a run to .*: it is a dataset; give another folder/,
    );
    file("run.json", { format: "mlflow", version: 1 });
    await refused(() => RunFolder.create(dir), /its run.json is not one of automlp; give another folder/);
    file("run.json", { format: "automlp-run", version: 2, more: "than we know" });
    await refused(
      () => RunFolder.open(dir),
      /Cannot read .*run.json: the run has format version 2, this program knows up to 1; use a newer automlp/,
    );
    Deno.writeTextFileSync(join(dir, "file"), "");
    await refused(() => RunFolder.create(join(dir, "file")), /Cannot (read|write) .*file/);
    await refused(() => RunFolder.open(join(dir, "file")), /Cannot read .*file/);
  }));

Deno.test("weights of another dataset, or of an older network, are refused", () =>
  withFolder(async (dir) => {
    const folder = RunFolder.create(dir);
    folder.checkDataset({ hash: "anything", name: "new run" });
    await folder.writeRun(run);
    folder.checkDataset({ hash: run.dataset.hash, name: "renamed" });
    await refused(
      () => folder.checkDataset({ hash: "ffffffff00", name: "beauty", folder: "data/beauty" }),
      /Cannot use the run .* with the dataset data\/beauty \(ffffffff\): its weights are of another, shop \(0123abcd\); give data\/shop, or another folder with --out$/,
    );
    const network = resolveNetwork({ items: 3, candidates: [2] });
    await folder.writeModel({ dataset: run.dataset, seed: 1, network }, new Map());
    const path = join(dir, "model", "config.json");
    Deno.writeTextFileSync(path, Deno.readTextFileSync(path).replace(run.dataset.hash, "eeeeeeee00"));
    await refused(
      () => folder.readModel(),
      /its weights are of another dataset \(0123abcd\) than its config.json says, shop \(eeeeeeee\); train it again/,
    );
    Deno.writeTextFileSync(path, JSON.stringify({ ...JSON.parse(Deno.readTextFileSync(path)), version: 1 }));
    await refused(
      () => folder.readModel(),
      /^Cannot load the model of .*: it has format version 1, whose networks lack the tensors sequence.gain and sequence.bias that version 2 has; train it again$/,
    );
  }));

Deno.test({
  name: "a full disk is one line, and the old file stays",
  ignore: Deno.build.os !== "linux", // which has a device that is always full
  fn: () =>
    withFolder(async (dir) => {
      const folder = RunFolder.create(dir);
      await folder.writeArchitecture(architecture);
      Deno.symlinkSync("/dev/full", join(dir, "architecture.json.part"));
      // A process of its own: tests may not open devices.
      const { stdout } = await new Deno.Command(Deno.execPath(), {
        args: [
          "eval",
          `--config=${root}deno.json`,
          `const { RunFolder } = await import(${
            JSON.stringify(import.meta.resolve("../../../model/run/folder.ts"))
          });
          try { await RunFolder.create(Deno.args[0]).writeArchitecture({}); } catch (error) { console.log(error.name, error.message); }`,
          dir,
        ],
      }).output();
      assert.equal(
        new TextDecoder().decode(stdout),
        `InputError Cannot write ${join(dir, "architecture.json")}: No space left on device (os error 28); ` +
          "free some space or choose another folder with --out\n",
      );
      assert.deepEqual(folder.readArchitecture(), architecture);
    }),
});
