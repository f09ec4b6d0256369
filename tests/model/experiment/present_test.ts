import assert from "node:assert/strict";
import type { JobResult } from "../../../model/experiment/job.ts";
import { presentJob } from "../../../model/experiment/present.ts";
import { finished } from "../report/example.ts";
import { metrics, ofMethod } from "../runs/example.ts";

Deno.test("what comes next: its lists and a refit, but where another method is ahead by more than chance, the manual", () => {
  const { manifest } = finished, run = { path: "runs/mine", reportPath: "runs/mine/report.html" };
  const next = (scale: number, p: number, truth?: string) => {
    const of = (mean: number) => ({ full: { "HR@10": 2 * mean, "NDCG@10": mean, "MRR@10": mean } });
    const facts = {
      ...finished,
      manifest: { ...manifest, truth },
      metrics: {
        ...metrics,
        methods: {
          AutoMLP: ofMethod({ test: of(0.1) }),
          Popularity: ofMethod({ test: of(0.05) }),
          Markov: ofMethod({ test: of(0.1 * scale) }),
        },
        tests: { full: { "NDCG@10": { Popularity: 0.001, Markov: p } } },
      },
    };
    const { text } = presentJob({ run, facts } as unknown as JobResult);
    return (typeof text === "function" ? text([]) : text).split("\n").at(-1)!;
  };
  const serve =
    "Next: deno task recommend runs/mine, or deno task refit runs/mine for a model that also learns from the test interactions";
  assert.equal(
    next(1.5, 0.01),
    "Next: Markov is significantly better; docs/reading.md (What to do next) explains what to do. " +
      "To see the recommendations of this model anyway: deno task recommend runs/mine",
  );
  assert.equal(next(1.5, 0.2), serve, "which may be chance");
  assert.equal(next(0.8, 0.01), serve, "the model is ahead of it");
  assert.equal(next(1.5, 0.01, "a rule that no baseline sees"), serve);
});
