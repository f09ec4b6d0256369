import assert from "node:assert/strict";
import { warningTexts } from "../../../model/views/epochs.ts";
import { newSharesOf } from "../../../model/evaluate/new_targets.ts";
import { newItemsRemark } from "../../../model/experiment/remarks.ts";
import { runJob } from "../../../model/experiment/job.ts";
import { prepare, withoutHoldOut } from "../../../mod.ts";
import { withFolder } from "../../folders.ts";

/** A dataset of three weeks, each with different items. */
const news = (out: string, partRows?: number) =>
  prepare({
    data: Array.from({ length: 12 }, (_, u) =>
      Array.from({ length: 9 }, (_, t) => ({
        user: `u${u}`,
        item: `${t < 4 ? "old" : t < 6 ? "newer" : "newest"} ${(u + t) % 3}`,
        timestamp: t,
      }))).flat(),
    out,
    minUser: 3,
    split: "global-time",
    validFrom: 5,
    testFrom: 6,
    evalNegatives: 1,
    protocols: ["recbole"],
    partRows,
  });

Deno.test("new items: the shares of targets that nobody took before, of what is held out, in one part or in several", () =>
  withFolder(async (dir) => {
    for (const partRows of [undefined, 20]) {
      const { dataset } = await news(`${dir}/${partRows}`, partRows);
      // Validation has the second day of newer items: the training part has their first.
      assert.deepEqual(await newSharesOf(dataset), { validation: 0, test: 1 });
      assert.deepEqual(await newSharesOf(withoutHoldOut(dataset)), {});
      assert.deepEqual(await newSharesOf(withoutHoldOut(dataset, { keep: "test" })), { test: 1 });
    }
  }));

Deno.test("new items: a run whose test has many says so, and what there is to do", () =>
  withFolder(async (dir) => {
    const { dataset } = await news(`${dir}/data`),
      sizes = { dim: 4, length: 4, hidden: 4, epochs: 1, ks: [2] };
    const job = { ...sizes, method: "gru4rec", metric: "HR@2" } as const;
    const { run } = await runJob(dataset, job, { out: `${dir}/run`, seed: 1 });
    const said = warningTexts(run.readRun()!).join("\n");
    assert.match(
      said,
      /^100 % of the test targets are items that nobody took in the training part: .* --test-from and/m,
    );
  }));

Deno.test("new items: few are not worth a word, and of leave-one-out no time is to be moved", () => {
  assert.equal(newItemsRemark({ validation: 0.02, test: 0.09 }, "leave-one-out"), undefined);
  assert.equal(newItemsRemark({}, "global-time"), undefined);
  const said = newItemsRemark({ validation: 0.12, test: 0.3 }, "leave-one-out")!;
  assert.match(said, /^12 % of the validation targets and 30 % of the test targets are items .*--min-item/);
  assert.doesNotMatch(said, /--test-from/);
});
