import assert from "node:assert/strict";
import fc from "fast-check";
import { LEARNERS, windowsOf } from "../../../../model/methods/automlp/candidates.ts";

Deno.test("windows of a batch by hand: up to five candidates take all of it, ten take half each", () => {
  assert.deepEqual(windowsOf(1, 8), [[0, 8]]);
  assert.deepEqual(windowsOf(LEARNERS, 8), Array.from({ length: LEARNERS }, () => [0, 8]));
  assert.deepEqual(windowsOf(10, 18).map(([from]) => from), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  assert(windowsOf(10, 18).every(([from, to]) => to - from === 9));
});

Deno.test("windows of a batch: all as wide, within it, together the whole of it", () =>
  fc.assert(fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 300 }), (n, batch) => {
    const windows = windowsOf(n, batch), width = windows[0][1] - windows[0][0];
    assert.equal(windows.length, n);
    assert.equal(width, Math.min(batch, Math.ceil(batch * LEARNERS / n)));
    const taken = new Uint8Array(batch);
    for (const [from, to] of windows) {
      assert(from >= 0 && to <= batch && to - from === width);
      taken.fill(1, from, to);
    }
    assert(taken.every((one) => one === 1));
  })));
