/** Options that are another method's. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { type JobInput, runJob } from "../../../mod.ts";
import { withFolder } from "../../folders.ts";
import { plantedDataset } from "../planted.ts";

Deno.test("options of AutoMLP in another method's job are refused, and the other way round: a network would not have them", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 20 }), out = `${dir}/run`;
    const refused = (job: unknown, message: RegExp) =>
      assert.rejects(runJob(dataset, job as JobInput, { out }), { name: "InputError", message });
    await refused(
      { method: "gru4rec", dim: 8 },
      /^Cannot run the job: dim is one of the sizes of GRU4Rec; give it as in sizes: \{ dim: 8 \}$/,
    );
    await refused(
      { method: "gru4rec", search: "none" },
      /^Cannot run the job: GRU4Rec has no option search, which is one of AutoMLP; leave it out$/,
    );
    await refused(
      { sizes: { dim: 8 } },
      /^Cannot run the job: sizes are those of other methods, .*; give dim as an option of its own, without sizes$/,
    );
    await refused({ method: "gru4reck" }, /^Cannot train "gru4reck": .*did you mean "gru4rec"\?/);
    assert(!existsSync(out));
  }));
