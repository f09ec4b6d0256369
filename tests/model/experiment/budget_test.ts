/** The budget is one for the whole job. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { runJob } from "../../../model/experiment/job.ts";
import { jobSchema } from "../../../model/experiment/options.ts";
import { withFolder } from "../../folders.ts";
import { plantedDataset } from "../planted.ts";
import { onSlowClock, SMALL } from "./slow.ts";

/** Seconds; so a thousand looks at the clock each. */
const BUDGET = 1;

for (const [name, context] of [["left out", {}], ["undefined", { deadline: undefined }]] as const) {
  Deno.test(`search and retraining share one budget: its deadline is ${name}`, () =>
    withFolder(async (dir) => {
      const dataset = await plantedDataset(dir, { users: 20 });
      const options = jobSchema.parse({ ...SMALL, budget: BUDGET, until: "retrain" });
      const { taken } = await onSlowClock(() =>
        runJob(dataset, options, { out: join(dir, "run"), seed: 1, command: "", versions: {}, ...context })
      );
      assert(taken > 0.8 * BUDGET && taken <= BUDGET, `${taken} of ${BUDGET} seconds`);
    }));
}
