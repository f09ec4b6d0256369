import assert from "node:assert/strict";
import { Batcher, historiesBefore } from "../../../model/train/batch.ts";

/** Two users: 5 3 5 7, and 2 3. */
const items = Uint32Array.of(5, 3, 5, 7, 2, 3), offsets = Uint32Array.of(0, 0, 4, 6);

Deno.test("histories are padded in front, time first, newest last, and each item is in the batch once", () => {
  const batcher = new Batcher(9, 3);
  const histories = { items, starts: Uint32Array.of(0, 4, 4), ends: Uint32Array.of(4, 6, 4) };
  for (const _again of [1, 2]) {
    const batch = batcher.batch(histories, [Uint32Array.of(7, 9), Uint32Array.of(3)]);
    assert.equal(batch.size, 3);
    // Of 5 3 5 7 the newest three; an empty history is all padding.
    assert.deepEqual([...batch.items], [3, 5, 7, 2, 9]);
    assert.deepEqual([...batch.history], [
      ...[1, 0, 0],
      ...[2, 4, 0],
      ...[3, 1, 0],
    ]);
    assert.deepEqual(batch.candidates.map((list) => [...list]), [[3, 5], [1]]);
  }
});

Deno.test("other histories of a batch have the same places, and their newest items", () => {
  const histories = { items, starts: Uint32Array.of(0), ends: Uint32Array.of(2) };
  const recent = {
    length: 2,
    histories: { items, starts: Uint32Array.of(0, 0, 0), ends: Uint32Array.of(1, 2, 3) },
  };
  const batch = new Batcher(9, 4).batch(histories, [], recent);
  assert.deepEqual([...batch.items], [5, 3]);
  assert.deepEqual([...batch.history], [0, 0, 1, 2]);
  // Before the second, third and fourth of 5 3 5 7: – 5, 5 3, 3 5.
  assert.deepEqual([...batch.recent!], [...[0, 1, 2], ...[1, 2, 1]]);
});

Deno.test("the history of a target is what its user did before it", () => {
  const sequences = { items, offsets, timestamps: new Float64Array(6), splits: new Uint8Array(6) };
  const histories = historiesBefore(sequences, Uint32Array.of(0, 3, 4, 5));
  assert.deepEqual([...histories.users!], [1, 1, 2, 2]);
  assert.deepEqual([...histories.starts], [0, 0, 4, 4]);
  assert.deepEqual([...histories.ends], [0, 3, 4, 5]);
  // Users without interactions, between others and at the end.
  const sparse = { ...sequences, offsets: Uint32Array.of(0, 0, 4, 4, 6, 6) };
  assert.deepEqual([...historiesBefore(sparse, Uint32Array.of(3, 4)).users!], [1, 3]);
});
