import assert from "node:assert/strict";
import { ExposureCollector } from "../../../model/evaluate/exposure.ts";
import { popularityPercentiles } from "../../../model/popularity.ts";

const near = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual - expected) < 1e-12, `${actual} ${expected}`);

Deno.test("percentiles of popularity: ties share their places", () => {
  assert.deepEqual([...popularityPercentiles(Uint32Array.of(0, 7, 1, 1, 0))], [0, 0.875, 0.5, 0.5, 0.125]);
  assert.deepEqual([...popularityPercentiles(Uint32Array.of(0, 3, 3))], [0, 0.5, 0.5]);
});

Deno.test("coverage and popularity of lists, by hand", () => {
  const counts = Uint32Array.of(0, 40, 30, 20, 10);
  const collector = new ExposureCollector([1, 2], counts, popularityPercentiles(counts), 3);
  collector.add(0, Uint32Array.of(1, 2), 2); // user A
  collector.add(1, Uint32Array.of(1, 3), 2); // user A again
  collector.add(2, Uint32Array.of(2, 99), 1); // user B: a list of one item
  const { lists, targets } = collector.result(Uint32Array.of(4, 4, 1), Uint32Array.of(0, 2, 3));
  assert.deepEqual(lists.map(({ k, coverage }) => [k, coverage]), [[1, 0.5], [2, 0.75]]);
  near(lists[0].averagePopularity, (40 + 30) / 2);
  near(lists[1].averagePopularity, ((35 + 30) / 2 + 30) / 2);
  near(lists[0].popularityPercentile, (0.875 + 0.625) / 2);
  near(targets.averagePopularity, (10 + 40) / 2);
  near(targets.popularityPercentile, (0.125 + 0.875) / 2);
});

Deno.test("coverage at more cut-offs than a byte counts", () => {
  const counts = Uint32Array.of(0, 1, 1);
  const ks = Array.from({ length: 300 }, (_, i) => i + 1);
  const collector = new ExposureCollector(ks, counts, popularityPercentiles(counts), 1);
  collector.add(0, Uint32Array.of(2), 1);
  const { lists } = collector.result(Uint32Array.of(1), Uint32Array.of(0, 1));
  assert.ok(lists.every(({ coverage }) => coverage === 0.5), "item 1 is in no list");
});
