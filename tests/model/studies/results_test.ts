import assert from "node:assert/strict";
import type { TrainRecord } from "../../../model/records/records.ts";
import { speedOf } from "../../../model/studies/results.ts";

Deno.test("the speed of a training is of the epochs that trained, not of one that was only validated after a stop", () => {
  const epochs = (...speeds: number[]) =>
    speeds.map((examplesPerSecond) => ({ examplesPerSecond }) as TrainRecord);
  assert.equal(speedOf(epochs(10, 30, 20)), 20);
  assert.equal(speedOf(epochs(10, NaN, 10)), 10);
  assert.equal(speedOf(epochs(40, 10, 100, 20)), 30, "between the two in the middle");
  assert.equal(speedOf(epochs(NaN)), undefined);
  assert.equal(speedOf([]), undefined);
});
