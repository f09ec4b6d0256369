/** What complete trainings say about the candidates, in figures. */
import assert from "node:assert/strict";
import type { Evaluation } from "../../mod.ts";
import { searchOptions } from "../../bench/search.ts";
import { pairedError } from "../../bench/truth/exhaustive.ts";

const of = (...values: number[]) =>
  ({ userValues: () => Float64Array.from(values) }) as unknown as Evaluation;

Deno.test("the paired error of a difference, of equal means, too", () => {
  // scipy.stats.sem(x - y) of SciPy 1.17.1
  const found = pairedError(of(1, 0.5, 0, 0.25), of(0.5, 0.5, 0.25, 0), "NDCG@10");
  assert(Math.abs(found - 0.1613743060919757) < 1e-15, `${found}`);
  assert(Math.abs(pairedError(of(1, 0, 1, 0), of(0, 1, 1, 0), "HR@1") - 0.408248290463863) < 1e-15);
  assert.equal(pairedError(of(1, 0), of(1, 0), "HR@1"), 0);
});

Deno.test("what nobody said of the search does not stand in the place of its data's own settings", () => {
  assert.deepEqual({ epochs: 12, ...searchOptions({}) }, { epochs: 12 });
  assert.deepEqual({ epochs: 12, ...searchOptions({ searchEpochs: 3, search: "darts" }) }, {
    epochs: 3,
    search: "darts",
  });
});
