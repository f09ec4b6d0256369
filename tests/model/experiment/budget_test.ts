/** The budget is one for the whole job, counted on a clock that continues by a millisecond each time it is looked at. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { z } from "zod";
import { runJob } from "../../../model/experiment/job.ts";
import { jobShape } from "../../../model/experiment/options.ts";
import { withFolder } from "../../folders.ts";
import { plantedDataset } from "../planted.ts";

const SMALL = {
  ...{ length: 6, dim: 4, layers: 1, longLayers: 0, sequenceHidden: 4, channelHidden: 4, candidates: [1, 2] },
  ...{ batchSize: 256, searchEpochs: 100_000, epochs: 100_000, patience: 100_000, metric: "HR@1", ks: [1] },
};
/** Seconds; so a thousand looks at the clock each. */
const BUDGET = 1;

/** Runs `work` on the slow clock; gives what it took by it, in seconds. */
async function onSlowClock(work: () => Promise<unknown>): Promise<number> {
  const real = performance.now;
  let looks = 0;
  performance.now = () => ++looks;
  try {
    await work();
  } finally {
    performance.now = real;
  }
  return looks / 1000;
}

for (const [name, context] of [["left out", {}], ["undefined", { started: undefined }]] as const) {
  Deno.test(`search and retraining share one budget: when it began is ${name}`, () =>
    withFolder(async (dir) => {
      const dataset = await plantedDataset(dir, { users: 20 });
      const options = z.object(jobShape).parse({ ...SMALL, budget: BUDGET, until: "retrain" });
      const taken = await onSlowClock(() =>
        runJob(dataset, options, { out: join(dir, "run"), seed: 1, command: "", versions: {}, ...context })
      );
      assert(taken > 0.8 * BUDGET && taken <= BUDGET, `${taken} of ${BUDGET} seconds`);
    }));
}
