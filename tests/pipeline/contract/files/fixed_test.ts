/** A program that changes its current folder: what it opened by relative paths stays valid. */
import assert from "node:assert/strict";
import { RunFolder } from "../../../../model/runs/folder.ts";
import { fixedPath } from "../../../../pipeline/contract/files/fixed.ts";
import { readDataset } from "../../../../pipeline/contract/dataset/store.ts";
import { withFolder } from "../../../folders.ts";
import { architecture, run, trainRecords } from "../../../model/runs/example.ts";
import { makeDataset } from "../../export/dataset.ts";

/** Does work with a folder as the current one; the work may change it. */
async function within(folder: string, work: () => Promise<void>): Promise<void> {
  const before = Deno.cwd();
  Deno.chdir(folder);
  try {
    await work();
  } finally {
    Deno.chdir(before);
  }
}

Deno.test("a path is as it was given until the program goes elsewhere, and again when it is back", () =>
  withFolder((dir) =>
    within(Deno.realPathSync(dir), async () => {
      const path = fixedPath("runs/mine"), here = Deno.cwd();
      assert.equal(path(), "runs/mine");
      Deno.chdir("..");
      assert.equal(path(), `${here}/runs/mine`);
      assert.equal(fixedPath("/data/mine")(), "/data/mine");
      Deno.chdir(here);
      assert.equal(path(), "runs/mine");
      Deno.mkdirSync("gone");
      Deno.chdir("gone");
      await Deno.remove("../gone");
      assert.equal(path(), `${here}/runs/mine`);
      assert.equal(fixedPath("mine")(), "mine");
    })
  ));

Deno.test("a dataset and a run are read and written where they were opened", () =>
  withFolder((dir) =>
    within(Deno.realPathSync(dir), async () => {
      const here = Deno.cwd();
      const made = await makeDataset("made", { sequences: { u: ["a", "b", "c"], v: ["b", "c", "a"] } });
      Deno.renameSync(made.folder, "data");
      const dataset = await readDataset("data"), folder = RunFolder.create("run");
      await folder.writeRun({ ...run, dataset: { ...run.dataset, folder: dataset.folder } });
      await folder.writeArchitecture(architecture);
      assert.deepEqual([dataset.folder, folder.path], ["data", "run"]);
      Deno.mkdirSync("elsewhere");
      Deno.chdir("elsewhere");
      assert.equal(dataset.sequences().items.length, 6);
      assert.deepEqual([dataset.folder, folder.path], [`${here}/data`, `${here}/run`]);
      assert.deepEqual(folder.readArchitecture(), architecture);
      assert.equal(folder.readRun()?.dataset.folder, `${here}/data`);
      await folder.writeTrainHistory(trainRecords);
      await folder.writeRun({ ...run, dataset: { ...run.dataset, folder: dataset.folder } });
      assert.deepEqual([...Deno.readDirSync(".")], []);
      Deno.chdir(here);
      assert.deepEqual(RunFolder.open("run").readTrainHistory(), trainRecords);
      assert.equal(RunFolder.open("run").readRun()?.dataset.folder, `${here}/data`);
      assert.deepEqual(JSON.parse(JSON.stringify({ dataset, folder })), {
        dataset: { folder: "data", manifest: dataset.manifest },
        folder: { path: "run" },
      });
    })
  ));
