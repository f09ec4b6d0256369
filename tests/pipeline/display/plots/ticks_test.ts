import assert from "node:assert/strict";
import fc from "fast-check";
import { formatCell } from "../../../../pipeline/display/table.ts";
import { labelWidth, logTicks } from "../../../../pipeline/display/plots/ticks.ts";

const ticks = (from: number, to: number) => logTicks([from, to], 384, 20);

Deno.test("ticks of a logarithmic axis are as many as there is room for", () => {
  assert.deepEqual(ticks(1, 5), [1, 2, 3, 4, 5]);
  assert.deepEqual(ticks(1, 100), [1, 2, 5, 10, 20, 50, 100]);
  assert.deepEqual(ticks(300, 7000), [500, 1000, 2000, 5000]);
  assert.deepEqual(ticks(1, 8192), [1, 3, 10, 30, 100, 300, 1000, 3000]);
  assert.deepEqual(ticks(1, 1e6), [1, 10, 100, 1000, 10_000, 100_000], "the last would be cut by the edge");
  assert.deepEqual(ticks(31, 32), [31, 32].filter((tick) => tick % 10 === 0), "none at all");
});

Deno.test("ticks of a logarithmic axis never run together", () => {
  const range = fc.tuple(fc.integer({ min: 1, max: 1e6 }), fc.double({ min: 1.1, max: 1e6, noNaN: true }));
  fc.assert(fc.property(range, ([from, factor]) => {
    const to = from * factor, found = ticks(from, to);
    const place = (tick: number) => 384 * Math.log(tick / from) / Math.log(factor);
    found.slice(1).forEach((tick, i) => {
      const widths = labelWidth(formatCell(found[i])) + labelWidth(formatCell(tick));
      assert(place(tick) - place(found[i]) > widths / 2, `${found}`);
    });
  }));
});
