import assert from "node:assert/strict";
import { nextStep, type Standing } from "../../../model/studies/halving.ts";

const standing = (...values: number[]): Standing => ({ values, isRunning: false, isOut: false });

Deno.test("the best third goes on, from the highest rung down; else a new one begins", () => {
  assert.deepEqual(nextStep([], 5, 3), { trial: 0, rung: 0 });
  assert.deepEqual(nextStep([standing(0.1), standing(0.2)], 5, 3), { trial: 2, rung: 0 });
  assert.deepEqual(nextStep([standing(0.1), standing(0.3), standing(0.2)], 5, 3), { trial: 1, rung: 1 });
  assert.deepEqual(
    nextStep([standing(0.1), standing(0.3), standing(0.3)], 5, 3),
    { trial: 1, rung: 1 },
    "of equals the earlier",
  );
  const three = [0.1, 0.2, 0.3].map((value) => standing(0.5, value));
  assert.deepEqual(nextStep([...three, standing(0.9)], 5, 3), { trial: 2, rung: 2 });
});

Deno.test("what the others are compared with goes to its end, however slowly it begins", () => {
  const next = (...standings: Standing[]) => nextStep(standings, 9, 3, 0);
  assert.deepEqual(next(), { trial: 0, rung: 0 });
  assert.deepEqual(next(standing(0.1)), { trial: 0, rung: 1 });
  assert.deepEqual(next(standing(0.1, 0.2), standing(0.9)), { trial: 0, rung: 2 });
  assert.deepEqual(next(standing(0.1, 0.2, 0.3), standing(0.9)), { trial: 2, rung: 0 });
  assert.deepEqual(
    next({ ...standing(0.1), isRunning: true }),
    { trial: 1, rung: 0 },
    "others begin beside it",
  );
  assert.deepEqual(next({ ...standing(0.1), isOut: true }), { trial: 1, rung: 0 });
});

Deno.test("what runs or is out goes no further, what was cut off is finished first, and there is an end", () => {
  const best = { ...standing(0.3), isRunning: true };
  assert.deepEqual(nextStep([standing(0.1), best, standing(0.2)], 4, 2), { trial: 3, rung: 0 });
  assert.equal(nextStep([standing(0.1), best, standing(0.2)], 3, 2), undefined);
  assert.deepEqual(nextStep([standing(0.1), standing(), best], 9, 2), { trial: 1, rung: 0 });
  assert.deepEqual(nextStep([standing(), standing(0.1)], 9, 2), { trial: 0, rung: 0 });
  assert.equal(nextStep([{ ...standing(), isOut: true }], 1, 2), undefined);
  assert.equal(nextStep([standing(0.1), standing(0.2)], 2, 1), undefined, "one rung: random search");
});

Deno.test("with all trials known beforehand, the last rung is reached by about one in nine, the best among them", () => {
  const quality = Array.from({ length: 27 }, (_, i) => ((i * 7) % 27) / 27), standings: Standing[] = [];
  for (let step = nextStep(standings, 27, 3); step; step = nextStep(standings, 27, 3)) {
    const before = standings[step.trial]?.values ?? [];
    standings[step.trial] = standing(...before, quality[step.trial]);
  }
  const last = standings.flatMap(({ values }, i) => values.length === 3 ? [quality[i]] : []);
  assert(last.length >= 3 && last.length <= 6, `${last.length} came to the end`);
  assert.equal(Math.max(...last), Math.max(...quality));
});
