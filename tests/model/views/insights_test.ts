/** Drawings and tables of whom a method serves and of its lists. */
import assert from "node:assert/strict";
import { shareWithInterval, withInterval } from "../../../model/views/evaluation.ts";

Deno.test("an interval of a share ends where shares do", () => {
  assert.deepEqual(withInterval({ mean: 0.5 }), { value: 0.5 });
  assert.deepEqual(withInterval({ mean: 0.01, standardError: 0.1 }).low, 0);
  assert.deepEqual(withInterval({ mean: 0.99, standardError: 0.1 }).high, 1);
  const { low, high } = withInterval({ mean: 0.5, standardError: 0.1 });
  assert.deepEqual([low!.toFixed(3), high!.toFixed(3)], ["0.304", "0.696"]);
});

Deno.test("the interval of a share of few users, or of none, has a width", () => {
  // statsmodels.stats.proportion.proportion_confint(hits, n, method="wilson") of statsmodels 0.15.0
  const known = [
    [0, 283, 0, 0.013392271941746888],
    [35, 260, 0.09840911104687113, 0.1814614564929959],
    [3, 3, 0.43850296824495444, 1],
    [1, 10, 0.017876213095072924, 0.40415002679523854],
  ];
  for (const [hits, n, low, high] of known) {
    const mean = hits / n, standardError = Math.sqrt(mean * (1 - mean) / (n - 1));
    const found = shareWithInterval({ mean, standardError }, n);
    assert.equal(found.value, mean);
    assert(Math.abs(found.low! - low) < 1e-8 && Math.abs(found.high! - high) < 1e-8, `${hits} of ${n}`);
  }
  assert.deepEqual(shareWithInterval({ mean: 1 }, 1), { value: 1 }, "of one user nothing is known");
});
