import assert from "node:assert/strict";
import type { Evidence } from "../../../model/records/records.ts";
import { type SearchFindings, selectLength } from "../../../model/search/select.ts";

const margin = 0.002;

/** Evidence for a loss near 5, so that with this margin differences up to 0.01 do not matter. */
const evidence = (...known: [difference: number, error: number][]): Evidence[] =>
  known.map(([difference, standardError]) => ({
    loss: 5 + difference,
    difference,
    standardError,
    judgements: 100,
  }));

const found = (known?: Evidence[], method: SearchFindings["method"] = "shared"): SearchFindings => ({
  lengths: [3, 5, 10],
  alpha: [0, 0, 1],
  probabilities: [0.2, 0.2, 0.6],
  evidence: known,
  dropped: [],
  method,
});

Deno.test("select: the shortest within one standard error of the best, or within what matters; the largest α where outputs are mixed", () => {
  // 3 is 0.03 ± 0.04 behind: within a standard error, but more than matters.
  const known = evidence([0.03, 0.04], [0.008, 0.002], [0, 0]);
  assert.equal(selectLength(found(known)).shortTermLength, 3);
  const behind = evidence([0.03, 0.02], [0.008, 0.002], [0, 0]);
  assert.equal(selectLength(found(behind), margin).shortTermLength, 5);
  assert.equal(selectLength(found(behind)).shortTermLength, 10); // by default 0.0005 of the loss matters
  assert.equal(selectLength(found(known, "darts")).shortTermLength, 10);
  const { alike, clear, practicalDifference } = selectLength(found(known), margin);
  assert.deepEqual([alike, clear, practicalDifference], [[3, 5, 10], false, 0.01]);
});

Deno.test("select: clear is what is ahead of every other by three standard errors, and by what matters", () => {
  const clear = (...known: Parameters<typeof evidence>) =>
    selectLength(found(evidence(...known)), margin).clear;
  assert.equal(clear([0.5, 0.01], [0, 0], [0.2, 0.06]), true);
  assert.equal(clear([0.5, 0.01], [0, 0], [0.2, 0.07]), false);
  assert.equal(clear([0.5, 0.01], [0, 0], [0.009, 0.001]), false);
  assert.equal(clear([0.5, 0.2], [0, 0], [0.2, 0.06]), false);
  const one = selectLength({ ...found(), lengths: [3], alpha: [0], probabilities: [1] });
  assert.deepEqual([one.clear, one.margin], [true, 1]);
});

Deno.test("select: by how much the share of the first is ahead", () => {
  const { margin } = selectLength(found(evidence([0.5, 0.01], [0, 0], [0.01, 0.02])));
  assert(Math.abs(margin - (0.6 - 0.2)) < 1e-12);
});

Deno.test("select: without evidence α decides, and nothing is clear; who was dropped is not selected", () => {
  const { shortTermLength, clear, rule } = selectLength(found());
  assert.deepEqual([shortTermLength, clear, rule], [10, false, "argmax"]);
  const known = evidence([0.001, 0.01], [0.001, 0.01], [0, 0]);
  const dropped = [{ candidate: 0, step: 20, evidence: known[0] }];
  assert.equal(selectLength({ ...found(known), dropped }).shortTermLength, 5);
});

Deno.test("select: in words, with figures", () => {
  const text = (known?: Evidence[], more: Partial<SearchFindings> = {}) =>
    String(Deno.inspect(selectLength({ ...found(known), ...more }, margin)));
  assert.match(
    text(evidence([0.02, 0.04], [0.01, 0.02], [0, 0])),
    /3, 5, 10 are alike: within one standard error of the best, .* \(up to 0\.0200 ± 0\.0400 in validation loss\)/,
  );
  assert.match(
    text(evidence([0.5, 0.01], [0.008, 0.002], [0, 0])),
    /5, 10 are alike: .* too little to matter \(up to 0\.0080 ± 0\.0020 in validation loss\)/,
  );
  assert.match(
    text(evidence([0.5, 0.01], [0, 0], [0.2, 0.01])),
    /The choice is clear over the held-out users: 5 is ahead of the next, 10, by 0\.2000 ± 0\.0100/,
  );
  assert.match(
    text(evidence([0.5, 0.01], [0, 0], [0.025, 0.01])),
    /5 is ahead of the next, 10, by [^.]*\.\d+ ± \S+ in validation loss\. It is not called clear: that takes three standard errors from each of the others\./,
  );
  assert.match(
    text(evidence([0.5, 0.01], [0, 0], [0.2, 0.01]), { method: "darts" }),
    /5 is ahead of the next, 10, .* The selected 10, which has the largest α, is behind by 0\.2000/,
  );
  assert.match(text(), /judged too seldom/);
  const [first] = evidence([0.5, 0.01]);
  assert.match(
    text(evidence([0.5, 0.01], [0, 0], [0.2, 0.01]), {
      dropped: [{ candidate: 0, step: 1200, evidence: first }],
      ended: "one left",
    }),
    /Dropped as clearly worse: 3 after 1,200 steps\. The search ended early: no other candidate was left\./,
  );
  assert.match(
    text(evidence([0.02, 0.04], [0.01, 0.02], [0, 0])),
    /^The short-term length 3 was selected from [^:]*: the shortest within one standard error of the best\./,
  );
});
