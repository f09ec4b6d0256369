import assert from "node:assert/strict";
import { Cursor, epochOrder, poolOf } from "../../../model/train/order.ts";
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
  const cursor = new Cursor(poolOf(ROWS), 4, "train", 1);
  assert.equal(cursor.batches, 3);
  for (const epoch of [0, 1]) {
    const batches = [1, 2, 3].map(() => [...cursor.next()]);
    assert.deepEqual(batches.map(({ length }) => length), [4, 4, 2]);
    assert.deepEqual(batches.flat(), [...epochOrder(ROWS, "train", 1, epoch)]);
    assert.deepEqual([cursor.epoch, cursor.batch, cursor.total], [epoch + 1, 0, 3 * (epoch + 1)]);
  }
});

Deno.test("a cursor that was sent to a place continues as one that came there", () => {
  const first = new Cursor(poolOf(ROWS), 4, "train", 1), second = new Cursor(poolOf(ROWS), 4, "train", 1);
  for (let i = 0; i < 5; i++) first.next();
  second.next();
  second.seek(first.epoch, first.batch);
  assert.deepEqual([...second.peek()], [...first.peek()]);
  assert.deepEqual([...second.next()], [...first.next()]);
  const has = [-1, 0, 2, 3, 0.5].map((batch) => first.has(batch));
  assert.deepEqual(has, [false, true, true, false, false]);
});

Deno.test("a cursor goes through parts in an order of their own, each whole; no batch is of two, and a place is two numbers", () => {
  const parts = [ROWS, Uint32Array.of(0, 1, 2), new Uint32Array(0), Uint32Array.of(7, 8, 9, 10, 11)],
    opened: number[] = [];
  const of = (part: number) => {
    opened.push(part);
    return parts[part];
  };
  const begin = () => new Cursor({ sizes: parts.map(({ length }) => length), of }, 4, "train", 1);
  const cursor = begin(), orders = new Set<string>(), batches: [part: number, number[]][] = [];
  assert.deepEqual([cursor.length, cursor.batches], [18, 6]);
  for (let epoch = 0; epoch < 40; epoch++) {
    const own = Array.from({ length: 6 }, (): [number, number[]] => [cursor.part, [...cursor.next()]]);
    batches.push(...own);
    orders.add(own.map(([part]) => part).join(""));
    for (const [part, rows] of parts.entries()) {
      const found = own.filter(([of]) => of === part).flatMap(([, rows]) => rows);
      assert.deepEqual(sorted(found), [...rows]);
    }
    assert.deepEqual([cursor.epoch, cursor.batch], [epoch + 1, 0]);
  }
  assert.deepEqual([...orders].sort(), ["000133", "000331", "100033", "133000", "330001", "331000"]);
  assert.equal(opened.length, 120, "each part is opened once an epoch");
  for (const step of [0, 1, 3, 5, 6, 20, 33]) {
    const other = begin();
    other.seek(Math.floor(step / 6), step % 6);
    assert.deepEqual([other.part, [...other.next()]], batches[step]);
  }
});
