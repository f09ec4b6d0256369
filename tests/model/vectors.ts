/** The contract of every network's vectors. */
import assert from "node:assert/strict";
import type { Model } from "../../mod.ts";

/** Checks that a model's scores of items outside the histories are the dot products of its vectors, plus the items' biases. */
export async function checkVectors(model: Model): Promise<void> {
  const seen = [[1, 2, 3], [5, 4]], { items } = model;
  const users = Uint32Array.of(1, 2), starts = Uint32Array.of(0, 3), ends = Uint32Array.of(3, 5);
  const histories = { items: Uint32Array.from(seen.flat()), starts, ends, users };
  const [scores, vectors] = [await model.score(histories), await model.historyVectors(histories)];
  const { size, values, biases } = await model.itemVectors();
  assert.deepEqual([values.length, vectors.length], [(items + 1) * size, 2 * size]);
  for (const [row, own] of seen.entries()) {
    const query = vectors.subarray(row * size, (row + 1) * size);
    for (let item = 1; item <= items; item++) {
      if (own.includes(item)) continue; // items in the history have an additional bias
      const vector = values.subarray(item * size, (item + 1) * size),
        given = scores[row * (items + 1) + item];
      const score = vector.reduce((sum, value, e) => sum + value * query[e], biases?.[item] ?? 0);
      assert(Math.abs(score - given) < 1e-4 * (1 + Math.abs(given)), `${item}: ${score}, ${given}`);
    }
  }
  const none = new Uint32Array(0);
  assert.equal((await model.historyVectors({ ...histories, starts: none, ends: none })).length, 0);
}
