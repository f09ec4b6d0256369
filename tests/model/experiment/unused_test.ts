/** Options that need others which are missing: a remark says that they change nothing. */
import assert from "node:assert/strict";
import { checkCandidates, jobSchema, unusedOptions } from "../../../model/experiment/options.ts";
import { presetFor } from "../../../model/experiment/method_options.ts";

const COLOUR = { name: "colour", kind: "categorical", values: 3 } as const;
const FIXED = { search: "none", short: 5 } as const;
const told = (given: Record<string, unknown>, named: object = given, features = [COLOUR]) =>
  unusedOptions(jobSchema.parse(given), named, { features });

Deno.test("what only a search has is told where nothing is searched", () => {
  assert.deepEqual(
    told({ ...FIXED, alphaRate: 0.02, elimination: false, searchEpochs: 2 }),
    [
      "--search-epochs 2 changes nothing with --search none: it goes with --search shared, darts or darts2",
      "alphaRate: 0.02 changes nothing with --search none: it goes with --search shared, darts or darts2",
      "elimination: false changes nothing with --search none: it goes with --search shared",
    ],
  );
});

Deno.test("where a run is started from, it is named as what leaves nothing to search", () => {
  assert.deepEqual(told({ ...FIXED, startFrom: "runs/before", margin: 0.1 }), [
    "margin: 0.1 changes nothing with --start-from: it goes with --search shared, darts or darts2",
  ]);
});

Deno.test("what only some searches look at is told with others", () => {
  assert.deepEqual(told({ search: "exhaustive", margin: 0.1 }), [
    "margin: 0.1 changes nothing with --search exhaustive: it goes with --search shared, darts or darts2",
  ]);
  assert.deepEqual(told({ search: "darts2", elimination: false }), [
    "elimination: false changes nothing with --search darts2: it goes with --search shared",
  ]);
});

Deno.test("a temperature without the cosine is told", () => {
  assert.deepEqual(told({ temperature: 0.5 }), [
    "temperature: 0.5 changes nothing with score: dot: it goes with score: cosine",
  ]);
  assert.deepEqual(told({ temperature: 0.5, score: "cosine" }), []);
});

Deno.test("how features are fused is told where there are none", () => {
  assert.deepEqual(told({ fusion: "sum" }, { fusion: "sum" }, []), [
    "fusion: sum changes nothing: no features of items are embedded",
  ]);
  assert.deepEqual(told({ fusion: "sum" }), []);
  assert.deepEqual(told({ fusion: "sum" }, {}, []), []);
});

Deno.test("nothing is told of defaults, of options that fit, of what a preset says, and of other methods", () => {
  assert.deepEqual(told({ ...FIXED, elimination: true, temperature: 0.1 }), []);
  assert.deepEqual(told({ alphaRate: 0.02, elimination: false }), []);
  const { lengths: _, ...preset } = presetFor("ml-1m", "automlp");
  assert.deepEqual(told({ ...preset, ...FIXED }, FIXED), []);
  assert.deepEqual(told({ method: "sasrec", ...FIXED, alphaRate: 0.02 }), []);
});

Deno.test("candidates that nobody would look at are refused, a preset's are not", () => {
  assert.throws(() => checkCandidates(FIXED, { lengths: [3, 5] }), /--lengths goes with a search/);
  checkCandidates(FIXED, { lengths: presetFor("ml-1m", "automlp").lengths });
  assert.throws(
    () => checkCandidates({ ...FIXED, startFrom: "runs/before" }, { lengths: [3, 5] }),
    /--lengths goes with a search; with --start-from nothing is searched, .*: leave out --lengths$/,
  );
  checkCandidates({ search: "darts" }, { lengths: [3, 5] });
});
