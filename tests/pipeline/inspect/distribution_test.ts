import assert from "node:assert/strict";
import fc from "fast-check";
import pl from "nodejs-polars";
import { binEdges } from "../../../pipeline/display/plots/histogram_bins.ts";
import { concentrationOf, distributionOf } from "../../../pipeline/inspect/profile.ts";

const counts = fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 1, maxLength: 200 });
const series = (values: number[]) => pl.Series("n", values, pl.UInt32);

Deno.test("bins double over a wide range, are finer where numbers are large, and equal where the range is small", () => {
  assert.deepEqual(binEdges(1, 9), { scale: "log", edges: [1, 2, 4, 8, 16] });
  assert.deepEqual(binEdges(20, 200).edges, [16, 23, 32, 45, 64, 91, 128, 181, 256]);
  assert.deepEqual(binEdges(5, 7), { scale: "linear", edges: [5, 6, 7, 8] });
  assert.deepEqual(binEdges(3, 3).edges, [3, 4]);
});

Deno.test("a distribution's bins lie edge to edge and hold everything once", () =>
  fc.assert(fc.property(counts, (values) => {
    const { bins, count, min, q1, median, q3, max, mean } = distributionOf(series(values));
    assert.equal(count, values.length);
    assert.equal(bins.reduce((sum, bin) => sum + bin.count, 0), values.length);
    assert.ok(bins.length <= 18 && bins[0].count > 0 && bins.at(-1)!.count > 0);
    for (let i = 0; i < bins.length; i++) {
      const { from, to } = bins[i];
      assert.ok(Number.isInteger(from) && from < to && (i === 0 || bins[i - 1].to === from));
      assert.equal(bins[i].count, values.filter((value) => value >= from && value < to).length);
    }
    assert.ok(min <= q1 && q1 <= median && median <= q3 && q3 <= max && mean >= min && mean <= max);
  })));

Deno.test("concentration of equal, extreme and known counts", () => {
  const equal = concentrationOf(series(Array(100).fill(7)));
  assert.ok(Math.abs(equal.gini) < 1e-12);
  assert.deepEqual(equal.top.map(({ interactions }) => interactions), [0.01, 0.1, 0.2]);
  const one = concentrationOf(series([1_000_000, ...Array(999).fill(1)]));
  assert.ok(one.gini > 0.99 && one.top[0].interactions > 0.99);
  assert.ok(Math.abs(concentrationOf(series([1, 2, 3, 4])).gini - 0.25) < 1e-12);
});

Deno.test("the curve rises from 0 to 1 above the diagonal, and Gini is twice the area between", () =>
  fc.assert(fc.property(counts, (values) => {
    const { gini, curve, top } = concentrationOf(series(values));
    assert.ok(gini > -1e-12 && gini < 1);
    assert.deepEqual([curve[0].interactions, curve[100].interactions], [0, 1]);
    assert.deepEqual([curve[1], curve[10], curve[20]], top, "as the table says it");
    for (let i = 1; i < curve.length; i++) assert.ok(curve[i].interactions >= curve[i - 1].interactions);
    // The exact area under the Lorenz curve of sorted counts, by trapezoids.
    const sorted = values.toSorted((a, b) => b - a), total = sorted.reduce((a, b) => a + b);
    let area = 0, sum = 0;
    for (const value of sorted) area += (2 * sum + value) / (2 * total * sorted.length), sum += value;
    assert.ok(Math.abs(gini - (2 * area - 1)) < 1e-9);
  })));
