import fc from "fast-check";
import assert from "node:assert/strict";
import { estimate, groupMeans, metricValue, metricValues } from "../../../model/evaluate/metrics.ts";
import { metricsAt, parseMetric } from "../../../model/records/evaluation.ts";
import { MEASURES } from "../../../model/records/evaluation.ts";

const value = (name: string, rank: number) => metricValue(parseMetric(name), rank);

Deno.test("metrics of a rank, by hand", () => {
  for (
    const [name, rank, expected] of [
      ["HR@10", 1, 1],
      ["HR@10", 10, 1],
      ["HR@10", 11, 0],
      ["NDCG@10", 1, 1],
      ["NDCG@10", 3, 0.5], // 1 / log2(4)
      ["NDCG@10", 7, 1 / 3], // 1 / log2(8)
      ["NDCG@5", 7, 0],
      ["MRR@10", 4, 0.25],
      ["MRR@10", 11, 0],
    ] as const
  ) assert.equal(value(name, rank), expected, `${name} of rank ${rank}`);
});

Deno.test("a user's value is the mean over the positives, the metric the mean over users", () => {
  // Ranks 1 and 11 for the first user, 2 for the second, 1, 3 and 20 for the third.
  const values = metricValues(parseMetric("MRR@10"), Uint32Array.of(1, 11, 2, 1, 3, 20));
  assert.deepEqual([...values], [1, 0, 0.5, 1, 1 / 3, 0]);
  const means = groupMeans(values, Uint32Array.of(0, 2, 3, 6));
  assert.deepEqual([...means], [0.5, 0.5, (1 + 1 / 3) / 3]);
  assert.equal(estimate(means).mean, (0.5 + 0.5 + (1 + 1 / 3) / 3) / 3);
});

Deno.test("standard error, by hand", () => {
  // Sample variance of 1, 2, 3, 4 is 5/3; the standard error √(5/3 / 4).
  assert.deepEqual(estimate(Float64Array.of(1, 2, 3, 4)), { mean: 2.5, standardError: Math.sqrt(5 / 12) });
  assert.deepEqual(estimate(Float64Array.of(7)), { mean: 7 });
});

Deno.test("metrics fall with the rank, grow with k, and keep their order", () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 40 }), (rank, k) => {
    for (const measure of MEASURES) {
      const here = value(`${measure}@${k}`, rank);
      assert.ok(here >= 0 && here <= 1);
      assert.ok(here >= value(`${measure}@${k}`, rank + 1));
      assert.ok(here <= value(`${measure}@${k + 1}`, rank));
    }
    assert.ok(value(`HR@${k}`, rank) >= value(`NDCG@${k}`, rank));
    assert.ok(value(`NDCG@${k}`, rank) >= value(`MRR@${k}`, rank));
  }));
});

Deno.test("many ranks at once are the same as one by one", () => {
  const ranks = Uint32Array.from({ length: 30 }, (_, i) => i + 1);
  for (const metric of metricsAt([1, 5, 20])) {
    assert.deepEqual(
      [...metricValues(metric, ranks)],
      Array.from(ranks, (rank) => metricValue(metric, rank)),
    );
  }
});

Deno.test("a cut-off beyond every rank costs no more than one at the last rank", () => {
  const ranks = Uint32Array.of(3, 1, 7), k = Number.MAX_SAFE_INTEGER;
  for (const metric of metricsAt([k])) {
    assert.deepEqual(
      [...metricValues(metric, ranks)],
      Array.from(ranks, (rank) => metricValue(metric, rank)),
    );
  }
  assert.equal(metricValues(parseMetric("HR@5"), new Uint32Array(0)).length, 0);
});

Deno.test("names of metrics", () => {
  assert.deepEqual(parseMetric(" ndcg@10 "), { name: "NDCG@10", measure: "NDCG", k: 10 });
  assert.equal(parseMetric(" mrr@20").name, "MRR@20");
  assert.deepEqual(metricsAt([5, 10]).slice(0, 3).map(({ name }) => name), ["HR@5", "HR@10", "NDCG@5"]);
  for (
    const [text, message] of [
      [
        "NDGC@10",
        /^Cannot read the metric "NDGC@10": the measures are .* \(did you mean "NDCG"\?\), as in NDCG@10$/,
      ],
      ["", /^Cannot read the metric "": the measures are/],
      ["HR", /^Cannot read the metric "HR": after @ comes .* as in HR@10$/],
      ["HR@", /after @ comes/],
      ["HR@0", /after @ comes/],
      ["HR@1.5", /after @ comes/],
      ["MRR@ten", /after @ comes/],
      ["MRR@99999999999999999999", /after @ comes/],
    ] as const
  ) assert.throws(() => parseMetric(text), { name: "InputError", message });
});
