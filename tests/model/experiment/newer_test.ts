/** Runs that another version of the program began, with things that this version does not have. */
import { join } from "node:path";
import assert from "node:assert/strict";
import { loadModel } from "../../../model/methods/store.ts";
import { RunFolder } from "../../../model/runs/folder.ts";
import { readDataset } from "../../../pipeline/contract/dataset/store.ts";
import { FolderRecord, hashFileSync } from "../../../pipeline/contract/files/checksums.ts";
import { task } from "../../command.ts";
import { refusedInOneLine, withRun } from "../commands/finished.ts";
import { json } from "../support.ts";

/** Changes a JSON file of a run as one of our programs would have written it. */
// deno-lint-ignore no-explicit-any -- whatever it holds
async function rewritten(run: string, file: string, change: (value: any) => void): Promise<void> {
  const value = json(join(run, file));
  change(value);
  const write = (part: string) => Deno.writeTextFileSync(part, JSON.stringify(value));
  await FolderRecord.read(run)!.put(file, write);
}

const resumed = (dir: string) =>
  task("pipeline", ["--out", "run", "--resume", "--epochs", "9"], { cwd: dir });

Deno.test("a model of a newer version is not trained further, nor replaced", () =>
  withRun(async (dir) => {
    const run = join(dir, "run"), weights = join(run, "model", "weights.safetensors");
    const before = hashFileSync(weights);
    await rewritten(run, "model/config.json", (config) => config.version = 99);
    refusedInOneLine(
      await resumed(dir),
      /Cannot read \S*run\/model\/config.json: the model has format version 99, this program reads 3; use a newer automlp/,
    );
    assert.equal(hashFileSync(weights), before);
    assert.equal(json(join(run, "model", "config.json")).version, 99);
  }));

Deno.test("a run with an option that this program does not have is not resumed without it", () =>
  withRun(async (dir) => {
    const run = join(dir, "run");
    await rewritten(run, "run.json", ({ config }) => {
      config.training.novelty = 3;
    });
    refusedInOneLine(
      await resumed(dir),
      /Cannot resume run: it was begun with --novelty, which this program does not have; go on with the version of automlp that began it, or begin another run/,
    );
    assert.equal(json(join(run, "run.json")).status, "done");
  }));

Deno.test("a training does not go on as another network, where versions derive of the data what nobody named", () =>
  withRun(async (dir) => {
    const run = join(dir, "run");
    await rewritten(run, "model/config.json", (value) => value.config.seenBias = -1.5);
    const weights = hashFileSync(join(run, "model", "weights.safetensors"));
    refusedInOneLine(
      await resumed(dir),
      /Cannot resume run: its model was trained with seenBias -1\.5, and this program would go on with \S+; go on with the version of automlp that began it, or begin another run/,
    );
    assert.equal(json(join(run, "model", "config.json")).config.seenBias, -1.5);
    assert.equal(json(join(run, "run.json")).status, "done"); // unchanged: nothing was begun
    assert.equal(hashFileSync(join(run, "model", "weights.safetensors")), weights);
  }));

Deno.test("a run whose selected length was removed is searched to the same, and goes on with its network", () =>
  withRun(async (dir) => {
    const architecture = join(dir, "run", "architecture.json"), before = json(architecture);
    Deno.removeSync(architecture);
    const { code, stderr } = await resumed(dir);
    assert.equal(code, 0, stderr);
    assert.deepEqual(json(architecture), before);
  }));

Deno.test("a model of a method that this program does not have says so", () =>
  withRun(async (dir) => {
    const run = join(dir, "run");
    const dataset = await readDataset(RunFolder.open(run).readRun()!.dataset.folder);
    await rewritten(run, "model/config.json", (value) => value.method = value.config.method = "mamba4rec");
    await assert.rejects(() => loadModel(run, dataset), {
      name: "InputError",
      message:
        `Cannot load the model of ${run}: this program does not know its method, mamba4rec; use a newer automlp`,
    });
  }));
