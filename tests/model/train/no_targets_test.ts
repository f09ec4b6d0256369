/** Data that no training, or no search, can learn from. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import "../../../model/methods/registry.ts";
import { networkFor } from "../../../model/methods/automlp/method.ts";
import { openEngine } from "../../../model/backend/engine.ts";
import { runJob } from "../../../model/experiment/job.ts";
import { beginTraining } from "../../../model/methods/train.ts";
import { Search } from "../../../model/search/search.ts";
import { prepare } from "../../../pipeline/mod.ts";
import { withFolder } from "../../folders.ts";
import { refused } from "../support.ts";

const engine = await openEngine();

/** A dataset of users with these numbers of interactions, the last two of which are held out. */
async function datasetOf(dir: string, lengths: readonly number[]) {
  const data = lengths.flatMap((length, u) =>
    Array.from({ length }, (_, n) => ({ user: `u${u}`, item: `i${(u + 3 * n) % 7}`, timestamp: n }))
  );
  const options = { minUser: 3, evalNegatives: 2, out: join(dir, "data") };
  return (await prepare({ data, protocols: ["recbole"], ...options })).dataset;
}

const SIZES = { dim: 4, length: 5 };

Deno.test("where no user has two training interactions, every method says so and trains nothing", () =>
  withFolder(async (dir) => {
    const dataset = await datasetOf(dir, [3, 3, 3, 3]);
    const none = /^Cannot train on .*: no user has two interactions in its training part, /;
    for (const method of ["bert4rec", "fpmc", "gru4rec", "lstm-lstm", "nextitnet", "sasrec"] as const) {
      await refused(() => beginTraining(method, dataset, SIZES), none);
    }
    await refused(() => beginTraining("automlp", dataset, { ...SIZES, lengths: [2] }), none);
    // No job leaves a run that can never be completed.
    const out = join(dir, "run");
    for (const job of [{ search: "none", short: 1 }, { lengths: [1, 2] }, { method: "sasrec" }] as const) {
      await refused(() => runJob(dataset, { ...SIZES, ...job }, { out }), none);
      assert(!existsSync(out), JSON.stringify(job));
    }
    const network = networkFor(dataset, { ...SIZES, lengths: [1, 2] });
    for (const alphaData of ["validation", 0.3] as const) {
      await refused(() => new Search(engine, dataset, network, { alphaData }), none);
    }
  }));

Deno.test("a search that would hold out every target says so; the same data can be trained on", () =>
  withFolder(async (dir) => {
    const dataset = await datasetOf(dir, [4, 3, 3, 3]);
    const network = networkFor(dataset, { ...SIZES, lengths: [1, 2] });
    await refused(
      () => new Search(engine, dataset, network),
      /^Cannot search on .*: of the 1 target of its training part none is left to learn from .*; hold out less, or give a length \(.*\)$/,
    );
    const training = await beginTraining("sasrec", dataset, SIZES);
    assert(Number.isFinite(training.step()));
    training.dispose();
  }));
