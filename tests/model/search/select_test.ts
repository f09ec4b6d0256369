import assert from "node:assert/strict";
import type { Evidence } from "../../../model/records/records.ts";
import { conclude } from "../../../model/search/elimination.ts";
import { type Rule, type SearchFindings, selectLength } from "../../../model/search/select.ts";

const margin = 0.002;

/** Evidence for a loss near 5, so that with this margin differences up to 0.01 do not matter. */
const evidence = (
  ...known: [difference: number, error: number, lasting?: number, headStart?: number][]
): Evidence[] =>
  known.map(([difference, standardError, lasting = difference, headStart]) => ({
    loss: 5 + difference,
    difference,
    standardError,
    lasting,
    headStart,
    interval: [difference - 2.5 * standardError, difference + 2.5 * standardError],
    judgements: 100,
  }));

const found = (known?: Evidence[]): SearchFindings => ({
  candidates: [3, 5, 10],
  alpha: [0, 0, 1],
  probabilities: [0.2, 0.2, 0.6],
  evidence: known,
  dropped: [],
  method: "darts-losses",
});

Deno.test("select: the shortest within one standard error of the best, the shortest within the margin, the largest α", () => {
  // 3 is 0.03 ± 0.04 behind: within a standard error, but more than matters.
  const known = evidence([0.03, 0.04], [0.008, 0.002], [0, 0]);
  assert.equal(selectLength(found(known)).shortTermLength, 3);
  assert.equal(selectLength(found(known), { rule: "shortest-within-margin", margin }).shortTermLength, 5);
  // By default 0.0005 of the loss matters.
  assert.equal(selectLength(found(known), { rule: "shortest-within-margin" }).shortTermLength, 10);
  assert.equal(selectLength(found(known), { rule: "argmax" }).shortTermLength, 10);
  const { alike, clear, practicalDifference } = selectLength(found(known), { margin });
  assert.deepEqual([alike, clear, practicalDifference], [[3, 5, 10], false, 0.01]);
});

Deno.test("select: clear is what is ahead of every other by two standard errors, by its interval, and by enough that lasts", () => {
  const clear = (...known: Parameters<typeof evidence>) => selectLength(found(evidence(...known))).clear;
  assert.equal(clear([0.5, 0.01], [0, 0], [0.2, 0.05]), true);
  assert.equal(clear([0.5, 0.01], [0, 0], [0.2, 0.09]), false); // its interval reaches −0.025
  assert.equal(clear([0.5, 0.01], [0, 0], [0.07, 0.001]), false); // under 0.015 · 5: another seed might not find it
  assert.equal(clear([0.5, 0.01], [0, 0], [0.2, 0.05, 0.07]), false); // the difference shrinks with more training
  assert.equal(clear([0.5, 0.01], [0, 0], [0.2, 0.05, 0.2, 0.19]), true);
  assert.equal(clear([0.5, 0.01], [0, 0], [0.2, 0.05, 0.2, 0.2]), false); // no more than a head start is worth
  const one = selectLength({ ...found(), candidates: [3], alpha: [0], probabilities: [1] });
  assert.deepEqual([one.clear, one.margin], [true, 1]);
});

Deno.test("select: no lead is clear within two standard errors, however narrow the interval, nor one that does not matter", () => {
  const clear = (known: Evidence[], margin?: number) => selectLength(found(known), { margin }).clear;
  const known = evidence([0.5, 0.01], [0, 0], [0.2, 0.01]);
  assert.equal(clear(known), true);
  const narrow = (standardError: number) =>
    known.map((own, i): Evidence => i === 2 ? { ...own, standardError, interval: [0.1, 0.3] } : own);
  assert.deepEqual([0.099, 0.101].map((error) => clear(narrow(error))), [true, false]);
  // 0.2 of a loss of 5 is four in a hundred.
  assert.deepEqual([0.039, 0.041].map((margin) => clear(known, margin)), [true, false]);
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
  const text = (known?: Evidence[], more: Partial<SearchFindings> = {}, rule?: "argmax") =>
    String(Deno.inspect(selectLength({ ...found(known), ...more }, { rule, margin })));
  assert.match(
    text(evidence([0.02, 0.04], [0.01, 0.02], [0, 0])),
    /3, 5 and 10 are within one standard error of the best \(differences in validation loss up to 0\.0200 ± 0\.0400\); 3 is the shortest of them/,
  );
  assert.match(
    text(evidence([0.5, 0.01], [0.008, 0.002], [0, 0])),
    /5 and 10 differ too little to matter \(by up to 0\.0080 ± 0\.0020 in validation loss; 0\.0100 or less does not matter\); 5 is the shortest/,
  );
  assert.match(
    text(evidence([0.5, 0.01], [0, 0], [0.2, 0.01])),
    /The choice is clear: 5 is ahead of the next, 10, by 0\.2000 ± 0\.0100/,
  );
  assert.match(
    text(evidence([0.5, 0.01], [0, 0], [0.02, 0.01])),
    /5 is ahead of the next, 10, by [^.]*\.\d+ ± \S+ in validation loss\. It is not called clear: 10 may be behind by chance\./,
  );
  assert.match(
    text(evidence([0.5, 0.01], [0, 0], [0.2, 0.01, 0.01])),
    /It is not called clear: 10 is behind by 0\.2000, of which only 0\.0100 would last with more training, and 0\.\d+ would have to\./,
  );
  assert.match(
    text(evidence([0.5, 0.01], [0, 0], [0.02, 0.001])),
    /It is not called clear: 10 is behind by 0\.0200, and another seed may change that by 0\.\d+\./,
  );
  assert.match(
    text(evidence([0.5, 0.01], [0, 0], [0.2, 0.01, 0.2, 0.3])),
    /It is not called clear: 10 is behind by 0\.2000, and learns 0\.3000 in a tenth of the steps, so another seed may be as far ahead\./,
  );
  assert.match(
    text(evidence([0.5, 0.01, 0.01], [0, 0], [0.4, 0.01])),
    /5 is ahead of the next, 10, by 0\.4000.*It is not called clear: 3 is behind by 0\.5000, of which only 0\.0100 would last/,
  );
  assert.match(
    text(evidence([0.5, 0.01], [0, 0], [0.2, 0.01]), {}, "argmax"),
    /5 is ahead of the next, 10, .*; 10, which has the largest α, is behind it by 0\.2000/,
  );
  assert.match(text(), /judged too seldom/);
  const [first] = evidence([0.5, 0.01]);
  assert.match(
    text(evidence([0.5, 0.01], [0, 0], [0.2, 0.01]), {
      dropped: [{ candidate: 0, step: 1200, evidence: first }],
      ended: "same answer",
    }),
    /Dropped as clearly worse: 3 after 1,200 steps\. The search ended early: its answer could no longer change\./,
  );
  assert.match(
    text(evidence([0.02, 0.04], [0.01, 0.02], [0, 0]), { ended: "alike" }),
    /^The short-term length 3 was selected from [^:]*: the shortest within one standard error of the best\.\n[^]*ended early: the candidate that is taken was within one standard error of the best, or behind it by too little to matter, look after look\./,
  );
});

Deno.test("elimination: who was worse twice by what matters and lasts, whatever the error, is dropped; when the answer is in, the search ends", () => {
  const look = (worse: number[], ...known: Parameters<typeof evidence>) => {
    const { alike: _, ...rest } = conclude(evidence(...known), "shortest-within-error", 0.002, {
      worse,
      alike: [0, 0, 0, 0],
    });
    return rest;
  };
  // 0.15 − 0.025 > 0.01 ≥ 0.085 − 0.0775, and 0.15 > 0.015 · 5
  const known: Parameters<typeof evidence> = [[0.15, 0.01], [0.005, 0.004], [0.085, 0.031], [0, 0]];
  assert.deepEqual(look([], ...known), { worse: [0], dropped: [] });
  assert.deepEqual(look([0, 2], ...known), { worse: [0], dropped: [0] });
  assert.deepEqual(look([0], [0.15, 0.01, 0.07], [0.005, 0.004], [0, 0]), { worse: [], dropped: [] }); // melts
  assert.deepEqual(look([0], [0.07, 0.001], [0.005, 0.004], [0, 0]), { worse: [], dropped: [] }); // another seed might not find it
  const started: typeof known = [[0.15, 0.01, 0.15, 0.15], [0.005, 0.004], [0, 0]];
  assert.deepEqual(look([0], ...started), { worse: [], dropped: [] }); // one with a head start might be as far
  assert.deepEqual(look([0, 2], [0.15, 0.01], [0, 0], [0.14, 0.01]), {
    worse: [0, 2],
    dropped: [0, 2],
    ended: "one left",
  });
  // The shortest is behind by 0.0075 at most, and the third is behind.
  const settled = { worse: [], dropped: [], ended: "same answer" as const };
  assert.deepEqual(look([], [0.005, 0.001], [0, 0], [0.02, 0.002]), settled);
  assert.deepEqual(
    look([], [0.005, 0.001], [0, 0], [0.02, 0.02]),
    { worse: [], dropped: [] },
    "if that is so",
  );
  // The shortest leads.
  assert.deepEqual(look([], [0, 0], [0.02, 0.01]), settled, "the other may be ahead by 0.005 at most");
  assert.deepEqual(
    look([], [0, 0], [0.02, 0.02]),
    { worse: [], dropped: [] },
    "the other may be ahead by 0.03",
  );
  assert.deepEqual(
    look([], [0, 0], [0.02, 0.001, -0.02]),
    { worse: [], dropped: [] },
    "the other will be ahead",
  );
});

Deno.test("elimination: the shortest within one standard error of the best at half of the looks in a row ends the search, with the rule that takes it", () => {
  const look = (rule: Rule, alike: number, worse: number[], ...known: Parameters<typeof evidence>) => {
    const before = { worse, alike: known.map((_, i) => i === known.length - 2 ? alike : 0) };
    const { alike: now, ended } = conclude(evidence(...known), rule, 0.002, before);
    return [now.at(-2), ended];
  };
  const near: Parameters<typeof evidence> = [[0.02, 0.03], [0, 0]]; // within an error, not within the margin
  assert.deepEqual(look("shortest-within-error", 0, [], ...near), [1, undefined]);
  assert.deepEqual(look("shortest-within-error", 3, [], ...near), [4, "alike"]);
  assert.deepEqual(look("shortest-within-margin", 3, [], ...near), [4, undefined]);
  assert.deepEqual(look("argmax", 3, [], ...near), [4, undefined]);
  assert.deepEqual(look("shortest-within-error", 3, [], [0.04, 0.03], [0, 0]), [0, undefined]);
  // The first is dropped: the second has been looked at as often.
  assert.deepEqual(look("shortest-within-error", 3, [0], [0.5, 0.01], ...near), [4, "alike"]);
  assert.deepEqual(
    look("shortest-within-error", 3, [], [0.5, 0.01], ...near),
    [4, undefined],
    "it is not dropped yet",
  );
});
