/** The report in words. */
import assert from "node:assert/strict";
import type { Metrics, RunMetrics } from "../../../model/records/records.ts";
import { choice } from "../../../model/views/search.ts";
import { type Group, HAD_BEFORE, IN_TRAINING } from "../../../model/records/insights.ts";
import { verdict } from "../../../model/views/results.ts";
import { withFigures } from "../runs/example.ts";
import { finished } from "./example.ts";

Deno.test("in words: which method is better, and whether that may be chance", () => {
  const metrics = finished.metrics!,
    test = (p: number) => ({ full: { "NDCG@10": { Popularity: p } } });
  const popular = { test: { full: { "HR@10": 0.3, "NDCG@10": 0.22, "MRR@10": 0.2 } } };
  const said = (
    tests: RunMetrics["tests"],
    other: Metrics = popular,
    own = metrics.methods.AutoMLP.metrics,
  ) =>
    verdict({
      ...finished,
      metrics: { ...withFigures({ AutoMLP: { metrics: own }, Popularity: { metrics: other } }), tests },
    })[0];
  assert.match(said(test(0.01)), /it is 50 % below Popularity, .*, by more than chance\.$/);
  assert.match(said(test(0.4)), /methods, which may be chance\.$/);
  const near = { test: { full: { "NDCG@10": 0.1104 } } };
  assert.match(
    said(test(0.4), near),
    /it is level with Popularity, the best of the other methods\.$/,
  );
  assert.match(
    said(test(0.01), near),
    /it is 0\.4 % below Popularity, the best of the other methods, by more than chance\.$/,
    "level by more than chance is nothing that can be",
  );
  const without = { test: { full: { "HR@10": 0, "NDCG@10": 0 } } };
  assert.match(
    said(test(0.01), without),
    /it is above Popularity, the best of the other methods, by more than chance\.$/,
  );
  assert.match(
    said(test(1), without, without),
    /it is level with Popularity, the best of the other methods\.$/,
  );
  const alone = { ...metrics, methods: { AutoMLP: metrics.methods.AutoMLP } };
  assert.match(verdict({ ...finished, metrics: alone })[0], /\(HR@10, protocol full\)\.$/);
  const none = withFigures({ AutoMLP: { metrics: { test: {} } } });
  assert.deepEqual(verdict({ ...finished, metrics: none }), []);
  assert.equal(verdict(finished)[1], choice(finished.architecture!));
});

/** Groups of users with one positive each: their shares are those of the positives. */
function shared(groups: readonly (Omit<Group, "users" | "share"> & { share?: number })[]): Group[] {
  const all = groups.reduce((sum, { size }) => sum + size, 0);
  return groups.map((group) => ({ users: group.size, ...group, share: group.share ?? group.size / all }));
}

Deno.test("in words: what lists would have held, where targets are items that recommend leaves out", () => {
  const groups = [
    { label: "no", size: 300, mean: 0.1, standardError: 0.02 },
    { label: "yes", size: 100, mean: 0.5, standardError: 0.05 },
  ];
  const said = (changed: typeof groups, keepSeen = false) =>
    verdict({
      ...finished,
      run: { ...finished.run, config: { ...finished.run.config, training: { keepSeen } } },
      insights: { ...finished.insights!, groupings: [{ by: HAD_BEFORE, groups: shared(changed) }] },
    })[0];
  assert.match(
    said(groups),
    /25\.0 % of the test interactions are with items that the user had before, which recommend leaves out: its lists of 10 would have held 7\.5 %\.$/,
  );
  assert.doesNotMatch(said(groups, true), /before/, "they are recommended");
  assert.doesNotMatch(said([groups[0], { ...groups[1], size: 2 }]), /before/, "two hits in 604");
  const { split } = finished.manifest, ratio = { ...split, kind: "ratio" as const };
  assert.match(said(groups), /^Of [\d,]+ test interactions, 20\.0 % are among the 10 items/);
  assert.match(
    verdict({ ...finished, manifest: { ...finished.manifest, split: ratio } })[0],
    /^On average over users, 20\.0 % of their test interactions are among the 10 items/,
  );
  // Each user counts the same: a group's weight in that mean is not its share of the interactions.
  const weighed = groups.map((group, i) => ({ ...group, share: [0.6, 0.4][i] }));
  assert.match(
    verdict({
      ...finished,
      manifest: { ...finished.manifest, split: ratio },
      insights: { ...finished.insights!, groupings: [{ by: HAD_BEFORE, groups: shared(weighed) }] },
    })[0],
    /40\.0 % of their test interactions, on the same average, are with items that they had before, which recommend leaves out: its lists of 10 would have held 6\.0 %\.$/,
  );
});

Deno.test("in words: how many targets the training part does not have, and what the metric is of these and of the others", () => {
  const groups = [
    { label: "0", size: 300, mean: 0.01, standardError: 0.005 },
    { label: "1 – 4", size: 60, mean: 0.2, standardError: 0.05 },
    { label: "5 – 9", size: 40, mean: 0.5, standardError: 0.05 },
  ];
  const said = (changed: typeof groups, kind: "leave-one-out" | "global-time" = "leave-one-out") =>
    verdict({
      ...finished,
      manifest: { ...finished.manifest, split: { ...finished.manifest.split, kind } },
      insights: {
        ...finished.insights!,
        metric: "HR@10",
        groupings: [{ by: IN_TRAINING, groups: shared(changed) }],
      },
    })[0];
  assert.match(
    said(groups),
    /75\.0 % of the test interactions are with items that nobody took in the training part: of these HR@10 is 1\.0 %, of the others 32\.0 %\.$/,
  );
  const weighed = groups.map((group, i) => ({ ...group, share: [0.5, 0.4, 0.1][i] }));
  assert.match(
    said(weighed, "global-time"),
    /50\.0 % of their test interactions, on the same average, are .*: of these HR@10 is 1\.0 %, of the others 26\.0 %\.$/,
  );
  assert.doesNotMatch(
    said([{ ...groups[0], size: 4 }, ...groups.slice(1)]),
    /nobody took/,
    "few are not worth a word",
  );
  assert.doesNotMatch(said(groups.slice(1)), /nobody took/);
});
