import assert from "node:assert/strict";
import { Learners } from "../../../model/search/learners.ts";

/** Networks with these numbers of lengths. */
const placesOf = (...lengths: number[]) =>
  lengths.flatMap((n, network) => Array.from({ length: n }, (_, candidate) => ({ network, candidate })));

Deno.test("learners: the candidates of one network learn in each step, all that are left", () => {
  const learners = new Learners(placesOf(3), 7);
  assert.deepEqual(learners.at(0, [0, 1, 2]), [0, 1, 2]);
  assert.deepEqual(learners.at(1, [0, 2]), [0, 2]);
});

Deno.test("learners: networks take turns, each as often as the other", () => {
  const learners = new Learners(placesOf(2, 2, 2), 7), counts = [0, 0, 0];
  for (let step = 0; step < 3000; step++) {
    const at = learners.at(step, [0, 1, 2, 3, 5]);
    assert(["0,1", "2,3", "5"].includes(at.join()), at.join());
    counts[at[0] >> 1]++;
  }
  assert(counts.every((count) => Math.abs(count - 1000) < 100), counts.join());
  assert.deepEqual(learners.at(5, [0, 1, 2, 3]), new Learners(placesOf(2, 2, 2), 7).at(5, [0, 1, 2, 3]));
});
