/** The options of a job in a program are those of its method. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { type JobInput, runJob } from "../../../mod.ts";
import { withFolder } from "../../folders.ts";
import { plantedDataset } from "../planted.ts";

Deno.test("a job is refused options of another method, and candidates that nobody would look at, by the names that they have in a program", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 20 }), out = `${dir}/run`;
    const refused = (job: unknown, message: RegExp) =>
      assert.rejects(runJob(dataset, job as JobInput, { out }), { name: "InputError", message });
    await refused({ method: "gru4rec", search: "none" }, /^Unknown option "search"/);
    await refused({ method: "gru4rec", hiden: 8 }, /^Unknown option "hiden" \(did you mean "hidden"\?\)$/);
    await refused({ method: "gru4rec", seenBias: "much" }, /^Option seenBias does not fit: /);
    await refused(
      { search: "none", short: 2, lengths: [2, 3] },
      /^Option lengths goes with a search, not with search: "none"; leave it out$/,
    );
    await refused({ heads: 2 }, /^Unknown option "heads"/);
    await refused({ method: "gru4reck" }, /^Cannot train "gru4reck": .*did you mean "gru4rec"\?/);
    await refused({ method: "gru4rec", until: "train" }, /^Option until does not fit: /);
    assert(!existsSync(out));
  }));

Deno.test("what a job in a program is not given is the method's own default, as for a command", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 20 });
    const job = { method: "fpmc", dim: 4, length: 5, epochs: 1, until: "retrain" } as const;
    const { run } = await runJob(dataset, job, { out: `${dir}/run` });
    const { config } = run.readRun()!;
    assert.deepEqual([config.training.rate, config.training.loss], [5e-3, "sampled-softmax"]);
  }));
