import assert from "node:assert/strict";
import { RecentLosses } from "../../../model/search/recent_losses.ts";

Deno.test("recent losses: the means of the steps and of the judgements since they were on record last; a saved state goes on", () => {
  const recent = new RecentLosses(),
    means = (of: RecentLosses) => [of.steps, of.trainLoss, of.validationLoss];
  assert.deepEqual(means(recent), [0, NaN, NaN]);
  recent.add({ trainLoss: 4, validationLoss: undefined });
  assert.deepEqual(means(recent), [1, 4, NaN]);
  recent.add({ trainLoss: 2, validationLoss: 5 });
  recent.add({ trainLoss: 3, validationLoss: 6 });
  assert.deepEqual(means(recent), [3, 3, 5.5]);
  const restored = new RecentLosses();
  restored.restore(recent.state());
  for (const one of [recent, restored]) {
    one.add({ trainLoss: 7, validationLoss: 7 });
    assert.deepEqual(means(one), [4, 4, 6]);
    one.clear();
    assert.deepEqual(means(one), [0, NaN, NaN]);
  }
});
