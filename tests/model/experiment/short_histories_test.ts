import assert from "node:assert/strict";
import { type Progress, silent } from "../../../pipeline/contract/progress.ts";
import { runJob } from "../../../model/experiment/job.ts";
import { shortHistoriesRemark } from "../../../model/experiment/short_histories.ts";
import { prepare } from "../../../mod.ts";
import { withFolder } from "../../folders.ts";

/** Users with so many interactions each, of which the last two are held out. */
const logOf = (lengths: number[]) =>
  lengths.flatMap((length, user) =>
    Array.from({ length }, (_, i) => ({ user: `u${user}`, item: `i${(7 * user + i) % 40}`, timestamp: i }))
  );

Deno.test("short histories: where nearly all are far shorter than the network's, a shorter one is proposed", () =>
  withFolder(async (dir) => {
    const sessions = Array.from({ length: 20 }, () => 8); // five targets each, after 1 to 5 items: 100
    const datasetOf = async (name: string, lengths: number[]) =>
      (await prepare({
        ...{ data: logOf(lengths), out: `${dir}/${name}`, minUser: 3 },
        ...{ protocols: ["recbole"], evalNegatives: 1 },
      })).dataset;
    const short = await datasetOf("short", sessions);
    assert.match(
      shortHistoriesRemark(short, 50, {})!,
      /^100 % of the histories have 10 items or fewer, and are filled up to 50: with --length 10 steps are much shorter/,
    );
    assert.equal(shortHistoriesRemark(short, 50, { length: 50 }), undefined, "it was asked for");
    assert.equal(shortHistoriesRemark(short, 50, { sizes: { length: 50 } }), undefined);
    assert.equal(shortHistoriesRemark(short, 19, {}), undefined, "not worth it");
    assert.match(shortHistoriesRemark(short, 20, {})!, /--length 10/);
    // A user more, with 18 targets after 1 to 18 items: 110 of the 118 have ten or fewer before them, and all have twenty.
    const mixed = await datasetOf("mixed", [...sessions, 21]);
    assert.match(shortHistoriesRemark(mixed, 50, {})!, /^100 % of the histories have 20 items or fewer/);
    const long = await datasetOf("long", [8, 60]);
    assert.equal(shortHistoriesRemark(long, 50, {}), undefined);
    const said: string[] = [];
    const progress: Progress = { ...silent, remark: (text) => said.push(text) };
    const job = { method: "gru4rec", dim: 2, hidden: 2, epochs: 1, until: "retrain" } as const;
    for (const [options, count] of [[{}, 1], [{ length: 50 }, 0]] as const) {
      said.length = 0;
      await runJob(short, { ...job, ...options }, { out: `${dir}/run-${count}`, seed: 1, progress });
      assert.equal(said.filter((text) => text.includes("--length 10")).length, count, said.join("\n"));
    }
  }));
