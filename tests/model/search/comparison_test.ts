import assert from "node:assert/strict";
import { RandomStream } from "../../../pipeline/contract/random.ts";
import { Comparison } from "../../../model/search/comparison.ts";
import type { Rule } from "../../../model/search/select.ts";

const PLAN = { first: 0, steps: 160 }; // it looks every 20 steps
const begin = (rule: Rule, { candidates = 4, margin = 0, eliminates = true } = {}) =>
  new Comparison(candidates, rule, margin, eliminates);

/** The loss of each candidate at a step, without noise. */
type Losses = (step: number) => number[];

/** Continues to a step, with a judgement at each. `between` may replace the comparison. */
function drive(
  comparison: Comparison,
  losses: Losses,
  to: number,
  { from = 0, between = (own: Comparison) => own } = {},
): Comparison {
  for (let step = from; step < to; step++) {
    const random = new RandomStream(step, "noise");
    const noisy = losses(step).map((loss) => loss + 0.01 * random.normal());
    comparison.add({
      step,
      batch: step % 5,
      targets: 10,
      losses: comparison.left.map((place) => noisy[place]),
    });
    comparison.stepped(step, PLAN);
    comparison = between(comparison);
  }
  return comparison;
}

const outcome = ({ dropped, left, ended }: Comparison) => ({
  dropped: dropped.map(({ candidate, step }) => [candidate, step]),
  left,
  ended,
});

Deno.test("a comparison judges the less often the more candidates are left, and of one there is nothing to find out", () => {
  const intervals = [1, 2, 3, 4, 5, 10].map((candidates) => begin("argmax", { candidates }).interval);
  assert.deepEqual(intervals, [1, 2, 2, 3, 4, 8]);
  assert.equal(begin("argmax", { candidates: 1 }).ended, "only one");
  assert.equal(begin("argmax").ended, undefined);
});

Deno.test("a comparison looks eight times from the step on in which α learns, and keeps the later half of its judgements", () => {
  const comparison = begin("argmax"), looks: number[] = [], plan = { first: 23, steps: 103 };
  for (let step = 0; step < plan.steps; step++) {
    comparison.add({ step, batch: step % 5, targets: 10, losses: [5, 5, 5, 5] });
    if (comparison.stepped(step, plan)) looks.push(step);
    const [{ step: oldest }] = comparison.state().judgements;
    assert.equal(oldest, step < 23 ? 0 : Math.ceil(23 + (step - 23) / 2), `after step ${step}`);
  }
  assert.deepEqual(looks, [32, 42, 52, 62, 72, 82, 92, 102]);
});

/** The second is behind from the beginning, the last from step 60 on; the first and the third are close. */
const two: Losses = (step) => [5, 5.5, 5.001, step < 60 ? 5 : 5.5];

Deno.test("a candidate that is clearly worse at two looks in a row is dropped, another later; each keeps its place and what was known of it", () => {
  const comparison = drive(begin("argmax"), two, 40);
  assert.deepEqual(outcome(comparison), { dropped: [], left: [0, 1, 2, 3], ended: undefined });
  assert.deepEqual(comparison.state().worse, [1], "once");
  drive(comparison, two, 60, { from: 40 });
  assert.deepEqual(outcome(comparison), { dropped: [[1, 60]], left: [0, 2, 3], ended: undefined });
  assert.deepEqual([0, 1, 2, 3].map((place) => comparison.has(place)), [true, false, true, true]);
  drive(comparison, two, 120, { from: 60 });
  assert.deepEqual(comparison.state().worse, [3]);
  drive(comparison, two, 140, { from: 120 });
  assert.deepEqual(outcome(comparison), { dropped: [[1, 60], [3, 140]], left: [0, 2], ended: undefined });
  const known = comparison.evidence()!;
  assert.equal(known.length, 4);
  for (const { candidate, evidence } of comparison.dropped) {
    assert.equal(known[candidate], evidence);
    assert(Math.abs(evidence.difference - 0.5) < 0.05, `${evidence.difference}`);
  }
  for (const place of [0, 2]) assert(known[place].difference < 0.01, "those that are left as it is now");
});

Deno.test("a candidate whose lag will have melted at the end of the search is not dropped", () => {
  const slow: Losses = (step) => [5, 5.5 - 0.5 * step / PLAN.steps, 5, 5];
  const comparison = drive(begin("argmax"), slow, 100);
  assert.deepEqual(outcome(comparison), { dropped: [], left: [0, 1, 2, 3], ended: undefined });
  assert(comparison.evidence()![1].difference > 0.2);
});

Deno.test("a search in which one candidate is left ends, unless nothing may be dropped; at its last step it ends anyway", () => {
  const ahead: Losses = () => [5.5, 5.6, 5, 5.7];
  assert.deepEqual(outcome(drive(begin("argmax"), ahead, 160)), {
    dropped: [[0, 60], [1, 60], [3, 60]],
    left: [2],
    ended: "one left",
  });
  const all = { dropped: [], left: [0, 1, 2, 3], ended: undefined };
  assert.deepEqual(outcome(drive(begin("argmax", { eliminates: false }), ahead, 160)), all);
  const late: Losses = (step) => step < 80 ? [5, 5, 5, 5] : ahead(step);
  const comparison = drive(begin("argmax"), late, 140);
  assert.deepEqual(comparison.state().worse, [0, 1, 3]);
  assert.deepEqual(outcome(drive(comparison, late, 160, { from: 140 })), all);
});

/** The first and the third are alike; the second is far behind, the last by less than would be clear. */
const near: Losses = () => [4.998, 5.5, 5, 5.05];

Deno.test("how often each candidate was alike to the best is known by its place, and ends the search", () => {
  const comparison = begin("shortest-within-error"), alike: unknown[] = [];
  for (let step = 0; step < 100; step += 20) {
    assert.equal(comparison.ended, undefined);
    alike.push(drive(comparison, near, step + 20, { from: step }).state().alike);
  }
  assert.deepEqual(alike, [[0, 0, 0, 0], [1, 0, 1, 0], [2, 0, 2, 0], [3, 0, 3, 0], [4, 0, 4, 0]]);
  assert.deepEqual(outcome(comparison), { dropped: [[1, 60]], left: [0, 2, 3], ended: "alike" });
});

Deno.test("with a margin the search ends where the answer can no longer change, but not where α chooses", () => {
  const shortest: Losses = () => [5, 5.5, 5.2, 5.2];
  const found = (rule: Rule) => drive(begin(rule, { margin: 0.01 }), shortest, 40).ended;
  assert.deepEqual([found("shortest-within-error"), found("shortest-within-margin")], [
    "same answer",
    "same answer",
  ]);
  assert.equal(found("argmax"), undefined);
});

Deno.test("a comparison that is saved and restored after each step comes to the same", () => {
  for (const [rule, losses] of [["argmax", two], ["shortest-within-error", near]] as const) {
    const between = (own: Comparison) => {
      const restored = begin(rule);
      restored.restore(JSON.parse(JSON.stringify(own.state()), (_, value) => value === null ? NaN : value));
      return restored;
    };
    const restored = drive(begin(rule), losses, 110, { between });
    const whole = drive(begin(rule), losses, 110);
    assert.deepEqual(restored.state(), whole.state());
    assert.deepEqual(restored.evidence(), whole.evidence());
    assert.equal(restored.ended, rule === "argmax" ? undefined : "alike");
  }
});
