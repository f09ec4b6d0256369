import assert from "node:assert/strict";
import { LOSSES } from "../../../model/train/losses/registry.ts";
import { unusedSettings } from "../../../model/train/unused.ts";

Deno.test("a setting of another loss is told: it changes nothing", () => {
  assert.deepEqual(unusedSettings({ loss: "bce", logitAdjustment: 1, scoreRegularisation: 2 }), [
    "logitAdjustment: 1 changes nothing with the loss bce: it goes with ce",
    "scoreRegularisation: 2 changes nothing with the loss bce: it goes with bpr-max",
  ]);
  assert.deepEqual(unusedSettings({ loss: "ce", trainNegatives: 5, trainDistribution: "popularity" }), [
    "trainNegatives: 5 changes nothing with the loss ce: it goes with one that draws negatives",
    "trainDistribution: popularity changes nothing with the loss ce: it goes with one that draws negatives",
  ]);
});

Deno.test("of defaults, and of settings that go with the loss, nothing is told", () => {
  const defaults = { trainDistribution: "uniform", logitAdjustment: 0, scoreRegularisation: 1 } as const;
  for (const loss of LOSSES) assert.deepEqual(unusedSettings({ loss, ...defaults }), []);
  assert.deepEqual(unusedSettings({ loss: "ce", logitAdjustment: 1 }), []);
  const negatives = { trainNegatives: 5, trainDistribution: "popularity", scoreRegularisation: 2 } as const;
  assert.deepEqual(unusedSettings({ loss: "bpr-max", ...negatives }), []);
});
