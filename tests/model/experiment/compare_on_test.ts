/** Models of runs on different datasets, evaluated again on one of them. */
import assert from "node:assert/strict";
import { ownOf } from "../../../model/views/results.ts";
import {
  compare,
  compareRuns,
  compareRunsOn,
  evaluate,
  forDataset,
  loadModel,
  prepare,
  refit,
  runJob,
  type SequenceDataset,
} from "../../../mod.ts";
import { task } from "../../command.ts";
import { withFolder } from "../../folders.ts";
import { refused } from "../support.ts";
import { refusedInOneLine } from "../commands/finished.ts";

const SIZES = { dim: 4, length: 5, batchSize: 64, epochs: 1, ks: [10] } as const;

/** Yesterday's dataset and today's, which has more users and items, with a run of each, of a method that has numbers for its users. */
async function twoDays(dir: string) {
  const shop = await prepare({ dataset: "demo", minUser: 40, protocols: ["recbole"], out: `${dir}/before` });
  const now = await prepare({ dataset: "demo", minUser: 30, protocols: ["recbole"], out: `${dir}/now` });
  const run = async (dataset: SequenceDataset, name: string, seed: number) =>
    (await runJob(dataset, { method: "fpmc", ...SIZES }, { out: `${dir}/${name}`, seed })).run;
  return {
    before: shop.dataset,
    now: now.dataset,
    old: await run(shop.dataset, "old", 1),
    own: await run(now.dataset, "own", 1),
    other: await run(now.dataset, "other", 2),
  };
}

Deno.test("models that are asked anew answer as they would by hand, and runs of the dataset as their results have it", () =>
  withFolder(async (dir) => {
    const { before, now, old, own, other } = await twoDays(dir);
    assert(now.users > before.users && now.items >= before.items);
    await refused(
      () => compareRuns([own, old]),
      /they are of different datasets .*evaluate both on one with on: "DIR"$/,
    );

    const on = await compareRunsOn(now, [own, other], { protocol: "recbole" });
    const had = compareRuns([own, other], { protocol: "recbole" });
    assert.deepEqual(
      on.comparisons!.comparisons.map((c) => ({ ...c })),
      had.comparisons!.comparisons.map((c) => ({ ...c })),
    );
    for (const [i, { metrics, ...facts }] of on.runs.entries()) {
      const { metrics: recorded, ...rest } = had.runs[i];
      assert.deepEqual(facts, rest);
      for (const part of ["validation", "test"]) {
        assert.deepEqual(
          ownOf(metrics).metrics[part].recbole["NDCG@10"],
          ownOf(recorded).metrics[part].recbole["NDCG@10"],
        );
      }
    }

    using yesterday = await loadModel(old, before);
    using today = await loadModel(own, now);
    const [mine, others] = [
      await evaluate(today.model, now, { protocols: ["full"] }),
      await evaluate(forDataset(yesterday.model, before, now), now, { protocols: ["full"] }),
    ];
    const { difference, p } = compare(mine, others, "NDCG@10");
    const compared = await compareRunsOn(now, [own.path, old.path]);
    const [{ a, b, ...found }] = compared.comparisons!.comparisons;
    assert.deepEqual([a, b, found.difference, found.p], [own.path, old.path, difference, p]);
    assert.match(
      String(compared),
      new RegExp(`^test of demo \\(${now.manifest.hash.slice(0, 8)}\\), protocol full`),
    );

    // The exit code tells a script which is worse.
    const command = (...args: string[]) =>
      task("compare", [...args, "--on", "now", "--protocol", "recbole"], { cwd: dir });
    const [worse, better] = difference < 0 ? ["own", "old"] : ["old", "own"];
    const fine = await command(better, worse, "--fail-if-worse", "1", "--json");
    assert.equal(fine.code, 0, fine.stderr);
    const said = JSON.parse(fine.stdout).comparisons[0];
    assert.deepEqual([said.a, said.b, said.protocol], [better, worse, "recbole"]);
    const failed = await command(worse, better, "--fail-if-worse", "1");
    assert.equal(failed.code, 1);
    assert.match(
      failed.stderr,
      new RegExp(
        `^error: ${worse} is worse than ${better} by 0\\.\\d{4} \\(NDCG@10, protocol recbole, p [<0.\\d ]+\\)\\n$`,
      ),
    );
    assert.match(failed.stdout, /^test of demo/);
    assert.equal((await command(worse, better, "--fail-if-worse", "0")).code, 0);
    refusedInOneLine(
      await task("compare", ["own", "other", "--threads", "1"], { cwd: dir }),
      /--threads goes with --on/,
    );
  }));

Deno.test("what has learnt the answers is not asked, nor what cannot be", () =>
  withFolder(async (dir) => {
    const { before, now, old, own } = await twoDays(dir);
    for (const holdOut of ["none", "test"] as const) {
      const { run } = await refit(old, { out: `${dir}/refit-${holdOut}`, holdOut });
      await refused(
        () => compareRunsOn(now, [own, run]),
        /it has learnt from the validation part of its dataset, .*; evaluate the run that it is a refit of$/,
      );
    }
    await refused(() => compareRunsOn(now, [own]), /name two at least/);
    await refused(() => compareRunsOn(now, [own, old], { protocol: "strict" }), /strict/);
    Deno.renameSync(before.folder, `${dir}/elsewhere`);
    await refused(
      () => compareRunsOn(now, [own, old]),
      /its dataset, which names its items, is not at .*before any more; put it back there$/,
    );
  }));
