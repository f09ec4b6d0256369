import assert from "node:assert/strict";
import { join, resolve } from "node:path";
import { resolveNetwork } from "../../../model/methods/automlp/config.ts";
import { RunFolder } from "../../../model/runs/folder.ts";
import { lockRun } from "../../../model/runs/lock.ts";
import { LOCK } from "../../../pipeline/contract/files/lock.ts";
import { entryAt } from "../../../pipeline/contract/files/readable.ts";
import { withFolder } from "../../folders.ts";
import { filesBelow, refused } from "../support.ts";
import { architecture, metrics, run, searchRecords, trainRecords } from "./example.ts";

Deno.test("a run is read as it was written, and lies where the documents say", () =>
  withFolder(async (dir) => {
    const path = join(dir, "runs", "one"), folder = RunFolder.create(path);
    const config = {
      dataset: metrics.dataset,
      seed: run.seed,
      method: "automlp",
      config: resolveNetwork({ items: 12, lengths: [3], length: 10, dim: 4 }),
    };
    const tensors = new Map([["output.bo", { shape: [4], values: Float32Array.of(1, 2, 3, 4) }]]);
    await folder.writeRun(run);
    await folder.write("searchHistory", searchRecords);
    await folder.write("architecture", architecture);
    await folder.write("trainHistory", trainRecords);
    await folder.writeModel(config, tensors);
    await folder.write("metrics", metrics);
    await folder.writeReport("<!doctype html>");
    assert.deepEqual(filesBelow(path), [
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
    assert.deepEqual(metricsFile, metrics);

    const again = RunFolder.open(path);
    assert.deepEqual(again.readRun(), {
      format: "automlp-run",
      version: 3,
      ...run,
      dataset: { ...run.dataset, folder: resolve(run.dataset.folder) },
    });
    assert.deepEqual(again.read("searchHistory"), searchRecords);
    assert.deepEqual(again.read("trainHistory"), trainRecords);
    assert.deepEqual(again.read("architecture"), architecture);
    assert.deepEqual(again.read("metrics"), metrics);
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
        folder.read("architecture"),
        folder.read("metrics"),
        await folder.readCheckpoint("train"),
      ],
      [undefined, undefined, undefined, undefined],
    );
    assert.deepEqual([folder.read("searchHistory"), folder.read("trainHistory")], [[], []]);
    await refused(
      () => folder.readModel(),
      /Cannot load the model of .*: it has none yet; train it with deno task retrain /,
    );
  }));

Deno.test("a folder filled from a notebook shows what is in it", () =>
  withFolder(async (dir) => {
    const folder = RunFolder.create(dir);
    assert.match(String(folder), /holds +nothing yet/);
    await folder.write("searchHistory", searchRecords);
    await folder.write("architecture", architecture);
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

Deno.test("numbers that are none survive", () =>
  withFolder(async (dir) => {
    const folder = RunFolder.create(dir), record = { ...searchRecords[0], validationLoss: NaN };
    await folder.write("searchHistory", [record]);
    assert.deepEqual(folder.read("searchHistory"), [record]);
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

Deno.test("of a project that was moved or copied as a whole, a run finds the dataset beside it, if it is the same", () =>
  withFolder(async (dir) => {
    const { hash } = run.dataset, data = (project: string) => join(dir, project, "data/mine");
    const has = (project: string, hash: string) => {
      Deno.mkdirSync(data(project), { recursive: true });
      Deno.writeTextFileSync(join(data(project), "manifest.json"), JSON.stringify({ hash }));
    };
    has("one", hash);
    const path = join("runs", "a"), folder = RunFolder.create(join(dir, "one", path));
    await folder.writeRun({ ...run, dataset: { ...run.dataset, folder: data("one") } });
    const foundFrom = (project: string) => RunFolder.open(join(dir, project, path)).readRun()!.dataset.folder;
    assert.equal(foundFrom("one"), data("one"));
    Deno.renameSync(join(dir, "one"), join(dir, "two"));
    assert.equal(foundFrom("two"), data("two"));
    has("one", hash);
    assert.equal(foundFrom("two"), data("two"), "a copy goes on with its own");
    has("two", "of-other-data");
    assert.equal(foundFrom("two"), data("one"));
    // What is read and written again stays valid.
    const moved = RunFolder.open(join(dir, "two", path));
    await moved.writeRun(moved.readRun()!);
    const { dataset } = JSON.parse(Deno.readTextFileSync(join(moved.path, "run.json")));
    assert.deepEqual(dataset, { ...run.dataset, folder: data("one"), beside: "../../../one/data/mine" });
  }));

Deno.test("a run is not copied while somebody works on it, nor to where somebody works; what is read only is", () =>
  withFolder(async (dir) => {
    const folder = RunFolder.create(join(dir, "run"));
    await folder.writeRun(run);
    {
      using _work = lockRun(folder.path);
      await refused(
        () => folder.copyTo(join(dir, "copy")),
        /^Cannot copy .*run: a process is at work on it; wait/,
      );
      assert.equal(entryAt(join(dir, "copy")), undefined);
    }
    const copying = folder.copyTo(join(dir, "copy"));
    await refused(() => lockRun(folder.path), /work on it is going on, in this process or another/);
    await refused(() => lockRun(join(dir, "copy")), /work on it is going on in this process, since/);
    assert.equal((await copying).readRun()!.dataset.hash, run.dataset.hash);
    Deno.removeSync(join(folder.path, LOCK));
    await folder.copyTo(join(dir, "third"));
    assert.equal(entryAt(join(folder.path, LOCK)), undefined, "nothing is written to what is copied");
  }));

Deno.test("a run of which somebody removed a file is copied without it; what was changed is not", () =>
  withFolder(async (dir) => {
    const folder = RunFolder.create(join(dir, "run"));
    await folder.writeRun(run);
    await folder.write("trainHistory", trainRecords);
    await folder.writeReport("<p>All went well.</p>");
    Deno.removeSync(folder.reportPath);
    Deno.writeTextFileSync(join(folder.path, "mine.txt"), "mine");
    const copy = await folder.copyTo(join(dir, "copy"));
    assert.deepEqual(filesBelow(copy.path), [".lock", "checksums.json", "run.json", "train/history.jsonl"]);
    assert.deepEqual(copy.read("trainHistory"), folder.read("trainHistory"));
    Deno.writeTextFileSync(join(folder.path, "train/history.jsonl"), "\n", { append: true });
    await refused(() => folder.copyTo(join(dir, "again")), /history.jsonl: its checksum does not match/);
    assert.equal(RunFolder.at(join(dir, "again")).readRun(), undefined, "without run.json it is no run");
  }));
