import assert from "node:assert/strict";
import { join } from "node:path";
import { planOf, runExperiment, tune } from "../../../mod.ts";
import { withFolder } from "../../folders.ts";
import { plantedDataset } from "../planted.ts";

Deno.test.sanitizer({ ops: true, resources: true });

Deno.test("an experiment and a tuning that are stopped say what goes on with them", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 30 }), signal = AbortSignal.abort();
    const plan = planOf({ name: "one", methods: ["fpmc"], seeds: [1], common: { epochs: 1 } });
    await assert.rejects(runExperiment(plan, dataset, { out: join(dir, "experiment"), signal }), {
      name: "Interrupted",
      message: "Stopped; what was trained so far is kept",
      goesOn: "run the experiment again",
    });
    const tuned = { ...plan, tune: { trials: 1, epochs: 1, tuner: "random" as const, leastEpochs: 1 } };
    await assert.rejects(runExperiment(tuned, dataset, { out: join(dir, "tuned"), signal }), {
      name: "Interrupted",
      goesOn: "run the experiment again",
    });
    const tuning = tune("fpmc", dataset, { out: join(dir, "tuning"), trials: 1, signal });
    await assert.rejects(tuning.run(), {
      name: "Interrupted",
      message: "Stopped; what was tried so far is kept",
      goesOn: "run the tuning again",
    });
  }));
