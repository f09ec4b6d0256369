/** There is one budget for the whole job. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { type Ending, type Progress, silent } from "../../../pipeline/contract/progress.ts";
import { runJob } from "../../../model/experiment/job.ts";
import { reportFacts } from "../../../model/report/mod.ts";
import { RunFolder } from "../../../model/runs/folder.ts";
import { endOfSearch } from "../../../model/views/epochs.ts";
import { wordsOf } from "../../place_words.ts";
import { withFolder } from "../../folders.ts";
import { plantedDataset } from "../planted.ts";
import { onSlowClock, SMALL } from "./slow.ts";

/** Seconds; on the slow clock, each is a thousand readings. */
const BUDGET = 1;

Deno.test("search and retraining share one budget", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 20 });
    const options = { ...SMALL, budget: BUDGET, until: "retrain" } as const;
    const { taken } = await onSlowClock(() => runJob(dataset, options, { out: join(dir, "run"), seed: 1 }));
    assert(taken > 0.8 * BUDGET && taken <= BUDGET, `${taken} of ${BUDGET} seconds`);
  }));

for (const search of ["shared", "exhaustive"] as const) {
  Deno.test(`phases and epochs that the budget cut short are not shown as done: search by ${search}`, () =>
    withFolder(async (dir) => {
      const dataset = await plantedDataset(dir, { users: 20 }), run = join(dir, "run");
      const told: { label: string; note?: string; ending?: Ending }[] = [], warnings: string[] = [];
      const progress: Progress = {
        start: (label) => ({
          advance() {},
          end: (note, ending) => void told.push({ label, note, ending }),
        }),
        warn: (warning) => warnings.push(warning),
      };
      const options = { ...SMALL, search, budget: BUDGET, until: "retrain" } as const;
      await onSlowClock(() => runJob(dataset, options, { out: run, seed: 1, progress }));
      const cut = told.filter(({ ending }) => ending === "cut short");
      assert.deepEqual(
        cut.map(({ label }) => label.replace(/\d+$/, "N")).filter((label, i, all) =>
          all.indexOf(label) === i
        ),
        search === "shared"
          ? ["search, epoch N", "phase 1 of 2, search", "epoch N", "phase 2 of 2, training"]
          : ["epoch N", "phase 1 of 2, search", "phase 2 of 2, training"],
      );
      const after = /^cut short by the budget after [\d.,]+ of 100,000 epochs/;
      for (const { label, note } of cut) {
        if (search === "exhaustive" && label.endsWith("search")) {
          assert.equal(note, "cut short by the budget within the training of 2 candidates");
        } else assert.match(note!, after);
      }
      assert.equal(warnings.filter((warning) => warning.startsWith("The budget ended the search")).length, 1);
      const { architecture, search: history, run: facts } = reportFacts(
        RunFolder.open(run),
        dataset.manifest,
      );
      const end = endOfSearch({ architecture, search: history, run: facts });
      if (search === "shared") assert.match(end!.words, after);
      else assert.equal(end, undefined);
    }));
}

Deno.test("what runs says how much of the budget is left, and never that it may take longer", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 20 });
    const told: { phase: string; place: string }[] = [];
    let look = () => {};
    const options = { ...SMALL, budget: BUDGET, until: "retrain" } as const;
    const progress: Progress = {
      ...silent,
      start(label, _total, _unit, place) {
        if (label.startsWith("phase")) {
          look = () => told.push({ phase: label, place: wordsOf(place) });
        }
        return { advance: () => look(), end() {} };
      },
    };
    const context = { seed: 1, progress };
    await onSlowClock(() => runJob(dataset, options, { out: join(dir, "run"), ...context }));
    assert.deepEqual([...new Set(told.map(({ phase }) => phase))], [
      "phase 1 of 2, search",
      "phase 2 of 2, training",
    ]);
    const parts = told.map(({ place }) =>
      /^(?:at most (.+) s more, )?(?:best [^,]+ in epoch [^,]+, )?([\d.]+) s of the budget left$/.exec(
        place,
      ) ?? assert.fail(place)
    );
    const left = parts.map(([, , left]) => Number(left));
    assert(left.every((seconds, i) => seconds <= (i ? left[i - 1] : BUDGET)), String(left));
    assert(left.at(-1)! < left[0], String(left));
    for (const [place, most, left] of parts) {
      assert(most === undefined || Number(most) <= Number(left) + 0.1, place); // one reading later, and rounded
    }
    assert(parts.some(([, most]) => most !== undefined), "once there is a pace");
  }));
