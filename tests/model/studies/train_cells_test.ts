import assert from "node:assert/strict";
import { join } from "node:path";
import { StudyFolder } from "../../../model/studies/study_folder.ts";
import { trainCells } from "../../../model/studies/experiment.ts";
import { withFolder } from "../../folders.ts";
import { plantedDataset } from "../planted.ts";

/** Trainings that take far longer than this test. */
const LONG = { length: 8, dim: 8, batchSize: 16, epochs: 5000, patience: 5000 };

/** Command lines of processes that name a path, found by a program that may read them. */
async function processesNaming(path: string): Promise<string[]> {
  const program = `
    for (const { name } of Deno.readDirSync("/proc")) {
      if (!/^\\d+$/.test(name) || Number(name) === Deno.pid) continue;
      try {
        console.log(Deno.readTextFileSync("/proc/" + name + "/cmdline").replaceAll("\\0", " "));
      } catch {
        // It has just ended.
      }
    }`;
  const { stdout, success } = await new Deno.Command(Deno.execPath(), { args: ["eval", program] }).output();
  assert(success);
  return new TextDecoder().decode(stdout).split("\n").filter((line) => line.includes(path));
}

Deno.test({
  name: "where an error ends the training of cells, no process of theirs is left behind",
  ignore: Deno.build.os !== "linux", // they are looked for in /proc
  fn: () =>
    withFolder(async (dir) => {
      const dataset = await plantedDataset(dir, { users: 60 }), out = join(dir, "study");
      using folder = StudyFolder.create(out, "experiment", [dataset.folder]);
      const cells = ["one", "two"].map((id) => (
        { id, method: "sasrec", options: LONG, seed: 1, until: "retrain" } as const
      ));
      const progress = {
        start(label: string) {
          if (label === "two") throw new Error("nothing can be drawn here");
          return { advance() {}, end() {} };
        },
        warn() {},
      };
      await assert.rejects(
        trainCells(cells, dataset, folder, { jobs: 2, command: "test", progress }),
        /nothing can be drawn here/,
      );
      assert.deepEqual(await processesNaming(out), []);
    }),
});

/** A very short training. */
const SHORT = { length: 8, dim: 8, batchSize: 64, epochs: 1 };
const cellsOf = (...ids: string[]) =>
  ids.map((id) => ({ id, method: "sasrec", options: SHORT, seed: 1, until: "retrain" } as const));

Deno.test("no cell is trained on other data than the study was begun with, where they are prepared anew meanwhile", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 60 });
    using folder = StudyFolder.create(join(dir, "study"), "experiment", [dataset.folder]);
    await plantedDataset(dir, { users: 70 });
    const failures = await trainCells(cellsOf("one"), dataset, folder, { jobs: 1, command: "test" });
    assert.match(
      failures.get("one")!,
      /^Cannot train on the dataset [^\n]*: it has been prepared anew since this study began; prepare it as it was /,
    );
    assert.equal(folder.run({ id: "one" }), undefined);
  }));

Deno.test({
  name: "a cell that is trained in a later call has the threads, and so the digits, of one in the first",
  ignore: navigator.hardwareConcurrency < 2,
  fn: () =>
    withFolder(async (dir) => {
      const dataset = await plantedDataset(dir, { users: 60 }), cells = cellsOf("one", "two");
      using folder = StudyFolder.create(join(dir, "study"), "experiment", [dataset.folder]);
      const train = () => trainCells(cells, dataset, folder, { jobs: 2, command: "test" });
      const engineOf = (id: string) => folder.run({ id })!.readRun()!.backend;
      assert.deepEqual(await train(), new Map());
      Deno.removeSync(folder.runPath({ id: "two" }), { recursive: true });
      assert.deepEqual(await train(), new Map());
      assert.deepEqual(engineOf("two"), engineOf("one"));
    }),
});
