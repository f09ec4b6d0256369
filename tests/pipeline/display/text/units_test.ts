import assert from "node:assert/strict";
import {
  formatAmount,
  formatBytes,
  formatRate,
  formatSeconds,
} from "../../../../pipeline/display/text/units.ts";

Deno.test("bytes, amounts and rates are short", () => {
  assert.equal(formatBytes(0), "0 B");
  assert.equal(formatBytes(980), "980 B");
  assert.equal(formatBytes(999_999), "1 MB");
  assert.equal(formatBytes(24_594_131), "24.6 MB");
  assert.equal(formatBytes(5e15), "5,000 TB");
  assert.equal(formatAmount(1_000_209, "rows"), "1,000,209 rows");
  assert.equal(formatAmount(7), "7");
  assert.deepEqual(["rows", "queries"].map((unit) => formatAmount(1, unit)), ["1 row", "1 query"]);
  assert.equal(formatRate(3_141_592, "rows"), "3.14 M rows/s");
  assert.equal(formatRate(0.25, "epochs"), "0.25 epochs/s");
  assert.equal(formatRate(12_400_000, "bytes"), "12.4 MB/s");
  assert.equal(formatRate(40), "40/s");
});

Deno.test("times of any length", () => {
  assert.deepEqual([0, 0.84, 9.96, 59.4, 59.6, 65, 3599.6, 7380].map(formatSeconds), [
    "0.0 s",
    "0.8 s",
    "10 s",
    "59 s",
    "1:00",
    "1:05",
    "1:00:00",
    "2:03:00",
  ]);
});
