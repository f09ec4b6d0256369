/** The budget is one for the whole job. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { type Progress, silent } from "../../../pipeline/contract/progress.ts";
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

Deno.test("what runs says how much of the budget is left, and never that it may take longer", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 20 }), places: string[] = [];
    const options = jobSchema.parse({ ...SMALL, budget: BUDGET, until: "retrain" });
    const progress: Progress = {
      ...silent,
      start(_label, _total, _unit, place) {
        places.push(place ?? "");
        return silent.start("");
      },
    };
    const context = { seed: 1, command: "", versions: {}, progress };
    await onSlowClock(() => runJob(dataset, options, { out: join(dir, "run"), ...context }));
    const epochs = places.filter((place) => place.startsWith("of at most"));
    const seconds =
      /^of at most [\d,]+(?:, (.+) s more at most)?, phase ([12]) of 2, (.+) s of the budget left$/;
    const parts = epochs.map((place) => seconds.exec(place) ?? assert.fail(place));
    assert.deepEqual([...new Set(parts.map(([, , phase]) => phase))], ["1", "2"]);
    const left = parts.map(([, , , left]) => Number(left));
    assert(left.every((seconds, i) => seconds <= (i ? left[i - 1] : BUDGET)), String(left));
    assert(left.at(-1)! < left[0], String(left));
    for (const [place, more, , left] of parts) {
      assert(more === undefined || Number(more) <= Number(left), place);
    }
    assert(parts.some(([, more]) => more !== undefined), "an epoch after the first");
  }));
