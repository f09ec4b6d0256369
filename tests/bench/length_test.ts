/** The benches by length and of the search: the power of growth, and each measured once, small. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { benchLength, growthExponent, lengthBench, type LengthPlan } from "../../bench/length.ts";
import { benchSearches, type SearchPlan } from "../../bench/search.ts";
import type { Workload } from "../../bench/workload.ts";
import { openEngine } from "../../model/backend/engine.ts";
import { InputError } from "../../pipeline/contract/errors.ts";

const SMALL: Workload & { steps: number } = {
  batch: 4,
  layers: 1,
  dim: 4,
  items: 20,
  features: 0,
  dropout: 0,
  seed: 1,
  steps: 2,
  loss: "bce",
  precision: "float32",
  engine: "cpu",
};
const LENGTHS: LengthPlan = { ...SMALL, short: [2], lengths: [3, 6] };
const SEARCH: SearchPlan = { ...SMALL, lengths: [2, 3, 4], length: 5 };

Deno.test("the power of growth: known ones, and any", () => {
  assert.equal(growthExponent([1, 2, 4], [3, 12, 48]), 2);
  assert.equal(growthExponent([50, 100], [7, 7]), 0);
  fc.assert(fc.property(
    fc.double({ min: -3, max: 3, noNaN: true }),
    fc.double({ min: 0.1, max: 10, noNaN: true }),
    (power, factor) => {
      const x = [50, 100, 200, 800];
      const found = growthExponent(x, x.map((v) => factor * v ** power));
      assert.ok(Math.abs(found - power) < 1e-9, `${found}, not ${power}`);
    },
  ));
});

Deno.test("each length is measured, and leaves no tensor behind", async () => {
  const engine = await openEngine({ engine: "cpu" }), before = engine.memory().tensors;
  const { tables: [table], data } = await benchLength(LENGTHS);
  assert.deepEqual(table.rows.map(([length]) => length), [3, 6]);
  assert.ok(Number.isFinite(data.exponent));
  assert.equal(engine.memory().tensors, before);
  await assert.rejects(benchLength({ ...LENGTHS, short: [4] }), InputError);
  await assert.rejects(benchLength({ ...LENGTHS, lengths: [3, 3] }), /names one length twice/);
  await assert.rejects(lengthBench.run({ lengths: ["50"] }, {}), /lengths does not fit/);
});

Deno.test("the search over the first 2, 3, … candidates is measured, and leaves no tensor behind", async () => {
  const engine = await openEngine({ engine: "cpu" }), before = engine.memory().tensors;
  const { data } = await benchSearches(SEARCH);
  const rows = data.rows as { lengths: number[]; exhaustiveMs: number }[];
  const trainings = data.trainings as { medianMs: number }[];
  assert.deepEqual(rows.map(({ lengths }) => lengths), [[2, 3], [2, 3, 4]]);
  const sum = trainings.reduce((ms, { medianMs }) => ms + medianMs, 0);
  assert.ok(Math.abs(rows[1].exhaustiveMs - sum) < 1e-9);
  assert.equal(engine.memory().tensors, before);
  await assert.rejects(benchSearches({ ...SEARCH, lengths: [2, 6] }), InputError);
});
