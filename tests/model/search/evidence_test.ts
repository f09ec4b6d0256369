import assert from "node:assert/strict";
import fc from "fast-check";
import { RandomStream } from "../../../pipeline/contract/random.ts";
import { Comparison, evidenceOf, type Judgement, LEAST_JUDGEMENTS } from "../../../model/search/evidence.ts";

/** Judgements on two batches in turn. */
const inTurn = (losses: (batch: number) => number[], targets = [10, 10]): Judgement[] =>
  Array.from({ length: LEAST_JUDGEMENTS }, (_, step) => {
    const batch = step % 2;
    return { step, batch, targets: targets[batch], losses: losses(batch) };
  });

Deno.test("evidence: differences and standard errors by hand", () => {
  // The second is behind by 1 on the users of one batch and by 3 on those of the other; the weights never change.
  const judgements = inTurn((batch) => [2, batch === 0 ? 3 : 5]);
  const [best, other] = evidenceOf(judgements, [0, 1])!;
  assert.deepEqual(best, { loss: 2, difference: 0, standardError: 0, judgements: LEAST_JUDGEMENTS });
  // Each batch's half of the deviations sums to ∓ 1/2: √(2/1 · (1/4 + 1/4)).
  assert.deepEqual([other.loss, other.difference, other.standardError], [4, 2, 1]);
  assert.deepEqual(evidenceOf(judgements, [1])!.map(({ loss, difference }) => [loss, difference]), [[4, 0]]);
  assert.equal(evidenceOf(judgements.slice(1), [0, 1]), undefined, "too few judgements");
  assert.equal(evidenceOf(judgements.map((own) => ({ ...own, batch: 0 })), [0, 1]), undefined, "one batch");
});

Deno.test("evidence: batches count by their targets", () => {
  const [{ loss }] = evidenceOf(inTurn((batch) => [batch === 0 ? 1 : 5], [30, 10]), [0])!;
  assert.equal(loss, 2);
});

Deno.test("evidence: judging the same users more often makes nothing more certain, and what is hard for all says nothing", () => {
  fc.assert(fc.property(
    fc.array(fc.tuple(fc.float({ noNaN: true, min: 0, max: 9 }), fc.float({ noNaN: true, min: 0, max: 9 })), {
      minLength: LEAST_JUDGEMENTS,
      maxLength: 40,
    }),
    (losses) => {
      const once = losses.map((own, step): Judgement => ({
        step,
        batch: step,
        targets: 10,
        losses: [...own],
      }));
      const close = (a: Judgement[]) =>
        evidenceOf(a, [0, 1])!.forEach(({ difference, standardError }, i) => {
          const expected = evidenceOf(once, [0, 1])![i];
          assert(Math.abs(difference - expected.difference) < 1e-9);
          assert(Math.abs(standardError - expected.standardError) < 1e-9);
        });
      close([...once, ...once]);
      close(once.map((own) => ({ ...own, losses: own.losses.map((loss) => loss + own.batch) })));
    },
  ));
});

Deno.test("evidence: a candidate as good as the best is within two standard errors in 19 of 20 searches", () => {
  let within = 0;
  for (let seed = 1; seed <= 400; seed++) {
    const random = new RandomStream(seed, "simulated search");
    const tastes = Array.from({ length: 40 }, () => 0.1 * random.normal());
    const judgements = Array.from({ length: 160 }, (_, step): Judgement => {
      const hard = random.normal(), batch = step % 40;
      return { step, batch, targets: 100, losses: [5 + hard, 5 + hard + tastes[batch]] };
    });
    within += Number(evidenceOf(judgements, [0, 1])!.every((own) => own.difference <= 2 * own.standardError));
  }
  assert(within > 0.92 * 400 && within < 0.98 * 400, `${within}`);
});

const PLAN = { first: 0, steps: 160 }; // it looks every 20 steps
const begin = ({ candidates = 4, margin = 0, eliminates = true } = {}) =>
  new Comparison(candidates, margin, eliminates);

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
  const intervals = [1, 2, 3, 4, 5, 10].map((candidates) => begin({ candidates }).interval);
  assert.deepEqual(intervals, [1, 2, 2, 3, 4, 8]);
  assert.equal(begin({ candidates: 1 }).ended, "only one");
  assert.equal(begin().ended, undefined);
});

Deno.test("a comparison looks eight times from the step on in which α learns, and keeps the later half of its judgements", () => {
  const comparison = begin(), looks: number[] = [], plan = { first: 23, steps: 103 };
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
  const comparison = drive(begin({ margin: 0.005 }), two, 40);
  assert.deepEqual(outcome(comparison), { dropped: [], left: [0, 1, 2, 3], ended: undefined });
  assert.deepEqual(comparison.state().worse, [1], "once");
  drive(comparison, two, 60, { from: 40 });
  assert.deepEqual(outcome(comparison), { dropped: [[1, 60]], left: [0, 2, 3], ended: undefined });
  assert.deepEqual([0, 1, 2, 3].map((place) => comparison.has(place)), [true, false, true, true]);
  drive(comparison, two, 140, { from: 60 });
  assert.deepEqual(outcome(comparison).dropped.map(([candidate]) => candidate), [1, 3]);
  const known = comparison.evidence()!;
  for (const { candidate, evidence } of comparison.dropped) assert.equal(known[candidate], evidence);
  assert(Math.abs(known[1].difference - 0.5) < 0.05, `${known[1].difference}`);
  for (const place of [0, 2]) assert(known[place].difference < 0.02, "those that are left as it is now");
});

Deno.test("what matters too little is not dropped, however certain it is", () => {
  const near: Losses = () => [5, 5.5, 5.2, 5.2];
  const dropped = (margin: number) =>
    drive(begin({ margin }), near, 60).dropped.map(({ candidate }) => candidate);
  assert.deepEqual([dropped(0), dropped(0.05), dropped(0.2)], [[1, 2, 3], [1], []]);
});

Deno.test("a search in which one candidate is left ends, unless nothing may be dropped; at its last step it ends anyway", () => {
  const ahead: Losses = () => [5.5, 5.6, 5, 5.7];
  assert.deepEqual(outcome(drive(begin(), ahead, 160)), {
    dropped: [[0, 60], [1, 60], [3, 60]],
    left: [2],
    ended: "one left",
  });
  const all = { dropped: [], left: [0, 1, 2, 3], ended: undefined };
  assert.deepEqual(outcome(drive(begin({ eliminates: false }), ahead, 160)), all);
  const late: Losses = (step) => step < 130 ? [5, 5, 5, 5] : ahead(step);
  assert.deepEqual(outcome(drive(begin({ margin: 0.02 }), late, 160)), all);
});

Deno.test("a comparison that is saved and restored after each step comes to the same", () => {
  const between = (own: Comparison) => {
    const restored = begin();
    restored.restore(JSON.parse(JSON.stringify(own.state()), (_, value) => value === null ? NaN : value));
    return restored;
  };
  const restored = drive(begin(), two, 110, { between }), whole = drive(begin(), two, 110);
  assert.deepEqual(restored.state(), whole.state());
  assert.deepEqual(restored.evidence(), whole.evidence());
});
