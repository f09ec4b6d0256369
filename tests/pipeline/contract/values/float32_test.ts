import assert from "node:assert/strict";
import { boundOfFloat32, MAX_FLOAT32 } from "../../../../pipeline/contract/values/float32.ts";

Deno.test("the largest number that does not become infinite in 32 bits", () => {
  assert.equal(Math.fround(MAX_FLOAT32), 3.4028234663852886e38);
  assert.equal(Math.fround(MAX_FLOAT32 * (1 + Number.EPSILON)), Infinity);
});

Deno.test("a bound is what 32 bits make of it, and finite", () => {
  assert.equal(boundOfFloat32(4.2), Math.fround(4.2));
  assert.equal(boundOfFloat32(0), 0);
  assert.deepEqual([1e39, -1e39].map(boundOfFloat32), [1e39, -1e39]);
});
