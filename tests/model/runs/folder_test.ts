import assert from "node:assert/strict";
import { join, resolve } from "node:path";
import type { Checkpoint } from "../../../model/records/checkpoint.ts";
import { RunFolder } from "../../../model/runs/folder.ts";
import { resolveNetwork } from "../../../model/automlp/config.ts";
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
      method: "automlp",
      config: resolveNetwork({ items: 12, candidates: [3], length: 10, dim: 4 }),
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
      "checksums.json",
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
    assert.deepEqual(again.readRun(), {
      format: "automlp-run",
      version: 2,
      ...run,
      dataset: { ...run.dataset, folder: resolve(run.dataset.folder) },
    });
    assert.deepEqual(again.readSearchHistory(), searchRecords);
    assert.deepEqual(again.readTrainHistory(), trainRecords);
    assert.deepEqual(again.readArchitecture(), architecture);
    assert.deepEqual(again.readMetrics(), metrics);
    assert.equal(again.reportPath, join(path, "report.html"));
    const model = await again.readModel();
    assert.deepEqual(model.config, { format: "automlp-model", version: 3, ...config });
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

Deno.test("what is not as it was written is refused, whatever it says", () =>
  withFolder(async (dir) => {
    const folder = RunFolder.create(dir);
    await folder.writeArchitecture(architecture);
    await folder.writeMetrics(metrics);
    const path = join(dir, "architecture.json"), text = Deno.readTextFileSync(path);
    Deno.writeTextFileSync(path, text.replace(/"shortTermLength": \d+/, '"shortTermLength": 77'));
    await refused(() => folder.readArchitecture(), /architecture.json: its checksum does not match: it was/);
    Deno.copyFileSync(join(dir, "metrics.json"), path);
    await refused(() => folder.readArchitecture(), /architecture.json: its checksum does not match/);
    Deno.writeTextFileSync(path, text);
    assert.deepEqual(folder.readArchitecture(), architecture);
    Deno.writeTextFileSync(join(dir, "search.txt"), "");
    Deno.mkdirSync(join(dir, "train"));
    Deno.writeTextFileSync(join(dir, "train", "history.jsonl"), "");
    await refused(() => folder.readTrainHistory(), /history.jsonl: automlp did not write it there/);
    await refused(() => folder.writeTrainHistory([]), /something is there that automlp did not write/);
    const record = join(dir, "checksums.json");
    Deno.writeTextFileSync(record, Deno.readTextFileSync(record).replace(/"sha256": "./, '"sha256": "0'));
    await refused(() => folder.readArchitecture(), /checksums.json: its own checksum does not match/);
  }));

Deno.test("in a run of an earlier version, which has no checksums, damage is named by file and place", () =>
  withFolder(async (dir) => {
    const folder = RunFolder.create(dir);
    await folder.writeSearchHistory(searchRecords);
    Deno.removeSync(join(dir, "checksums.json"));
    const write = (name: string, text: string) => Deno.writeTextFileSync(join(dir, name), text);
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
    file("manifest.json", { format: "automlp-dataset", tables: {} });
    await refused(() => RunFolder.open(dir), /Cannot open the run .*: it is a dataset; give another folder/);
    await refused(
      () => RunFolder.create(dir),
      /Cannot write the run .*: a dataset is there; choose another folder/,
    );
    Deno.removeSync(join(dir, "manifest.json"));
    file("run.json", { format: "mlflow", version: 1 });
    await refused(
      () => RunFolder.create(dir),
      /the folder holds files that automlp did not write \(run.json\)/,
    );
    await refused(() => RunFolder.open(dir), /its run.json is not one of automlp; give another folder/);
    file("run.json", { format: "automlp-run", version: 3, more: "than we know" });
    await refused(
      () => RunFolder.open(dir),
      /Cannot read .*run.json: the run has format version 3, this program knows up to 2; use a newer automlp/,
    );
    Deno.writeTextFileSync(join(dir, "file"), "");
    await refused(() => RunFolder.create(join(dir, "file")), /Cannot (read|write) .*file/);
    await refused(() => RunFolder.open(join(dir, "file")), /there is no run.json in it/);
  }));

Deno.test("weights of another dataset, or of an older network, are refused", () =>
  withFolder(async (dir) => {
    const folder = RunFolder.create(dir);
    folder.checkDataset({ hash: "anything", name: "new run" });
    await folder.writeRun(run);
    folder.checkDataset({ hash: run.dataset.hash, name: "renamed" });
    await refused(
      () => folder.checkDataset({ hash: "ffffffff00", name: "beauty", folder: "data/beauty" }),
      /Cannot use the run .* with the dataset data\/beauty \(ffffffff\): its weights are of another, shop \(0123abcd\); give \S*\/data\/shop, or another folder with --out$/,
    );
    const network = resolveNetwork({ items: 3, candidates: [2] });
    await folder.writeModel({ dataset: run.dataset, seed: 1, method: "automlp", config: network }, new Map());
    const path = join(dir, "model", "config.json");
    Deno.removeSync(join(dir, "checksums.json")); // which would refuse what was edited
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

Deno.test("a file is never written through a link, nor over what somebody else put there", () =>
  withFolder(async (dir) => {
    const folder = RunFolder.create(join(dir, "run"));
    const precious = join(dir, "precious"), path = join(dir, "run", "architecture.json");
    Deno.writeTextFileSync(precious, "mine");
    Deno.symlinkSync(precious, `${path}.part`);
    Deno.symlinkSync(precious, path);
    await refused(
      () => folder.writeArchitecture(architecture),
      /something is there that automlp did not write/,
    );
    Deno.removeSync(path);
    await folder.writeArchitecture(architecture);
    assert.equal(Deno.readTextFileSync(precious), "mine");
    assert(Deno.lstatSync(path).isFile);
  }));

Deno.test("a run that was moved or copied finds the dataset in it; one outside is found where it was", () =>
  withFolder(async (dir) => {
    const path = join(dir, "one"), dataset = (folder: string) => ({ ...run.dataset, folder });
    await RunFolder.create(path).writeRun({ ...run, dataset: dataset(join(path, "dataset")) });
    Deno.renameSync(path, join(dir, "two"));
    assert.equal(RunFolder.open(join(dir, "two")).readRun()!.dataset.folder, join(dir, "two", "dataset"));
    await RunFolder.create(path).writeRun({ ...run, dataset: dataset(join(dir, "data")) });
    Deno.renameSync(path, join(dir, "three"));
    assert.equal(RunFolder.open(join(dir, "three")).readRun()!.dataset.folder, join(dir, "data"));
  }));

Deno.test("a damaged checkpoint gives way to the one before it", () =>
  withFolder(async (dir) => {
    const folder = RunFolder.create(dir), last = join(dir, "checkpoint", "train.safetensors");
    const warnings: string[] = [];
    const read = async () => (await folder.readCheckpoint("train", (text) => warnings.push(text)))?.state;
    for (const epoch of [1, 2, 3]) {
      const tensors = new Map([["w", { shape: [1], values: Float32Array.of(epoch) }]]);
      await folder.writeCheckpoint("train", { state: { epoch }, tensors });
    }
    assert.deepEqual([await read(), warnings], [{ epoch: 3 }, []]);
    const bytes = Deno.readFileSync(last);
    bytes[bytes.length - 1] ^= 1;
    Deno.writeFileSync(last, bytes);
    assert.deepEqual(await read(), { epoch: 2 });
    assert.match(
      warnings.join(),
      /train.safetensors: its checksum .*; resumed from the checkpoint before it$/,
    );
    Deno.removeSync(last);
    assert.deepEqual(await read(), { epoch: 2 });
    Deno.writeTextFileSync(join(dir, "checkpoint", "train.previous.safetensors"), "?");
    await refused(
      read,
      /Cannot resume the train of .*remove checkpoint\/train\*.safetensors to begin it again/,
    );
  }));
