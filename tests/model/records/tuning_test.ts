import assert from "node:assert/strict";
import { bestTrial, isValued, type TuningTrial } from "../../../model/records/tuning.ts";
import { tuningText } from "../../../model/views/tuning.ts";

const trial = (number: number, value?: number, status: TuningTrial["status"] = "done"): TuningTrial => ({
  trial: number,
  options: { rate: number / 1000 },
  status,
  value,
  epochs: 3,
  seconds: 1,
  ...(status !== "done" && { message: "its loss is no number any more" }),
});

Deno.test("the best trial is one that came to its end: with the options of one that failed on its way training fails again", () => {
  const trials = [trial(1, 0.2), trial(2, 0.9, "failed"), trial(3, 0.3), trial(4), trial(5, 0.3)];
  assert.equal(bestTrial({ trials })!.trial, 3);
  assert.deepEqual(trials.filter(isValued).map(({ trial }) => trial), [1, 3, 5]);
  assert.equal(bestTrial({ trials: [trial(1, 0.9, "failed"), trial(2, undefined, "too large")] }), undefined);

  const text = tuningText({
    method: "sasrec",
    title: "SASRec",
    dataset: { name: "mine", hash: "0123456789abcdef" },
    seed: 1,
    metric: "NDCG@10",
    protocol: "full",
    rungs: [3],
    searched: ["rate"],
    trials,
    asked: 5,
    complete: true,
  });
  assert.match(
    text,
    /The best of 5 trials is number 3: NDCG@10 0\.3000 on validation\. As the best of several, this figure is too high on average; evaluate on test to see how good it is\./,
  );
  // Its figure so far is shown, after the trials that can be chosen.
  const lines = text.split("\n").filter((line) => /^\s*\d/.test(line));
  assert.deepEqual(lines.map((line) => Number(line.trim().split(/\s+/)[0])), [3, 5, 1, 2, 4]);
  assert.match(lines[3], /0\.9000.*failed/);
});
