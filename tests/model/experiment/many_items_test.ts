import assert from "node:assert/strict";
import { type Progress, silent } from "../../../pipeline/contract/progress.ts";
import { runJob } from "../../../model/experiment/job.ts";
import { manyItemsRemark } from "../../../model/experiment/remarks.ts";
import { prepare } from "../../../mod.ts";
import { withFolder } from "../../folders.ts";

Deno.test("many items: a loss over all of them, that nobody asked for, is worth a word", () => {
  assert.match(
    manyItemsRemark(236_416, "ce", {})!,
    /^Each training step compares its targets with all 236,416 items, .*: with --loss sampled-softmax it is 1,000 that are drawn/,
  );
  assert.equal(manyItemsRemark(236_416, "ce", { loss: "ce" }), undefined, "it was asked for");
  assert.equal(manyItemsRemark(236_416, "sampled-softmax", {}), undefined);
  assert.equal(manyItemsRemark(6_000, "ce", {}), undefined);
});

Deno.test("many items: a run says it before the first step, and one that goes on does not", () =>
  withFolder(async (dir) => {
    const { dataset } = await prepare({
      data: Array.from({ length: 50_000 }, (_, i) => ({ user: `u${i % 4}`, item: `i${i}`, timestamp: i })),
      out: `${dir}/data`,
      protocols: ["strict"],
      evalNegatives: 1,
    });
    const said: string[] = [];
    const progress: Progress = {
      ...silent,
      start: (label) => (said.push(label), silent.start(label)),
      remark: (text) => said.push(text),
    };
    const job = { method: "gru4rec", dim: 2, hidden: 2, length: 3, epochs: 1, until: "retrain" } as const;
    const remarks = async (options: object) => {
      said.length = 0;
      await runJob(dataset, { ...job, ...options }, { out: `${dir}/run`, seed: 1, progress });
      return said.findIndex((text) => text.includes("sampled-softmax"));
    };
    const at = await remarks({ budget: 1 });
    assert(at >= 0 && at < said.indexOf("training"), said.join("\n"));
    assert.equal(await remarks({ budget: 1, resume: true }), -1);
  }));
