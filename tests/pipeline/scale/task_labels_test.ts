import assert from "node:assert/strict";
import { sparkHash, taskLabels } from "../../../pipeline/scale/dialect.ts";

Deno.test("the hash of a number is Spark's", () => {
  // SELECT hash(0), hash(1), hash(-1), hash(2147483647) of Spark 4.2
  assert.deepEqual([0, 1, -1, 2 ** 31 - 1].map(sparkHash), [933211791, -559580957, -1604776387, 133916647]);
});

Deno.test("each of n labels has a task of its own, and they ascend", () => {
  for (const n of [1, 2, 3, 16, 200, 5000]) {
    const labels = taskLabels(n), tasks = new Set(labels.map((label) => (sparkHash(label) % n + n) % n));
    assert.deepEqual([labels.length, tasks.size], [n, n]);
    assert(labels.every((label, i) => i === 0 || label > labels[i - 1]));
  }
});
