/** Which figures of a run are shown first, with which marks and notes. */
import assert from "node:assert/strict";
import { mainTables, notesOf, resultsOf } from "../../../model/views/results.ts";
import type { RunMetrics } from "../../../model/records/records.ts";
import { withFigures } from "../runs/example.ts";

Deno.test("stars are of what is below the level, on test alone; what τ is stands there where any protocol has one", () => {
  const p = (value: number) => ({
    "NDCG@10": { Popularity: value },
    "HR@10": { Popularity: 1 },
    "MRR@10": { Popularity: 1 },
  });
  const adjusted = { logitAdjustment: { full: 1 }, unadjusted: { test: { full: { "NDCG@10": 0.1 } } } };
  const of: RunMetrics = {
    ...withFigures({ AutoMLP: adjusted }),
    tests: { recbole: p(0.05), full: p(0.049) },
  };
  const cell = (split: string, i: number) => resultsOf(of, split).map(({ table }) => table.rows[i]?.[2]);
  assert.deepEqual(cell("test", 1).map((text) => /\*/.test(String(text))), [false, true]);
  assert.deepEqual(cell("validation", 0).filter((text) => /\*/.test(String(text))), []);
  const columns = mainTables(of).map(({ columns }) => columns.includes("τ"));
  assert.deepEqual(columns, [false, true]);
  const notes = (run: RunMetrics) => notesOf(run, resultsOf(run, "test")).map((note) => note.slice(0, 2));
  assert.deepEqual(notes(of), ["± ", "* ", "τ:"]);
  const standardErrors = { test: { full: {} } };
  const ofOneUser = withFigures({ AutoMLP: { standardErrors }, Popularity: { standardErrors } }, of);
  assert.deepEqual(notes(ofOneUser), ["* ", "τ:"]);
  assert.deepEqual(notes(withFigures({ AutoMLP: { logitAdjustment: {}, unadjusted: {} } }, of)), [
    "± ",
    "* ",
  ]);
  assert.deepEqual(notes({ ...of, tests: undefined }), ["± ", "τ:"]);
  // A tested refit has no data left to choose τ on.
  const from = (run: RunMetrics) => notesOf(run, resultsOf(run, "test")).at(-1)!.split(", τ ")[1];
  assert.equal(from(of), "chosen on validation.");
  assert.equal(
    from(withFigures({ AutoMLP: { metrics: { test: of.methods.AutoMLP.metrics.test } } }, of)),
    "as was chosen for its run on validation.",
  );
});
