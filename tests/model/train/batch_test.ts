import assert from "node:assert/strict";
import { historiesBefore, timeMajor } from "../../../model/train/batch.ts";

/** Two users: 5 3 5 7, and 2 3. */
const items = Uint32Array.of(5, 3, 5, 7, 2, 3), offsets = Uint32Array.of(0, 0, 4, 6);

Deno.test("histories are padded in front, time first, newest last", () => {
  const histories = { items, starts: Uint32Array.of(0, 4, 4), ends: Uint32Array.of(4, 6, 4) };
  // Of 5 3 5 7 the newest three; an empty history is all padding.
  assert.deepEqual([...timeMajor(histories, 3)], [...[3, 0, 0], ...[5, 2, 0], ...[7, 3, 0]]);
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
