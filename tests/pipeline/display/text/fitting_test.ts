import assert from "node:assert/strict";
import { cutMiddle, cutTo } from "../../../../pipeline/display/text/fitting.ts";

Deno.test("what is cut keeps its begin, or both its ends, within its columns", () => {
  assert.equal(cutTo("results of today", 12), "results of…");
  assert.deepEqual([0, 1].map((width) => cutTo("results", width)), ["", "…"]);
  assert.equal(cutMiddle("short", 5), "short");
  assert.equal(cutMiddle("runs/sasrec-wide-seed-1", 12), "runs/…seed-1");
  assert.equal(cutMiddle("長い名前の実験", 7), "長…実験"); // each takes two columns
});
