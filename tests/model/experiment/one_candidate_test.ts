/** A search of one candidate has nothing to choose from. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { type Progress, silent } from "../../../pipeline/contract/progress.ts";
import { runJob } from "../../../model/experiment/job.ts";
import type { JobInput } from "../../../model/experiment/job_options.ts";
import { withFolder } from "../../folders.ts";
import { plantedDataset } from "../planted.ts";
import { filesBelow, weightsOf } from "../support.ts";
import { SMALL } from "./slow.ts";

const OPTIONS: JobInput = { ...SMALL, searchEpochs: 2, epochs: 2, until: "retrain" };

for (
  const [kind, input, name] of [
    ["lengths", {}, "k = 2"],
    ["mixed outputs", { search: "darts2" }, "k = 2"],
  ] as const
) {
  Deno.test(`a job with one candidate (${kind}) says so and searches nothing: it trains as with a length that is given`, () =>
    withFolder(async (dir) => {
      const dataset = await plantedDataset(dir, { users: 20 });
      const job = async (own: JobInput, out: string) => {
        const remarks: string[] = [];
        const progress: Progress = { ...silent, remark: (remark) => remarks.push(remark) };
        const context = { out: join(dir, out), seed: 1, progress };
        return { remarks, ...await runJob(dataset, { ...OPTIONS, ...own }, context) };
      };
      const { run, facts, remarks } = await job({ ...input, lengths: [2] }, "one");
      assert.deepEqual(remarks, [`Nothing to search: ${name} is the only candidate`]);
      assert.deepEqual([run.read("architecture")!.shortTermLength, facts.search.length], [2, 0]);
      assert.equal(run.read("architecture")!.ended, "only one");
      assert.deepEqual(filesBelow(run.path).filter((path) => path.includes("search")), []);
      const given = await job({ search: "none", short: 2, lengths: undefined }, "given");
      assert.deepEqual(await weightsOf(run.path), await weightsOf(given.run.path));
    }));
}
