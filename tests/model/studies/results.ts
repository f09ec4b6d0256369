/** An experiment's results, small enough to check by hand. */
import type { CellResult, ExperimentResults } from "../../../model/records/experiment.ts";

/** A method's figures, given its NDCG. */
export const metrics = (ndcg: number) => ({
  full: { "HR@10": 2 * ndcg, "NDCG@10": ndcg, "MRR@10": ndcg / 2 },
});
/** Scores without adjustment. */
const PLAIN = { logitAdjustment: { full: 0 }, unadjusted: {} };
/** The result of a training. */
export const cell = (seed: number, ndcg: number): CellResult => ({
  ...PLAIN,
  seed,
  run: `cells/${seed}`,
  epochs: 3,
  bestEpoch: 2,
  metrics: metrics(ndcg),
  parameters: 1000,
  trainSeconds: 10 * ndcg,
  secondsPerEpoch: 2,
  peakMemoryBytes: 5e8,
  examplesPerSecond: 77,
});
/** Rows that are done, partly failed, and not done, with marks, a search and a person. */
export const RESULTS: ExperimentResults = {
  name: "mine",
  question: "Which & why?",
  dataset: { name: "shop_1", hash: "0123456789", users: 10, items: 20, interactions: 300 },
  negatives: 100,
  seeds: [1, 2],
  protocols: ["full"],
  metric: "NDCG@10",
  rows: [
    { label: "AutoMLP", method: "automlp", cells: [cell(1, 0.3), cell(2, 0.5)], failures: [], missing: 0 },
    {
      label: "A_b <i>",
      method: "sasrec",
      cells: [cell(1, 0.2)],
      failures: [{ seed: 2, message: "no room" }],
      missing: 0,
    },
    { label: "none", method: "fpmc", cells: [], failures: [], missing: 2 },
  ],
  baselines: [{ label: "Popularity", metrics: metrics(0.1), ...PLAIN }],
  significance: [{ protocol: "full", metric: "NDCG@10", label: "A_b <i>", pUsers: 0.01, pSeeds: 0.2 }],
  published: [],
  searches: [{
    label: "AutoMLP",
    lengths: ["3", "5"],
    selected: "5",
    reason: "the largest α",
    points: [{ step: 1, probabilities: [0.5, 0.5] }, { step: 9, probabilities: [0.2, 0.8] }],
  }],
  provenance: {
    commands: ["deno task experiment mine"],
    engines: ["native"],
    versions: { automlp: "0.1.0" },
    seconds: 90,
  },
  gallery: [{
    user: "<b>u</b>",
    history: ["Tea", "Cup"],
    earlier: 3,
    took: "Pot",
    recommended: [{ label: "AutoMLP", items: ["Pot", "Pan"], hit: true }, {
      label: "A_b <i>",
      items: ["Pan"],
      hit: false,
    }],
  }],
};
