import assert from "node:assert/strict";
import { RandomStream } from "../../../pipeline/contract/random.ts";
import {
  choleskyOf,
  type Judgement,
  LEAST_JUDGEMENTS,
  meanLosses,
} from "../../../model/search/covariance.ts";
import { Comparison } from "../../../model/search/comparison.ts";
import { conclude, LOOK_LEVEL } from "../../../model/search/elimination.ts";
import { twoSidedP, twoSidedT } from "../../../model/statistics/student_t.ts";
import { evidenceOf } from "../../../model/search/evidence.ts";

interface World {
  truth: number[];
  batches: number;
  judgements: number;
  /** Standard deviations of the effects of a batch's users, of the moment, and of a single judgement on a candidate's loss. */
  users: number;
  moments: number;
  rest: number;
}

/** A search's judgements: batches in a new order each pass, users who like one candidate better, weights that fluctuate. */
function simulate({ truth, batches, judgements, users, moments, rest }: World, seed: number): Judgement[] {
  const random = new RandomStream(seed, "simulated search");
  const noise = (size: number) => truth.map(() => size * random.normal());
  const tastes = Array.from({ length: batches }, () => noise(users));
  let order: number[] = [], drift = noise(moments);
  const memory = 0.6;
  return Array.from({ length: judgements }, (_, step): Judgement => {
    if (order.length === 0) {
      order = tastes.map((_, i) => i).map((i) => [random.float(), i]).sort((a, b) => a[0] - b[0]).map((
        [, i],
      ) => i);
    }
    const batch = order.pop()!, fresh = noise(moments * Math.sqrt(1 - memory ** 2)), own = noise(rest);
    drift = drift.map((value, m) => memory * value + fresh[m]);
    const common = random.normal(); // a hard batch is hard for all candidates
    const losses = truth.map((loss, m) => loss + common + tastes[batch][m] + drift[m] + own[m]);
    return { step, batch, targets: 100, losses };
  });
}

/** Share of 1,000 searches whose 95 % intervals contain all true differences from the candidate that came out best. */
function coverage(world: World): number {
  const { truth } = world, places = truth.map((_, m) => m);
  let held = 0;
  for (let seed = 1; seed <= 1000; seed++) {
    const evidence = evidenceOf(simulate(world, seed), places)!;
    const best = evidence.findIndex(({ difference }) => difference === 0);
    held += Number(evidence.every(({ interval: [low, high] }, m) => {
      const difference = truth[m] - truth[best];
      return m === best || low <= difference && difference <= high;
    }));
  }
  return held / 1000;
}

const WORLDS: Record<string, World> = {
  "all candidates equal": {
    truth: [5, 5, 5, 5, 5],
    batches: 40,
    judgements: 160,
    users: 0.1,
    moments: 0.02,
    rest: 0.02,
  },
  "one clearly best": {
    truth: [5.5, 5, 5.2, 5.3, 5.4],
    batches: 40,
    judgements: 160,
    users: 0.1,
    moments: 0.02,
    rest: 0.02,
  },
  "a ladder": {
    truth: [5, 5.01, 5.02, 5.03, 5.04],
    batches: 60,
    judgements: 120,
    users: 0.05,
    moments: 0.05,
    rest: 0.05,
  },
  "two, and restless weights": {
    truth: [5, 5.01],
    batches: 200,
    judgements: 200,
    users: 0.02,
    moments: 0.1,
    rest: 0.02,
  },
};
for (const [name, world] of Object.entries(WORLDS)) {
  Deno.test(`evidence: 95 % intervals hold the truth in 93 to 97 % of 1,000 simulated searches: ${name}`, () => {
    const share = coverage(world);
    assert(share >= 0.93 && share <= 0.97, `${share}`);
  });
}

Deno.test("evidence: an answer that cannot change is right, in simulated searches, and comes where it is in", () => {
  const noise = { batches: 40, judgements: 80, users: 0.05, moments: 0.02, rest: 0.02 };
  const looks = (truth: number[]) => {
    let ended = 0, leads = 0;
    for (let seed = 1; seed <= 300; seed++) {
      const evidence = evidenceOf(simulate({ ...noise, truth }, seed), truth.map((_, m) => m), LOOK_LEVEL)!;
      leads += Number(evidence[0].difference === 0);
      // Differences above 0.01 matter.
      const { ended: why } = conclude(evidence, "shortest-within-error", 0.002, {
        worse: [],
        alike: [0, 0, 0],
      });
      ended += Number(why === "same answer");
    }
    return { ended: ended / 300, leads: leads / 300 };
  };
  const wrong = looks([5.015, 5, 5.1]);
  assert(wrong.leads > 0.05, "the shortest often leads by chance");
  assert(wrong.ended <= 0.01, `${wrong.ended}`);
  assert.equal(looks([5, 5.1, 5.1]).ended, 1);
});

Deno.test("evidence: means and standard errors by hand", () => {
  // Two candidates; the second is behind by 1 in one batch and by 3 in the other, the weights never change.
  const judgements = Array.from({ length: LEAST_JUDGEMENTS }, (_, step): Judgement => {
    const batch = step % 2;
    return { step, batch, targets: 10, losses: [2, batch === 0 ? 3 : 5] };
  });
  const { means, covariance, freedom } = meanLosses(judgements, [0, 1])!;
  assert.deepEqual(means, [2, 4]);
  // Each batch's half of the deviations sums to ∓ 1/2: 2/1 · (1/4 + 1/4).
  assert(Math.abs(covariance[1][1] - 1) < 1e-12, `${covariance}`);
  assert.deepEqual([covariance[0][0], covariance[0][1]], [0, 0]);
  assert.equal(freedom, 1); // of two batches
  const [best, other] = evidenceOf(judgements, [0, 1])!;
  assert.deepEqual([best.difference, best.standardError, best.interval], [0, 0, [0, 0]]);
  assert.equal(other.difference, 2);
  assert(Math.abs(other.standardError - 1) < 1e-12);
  // One difference: of 1,000 draws the 950th error as a normal number, and as one of Student's with two degrees of freedom, the fewest.
  const random = new RandomStream(0, "search/evidence"),
    draws = Array.from({ length: 2000 }, () => random.normal());
  const normal = draws.filter((_, i) => i % 2 === 1).map(Math.abs).toSorted((a, b) => a - b)[949];
  const width = twoSidedT(twoSidedP(normal, 1e6), 2);
  assert(Math.abs(other.interval[1] - 2 - width) < 1e-9, `${other.interval}, ± ${width}`);
  assert(Math.abs(other.interval[0] + other.interval[1] - 4) < 1e-9);
  assert.equal(evidenceOf(judgements.slice(1), [0, 1]), undefined, "too few judgements");
  assert.equal(evidenceOf(judgements.map((j) => ({ ...j, batch: 0 })), [0, 1]), undefined, "one batch");
});

Deno.test("evidence: candidates that are the same in every batch differ by nothing, surely", () => {
  const judgements = Array.from({ length: LEAST_JUDGEMENTS }, (_, step): Judgement => ({
    step,
    batch: step % 2,
    targets: 10,
    losses: [0, 0, 0],
  }));
  for (const { difference, standardError, interval } of evidenceOf(judgements, [0, 1, 2])!) {
    assert.deepEqual([difference, standardError, ...interval], [0, 0, 0, 0]);
  }
});

Deno.test("evidence: batches count by their targets", () => {
  const judgements = Array.from({ length: LEAST_JUDGEMENTS }, (_, step): Judgement => ({
    step,
    batch: step % 2,
    targets: step % 2 === 0 ? 30 : 10,
    losses: [step % 2 === 0 ? 1 : 5],
  }));
  assert.deepEqual(meanLosses(judgements, [0])!.means, [2]);
});

Deno.test("evidence: a Cholesky factor by hand; what is no covariance has none", () => {
  assert.deepEqual(choleskyOf([[4, 2], [2, 5]]), [[2, 0], [1, 2]]);
  assert.deepEqual(choleskyOf([[1, 1], [1, 1]]), [[1, 0], [1, 0]]);
  assert.equal(choleskyOf([[1, 2], [2, 1]]), undefined);
});

Deno.test("evidence: a lag that melts is told with what would last to the end; one that does not is as it is", () => {
  // The second is behind by 1 in the first half and by 0.6 in the second, the third by 0.5 and then by 0.7.
  const judgements = Array.from({ length: 40 }, (_, step) => ({
    step,
    batch: step % 5,
    targets: 10,
    losses: step < 20 ? [5, 6, 5.5] : [5, 5.6, 5.7],
  }));
  const lasting = (end?: number) =>
    evidenceOf(judgements, [0, 1, 2], 0.95, end)!.map(({ lasting }) => lasting!);
  const near = (actual: number[], expected: number[]) =>
    actual.forEach((value, i) =>
      assert(Math.abs(value - expected[i]) < 1e-9, `${value}, not ${expected[i]}`)
    );
  // From the middle, step 19.5, to the end at 0.4 less in each 20 steps.
  near(lasting(), [0, 0.8 - 0.4 * 19.5 / 20, 0.6]);
  near(lasting(59.5), [0, 0, 0.6]);
  near(lasting(99.5), [0, -0.8, 0.6]);
});

Deno.test("evidence: a head start is worth what each learns in a tenth of the steps so far", () => {
  // From the first half to the second, twenty steps further, they learn 0.5, nothing, and less than nothing.
  const judgements = Array.from({ length: 40 }, (_, i) => ({
    step: 160 + i,
    batch: i % 5,
    targets: 10,
    losses: i < 20 ? [5, 6, 5.5] : [4.5, 6, 5.7],
  }));
  const [falls, ...others] = evidenceOf(judgements, [0, 1, 2])!.map(({ headStart }) => headStart!);
  assert(Math.abs(falls - 0.5) < 1e-9, `${falls}`); // a tenth of 200 steps is twenty
  assert.deepEqual(others, [0, 0]);
});

Deno.test("a comparison that was restored judges by the end that was planned, before its next step too", () => {
  const begun = () => new Comparison(2, "shortest-within-error", 0, false), comparison = begun();
  for (let step = 0; step < 40; step++) {
    comparison.add({ step, batch: step % 5, targets: 10, losses: [5, step < 30 ? 6 : 5.6] });
    comparison.stepped(step, { first: 0, steps: 100 });
  }
  const restored = begun(), evidence = comparison.evidence()!;
  restored.restore(JSON.parse(JSON.stringify(comparison.state())));
  assert.deepEqual(restored.evidence(), evidence);
  assert(evidence[1].lasting! < evidence[1].difference / 2, `${evidence[1].lasting}`); // at the end, and not at the last judgement
});

Deno.test("comparison: how often each was alike goes on from a saved state, of earlier versions too", () => {
  const none = {
    loss: 5,
    difference: 0.5,
    standardError: 0.01,
    interval: [0.48, 0.52] as [number, number],
    lasting: 0.5,
    judgements: 9,
  };
  const from = (alike: number | number[]) => {
    const comparison = new Comparison(3, "shortest-within-error", 0.002, true);
    comparison.restore({ judgements: [], dropped: [{ candidate: 0, step: 9, evidence: none }], alike });
    return comparison.state().alike;
  };
  assert.deepEqual(from([0, 2, 1]), [0, 2, 1]);
  assert.deepEqual(from(3), [0, 3, 0], "they knew it of the shortest that was left");
});
