import assert from "node:assert/strict";
import { Cursor, epochOrder } from "../../../model/train/order.ts";
import { chiSquaredScore } from "../../statistics.ts";

const ROWS = Uint32Array.from({ length: 10 }, (_, i) => 100 + i);
const sorted = (rows: Iterable<number>) => [...rows].toSorted((a, b) => a - b);

Deno.test("the order of an epoch holds each row once, and depends on purpose, seed and epoch only", () => {
  const order = (purpose: string, seed: number, epoch: number) => [...epochOrder(ROWS, purpose, seed, epoch)];
  const one = order("train", 1, 0);
  assert.deepEqual(sorted(one), [...ROWS]);
  assert.deepEqual(order("train", 1, 0), one);
  for (const other of [order("search", 1, 0), order("train", 2, 0), order("train", 1, 1)]) {
    assert.notDeepEqual(other, one);
    assert.deepEqual(sorted(other), [...ROWS]);
  }
  assert.deepEqual([...ROWS], sorted(ROWS), "the rows are left as they are");
});

Deno.test("each row comes to each place as often as any other", () => {
  const counts = new Float64Array(16), epochs = 4000;
  for (let epoch = 0; epoch < epochs; epoch++) {
    epochOrder(Uint32Array.of(0, 1, 2, 3), "train", 1, epoch).forEach((row, place) =>
      counts[4 * place + row]++
    );
  }
  assert(Math.abs(chiSquaredScore(counts, counts.map(() => epochs / 4))) < 4, `${counts}`);
});

Deno.test("a cursor gives an epoch in batches, of which the last may be smaller, then the next epoch", () => {
  const cursor = new Cursor(ROWS, 4, "train", 1);
  assert.equal(cursor.batches, 3);
  for (const epoch of [0, 1]) {
    const batches = [1, 2, 3].map(() => [...cursor.next()]);
    assert.deepEqual(batches.map(({ length }) => length), [4, 4, 2]);
    assert.deepEqual(batches.flat(), [...epochOrder(ROWS, "train", 1, epoch)]);
    assert.deepEqual([cursor.epoch, cursor.batch, cursor.total], [epoch + 1, 0, 3 * (epoch + 1)]);
  }
});

Deno.test("a cursor that was sent to a place continues as one that came there", () => {
  const first = new Cursor(ROWS, 4, "train", 1), second = new Cursor(ROWS, 4, "train", 1);
  for (let i = 0; i < 5; i++) first.next();
  second.next();
  second.seek(first.epoch, first.batch);
  assert.deepEqual([...second.peek()], [...first.peek()]);
  assert.deepEqual([...second.next()], [...first.next()]);
  const has = [-1, 0, 2, 3, 0.5].map((batch) => first.has(batch));
  assert.deepEqual(has, [false, true, true, false, false]);
});
