import assert from "node:assert/strict";
import { divergedRemark } from "../../../model/experiment/remarks.ts";
import type { TrainRecord } from "../../../model/records/records.ts";

const epochs = (...losses: number[]): TrainRecord[] =>
  losses.map((loss, i) => ({
    epoch: i + 1,
    step: 10 * (i + 1),
    loss,
    metrics: {},
    best: i === 0,
    seconds: i + 1,
    examplesPerSecond: 100,
    rate: 0.001,
  }));

Deno.test("a loss that stays above guessing is told: nothing was learnt", () =>
  assert.equal(
    divergedRemark(epochs(6.1e6, 4.7e6, 6.2e6), 60),
    "The loss was 6200000.00 in the last epoch, and guessing has 4.09: nothing was learnt; lower --rate",
  ));

Deno.test("a loss that falls from nowhere to nowhere is told, too", () =>
  assert.match(
    divergedRemark(epochs(8e12, 4e9, 7e8), 60)!,
    /^The loss was 700000000\.00 in the last epoch, /,
  ));

Deno.test("of what learns, falls from a bad beginning, or has just begun, nothing is told", () => {
  for (const losses of [[4.1, 3.9, 3.8], [4.1, 4.05], [12, 9, 6], [8], []]) {
    assert.equal(divergedRemark(epochs(...losses), 60), undefined);
  }
  assert.equal(divergedRemark(epochs(0, 1e-7), 1), undefined, "of one item");
});
