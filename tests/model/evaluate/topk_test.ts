import fc from "fast-check";
import assert from "node:assert/strict";
import { ItemSet } from "../../../model/evaluate/item_set.ts";
import { TopK } from "../../../model/evaluate/topk.ts";

const N = -Infinity;

function best(k: number, row: number[], excluded: number[] = []): [item: number, score: number][] {
  const topK = new TopK(k), itemSet = new ItemSet(row.length - 1);
  excluded.forEach((item) => itemSet.add(item));
  const found = topK.select(Float32Array.from(row), itemSet);
  return Array.from({ length: found }, (_, i) => [topK.items[i], topK.scores[i]]);
}

Deno.test("the best k, by hand", () => {
  assert.deepEqual(best(2, [N, 1, 5, 3, 4]), [[2, 5], [4, 4]]);
  assert.deepEqual(best(3, [N, 1, 1, 2, 1]), [[3, 2], [1, 1], [2, 1]], "of equal scores the lower id wins");
  assert.deepEqual(best(2, [N, 1, 5, 3, 4], [2, 4]), [[3, 3], [1, 1]]);
  assert.deepEqual(best(3, [N, 1, N, 2]), [[3, 2], [1, 1]], "−∞ is never selected");
  assert.deepEqual(best(2, [N, 1, 2], [1, 2]), []);
});

Deno.test("the best k are the head of the sorted row", () => {
  const row = fc.array(fc.oneof(fc.integer({ min: -4, max: 4 }), fc.float({ noNaN: true })), {
    maxLength: 60,
  });
  fc.assert(fc.property(row, fc.integer({ min: 1, max: 70 }), fc.array(fc.nat()), (scores, k, out) => {
    const excluded = scores.length ? out.map((n) => 1 + n % scores.length) : [];
    const sorted = scores.map((score, i): [number, number] => [i + 1, Math.fround(score)])
      .filter(([item, score]) => !excluded.includes(item) && score > N)
      .sort(([i, a], [j, b]) => a === b ? i - j : b - a);
    assert.deepEqual(
      best(k, [N, ...scores], excluded).map(([item]) => item),
      sorted.slice(0, k).map(([item]) => item),
    );
  }));
});

Deno.test("one selector serves many rows", () => {
  const topK = new TopK(2);
  assert.equal(topK.select(Float32Array.of(N, 9, 8, 7)), 2);
  assert.equal(topK.select(Float32Array.of(N, N, 3, N)), 1);
  assert.deepEqual([topK.items[0], topK.scores[0]], [2, 3]);
});

Deno.test("a set that was cleared is empty", () => {
  const itemSet = new ItemSet(3);
  assert.ok(itemSet.add(2));
  assert.ok(!itemSet.add(2));
  assert.ok(itemSet.has(2) && !itemSet.has(1));
  itemSet.clear();
  assert.ok(!itemSet.has(2));
  assert.ok(itemSet.add(2));
});

Deno.test("items that are offered one by one, in any order, come to the same", () => {
  const scores = fc.uniqueArray(fc.integer({ min: 1, max: 99 }), { maxLength: 60 }).chain((ids) =>
    fc.array(fc.integer({ min: -4, max: 4 }), { minLength: ids.length, maxLength: ids.length })
      .map((scores) => ids.map((id, i): [number, number] => [id, scores[i]]))
  );
  fc.assert(fc.property(scores, fc.integer({ min: 1, max: 70 }), (offered, k) => {
    const topK = new TopK(k), row = new Float32Array(100).fill(N);
    topK.clear();
    for (const [id, score] of offered) {
      topK.offer(id, score);
      row[id] = score;
    }
    const found = Array.from(topK.items.slice(0, topK.ordered()));
    assert.deepEqual(found, best(k, Array.from(row)).map(([item]) => item));
  }));
});
