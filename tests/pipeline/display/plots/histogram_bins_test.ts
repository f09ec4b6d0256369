import assert from "node:assert/strict";
import { histogramOf } from "../../../../pipeline/display/plots/histogram_bins.ts";

Deno.test("each count falls into one bin", () => {
  assert.deepEqual(histogramOf(Uint32Array.of(1, 9, 1, 2, 3, 8)), {
    scale: "log",
    bins: [
      { from: 1, to: 2, count: 2 },
      { from: 2, to: 4, count: 2 },
      { from: 4, to: 8, count: 0 },
      { from: 8, to: 16, count: 2 },
    ],
  });
  assert.deepEqual(histogramOf(Uint32Array.of(5, 5)), {
    scale: "linear",
    bins: [{ from: 5, to: 6, count: 2 }],
  });
});
