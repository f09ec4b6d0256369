import assert from "node:assert/strict";
import fc from "fast-check";
import { percent, tenthPercent } from "../../../../pipeline/display/text/percent.ts";

Deno.test("a share in percent has three digits, however small it is", () => {
  const shares = [0, 0.5, 1 / 3, 0.0447, 0.000012345, 1e-7, 1, 12.34];
  assert.deepEqual(shares.map(percent), [
    ...["0 %", "50 %", "33.3 %", "4.47 %", "0.00123 %", "0.00001 %", "100 %", "1,230 %"],
  ]);
});

Deno.test("a share of nearly all is not called all, nor one of nearly nothing none", () => {
  assert.deepEqual([0.9994, 0.9996, 0.99999].map(percent), ["99.9 %", "99.96 %", "99.999 %"]);
  fc.assert(fc.property(fc.integer({ min: 2, max: 1e10 }), fc.nat(), (all, some) => {
    for (const count of [1, 1 + some % (all - 1), all - 1]) {
      assert(!["0 %", "100 %"].includes(percent(count / all)), `${count} of ${all}`);
    }
  }));
});

Deno.test("tenthPercent: one decimal, whatever the size", () => {
  assert.deepEqual([0, 0.0004, 0.4128, 1].map(tenthPercent), ["0.0 %", "0.0 %", "41.3 %", "100.0 %"]);
});
