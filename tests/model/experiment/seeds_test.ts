import assert from "node:assert/strict";
import { join } from "node:path";
import { runJob } from "../../../model/experiment/job.ts";
import { seedsTable } from "../../../model/views/report.ts";
import { prepare } from "../../../mod.ts";
import { withFolder } from "../../folders.ts";
import { plantedCsv } from "../../../fixtures/planted.ts";
import { json } from "../support.ts";

const SIZES = { length: 6, dim: 4, layers: 1, sequenceHidden: 4, channelHidden: 4 };
const JOB = { ...SIZES, lengths: [1, 2], searchEpochs: 1, epochs: 1, batchSize: 64, ks: [1] };

Deno.test("run.json and the report name the seeds of dataset, search, training and evaluation", () =>
  withFolder(async (dir) => {
    const data = join(dir, "log.csv"), out = join(dir, "run");
    Deno.writeTextFileSync(data, plantedCsv({ users: 20, distance: 2, length: 12 }));
    const { dataset } = await prepare({ data, out: join(dir, "data"), seed: 11, evalNegatives: 5 });

    const { facts } = await runJob(dataset, { ...JOB, metric: "HR@1" }, { out, seed: 5 });
    const record = json(join(out, "run.json"));
    assert.deepEqual([record.dataset.seed, record.seed], [11, 5]);
    assert.deepEqual(seedsTable(facts).rows.map(([part, seed]) => [part, seed]), [
      ["dataset", "11"],
      ["search and training", "5"],
    ]);
    const report = Deno.readTextFileSync(join(out, "report.html")), shown = report.split(">Record</h2>")[1];
    for (const part of ["seed of", ">search and training</td>", ">11<", ">5<"]) {
      assert(shown.includes(part), part);
    }

    // Without a search, there is no seed of the search.
    const { lengths: _searched, ...job } = JOB;
    const given = { ...job, search: "none", short: 2, metric: "HR@1" } as const;
    const other = await runJob(dataset, given, { out: join(dir, "other"), seed: 5 });
    assert.deepEqual([other.facts.run.dataset.seed, other.facts.run.seed], [11, 5]);
  }));
