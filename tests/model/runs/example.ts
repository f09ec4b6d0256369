/**
 * A made-up finished run: four candidates, of which 5 wins.
 *
 * @module
 */
import type {
  Architecture,
  MethodFigures,
  Metrics,
  RunMetrics,
  SearchRecord,
  TrainRecord,
} from "../../../model/records/records.ts";
import type { Insights } from "../../../model/records/insights.ts";
import type { RunFacts } from "../../../model/records/records.ts";

export const CANDIDATES = [3, 5, 10, 20];

export const run: Omit<RunFacts, "format" | "version"> = {
  status: "done",
  command: "deno task pipeline --data shop.csv",
  config: {
    method: "automlp",
    network: { dropout: 0.2 },
    search: { lengths: CANDIDATES },
    training: { epochs: 20 },
    session: {},
    data: { data: "shop.csv" },
  },
  seed: 7,
  versions: { automlp: "0.1.0", deno: "2.9.6" },
  sessions: [
    { command: "deno task pipeline --data shop.csv", began: "2026-11-26T06:12:31.000Z" },
    { command: "deno task evaluate runs/shop --ks 5", began: "2026-11-27T21:00:00.000Z" },
  ],
  machine: { system: "linux x86_64", cores: 2, memoryBytes: 24e9 },
  title: "AutoMLP",
  backends: [],
  backend: { name: "native", device: "CPU, 2 threads, oneDNN", version: "tfjs 4.22.0, libtensorflow 2.21.0" },
  parameters: 123_456,
  dataset: { folder: "data/shop", hash: "0123abcd4567", name: "shop", seed: 1 },
  times: { prepare: 2.5, search: 61, retrain: 120, evaluate: 4.2 },
  peakMemory: { prepare: 2.5e8, search: 8.12e8, retrain: 7.9e8, evaluate: 5.4e8 },
  peakMemoryBytes: 812_000_000,
  warnings: [],
};

const STEPS = 12;

const softmax = (alpha: number[]) => {
  const powers = alpha.map(Math.exp), sum = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / sum);
};

export const searchRecords: SearchRecord[] = Array.from({ length: STEPS }, (_, i) => {
  const alpha = [-0.05, 0.15, 0.06, -0.12].map((slope) => slope * (i + 1)), probabilities = softmax(alpha);
  return {
    epoch: 1 + Math.floor(i / 4),
    step: 50 * (i + 1),
    alpha,
    probabilities,
    entropy: -probabilities.reduce((sum, p) => sum + p * Math.log(p), 0),
    trainLoss: 0.7 / (1 + 0.2 * i),
    validationLoss: 0.72 / (1 + 0.17 * i),
    seconds: 5 * (i + 1),
  };
});

export const architecture: Architecture = {
  shortTermLength: 5,
  lengths: CANDIDATES,
  alpha: searchRecords[STEPS - 1].alpha,
  probabilities: searchRecords[STEPS - 1].probabilities,
  entropy: searchRecords[STEPS - 1].entropy,
  margin: 0.41,
  clear: true,
  rule: "shortest-within-error",
  method: "shared",
  evidence: [
    { loss: 5.31, difference: 0.11, standardError: 0.012, judgements: 64 },
    { loss: 5.2, difference: 0, standardError: 0, judgements: 64 },
    { loss: 5.24, difference: 0.04, standardError: 0.008, judgements: 64 },
    { loss: 5.23, difference: 0.03, standardError: 0.009, judgements: 64 },
  ],
  practicalDifference: 0.0104,
  alike: [5],
  dropped: [{
    candidate: 0,
    step: 420,
    evidence: { loss: 5.31, difference: 0.11, standardError: 0.012, judgements: 64 },
  }],
};

export const trainRecords: TrainRecord[] = Array.from({ length: 8 }, (_, i) => ({
  epoch: i + 1,
  step: 400 * (i + 1),
  loss: 0.6 / (1 + 0.3 * i),
  metrics: { "NDCG@10": 0.4 - 0.008 * (i - 5) ** 2, "HR@10": 0.6 - 0.01 * (i - 5) ** 2 },
  best: i <= 5,
  seconds: 15 * (i + 1),
  examplesPerSecond: 13_300,
  rate: 0.001,
}));

const figures = (scale: number): Metrics[string] => ({
  recbole: { "HR@10": 0.6 * scale, "NDCG@10": 0.4 * scale, "MRR@10": 0.33 * scale },
  full: { "HR@10": 0.2 * scale, "NDCG@10": 0.11 * scale, "MRR@10": 0.08 * scale },
});

/** The figures of a method; what is not given is empty. */
export const ofMethod = (metrics: Metrics, more: Partial<MethodFigures> = {}): MethodFigures => ({
  metrics,
  standardErrors: {},
  logitAdjustment: {},
  unadjusted: {},
  ...more,
});

export const metrics: RunMetrics = {
  dataset: { hash: run.dataset.hash, name: run.dataset.name },
  seed: 7,
  method: "AutoMLP",
  methods: {
    AutoMLP: ofMethod(
      { validation: figures(1.05), test: figures(1) },
      { standardErrors: { validation: figures(0.01), test: figures(0.01) } },
    ),
    Popularity: ofMethod({ test: figures(0.6) }, { standardErrors: { test: figures(0.008) } }),
  },
};

/** The same with other figures of some methods. */
export const withFigures = (changes: Record<string, Partial<MethodFigures>>, of = metrics): RunMetrics => ({
  ...of,
  methods: Object.fromEntries(
    Object.entries(of.methods).map(([name, figures]) => [name, { ...figures, ...changes[name] }]),
  ),
});

const group = (label: string, mean: number) => ({
  label,
  size: 200,
  users: 200,
  share: 0.5,
  mean,
  standardError: 0.02,
});

export const insights: Insights = {
  metric: "HR@10",
  groupings: [
    { by: "length of the history", groups: [group("10 – 24", 0.1), group("25 – 99", 0.3)] },
    { by: "city", groups: [group("<Bonn>", 0.2), group("Ghent", 0.25)] },
  ],
  sureness: [
    { said: 0.05, size: 500, mean: 0.04, standardError: 0.01 },
    { said: 0.3, size: 500, mean: 0.25, standardError: 0.02 },
  ],
  people: [
    {
      user: "<u1>",
      history: ["Tea", "Cup"],
      earlier: 3,
      recommended: ["Pot", "Pan"],
      took: "Pan",
      rank: 2,
    },
    { user: "u2", history: ["Pot"], earlier: 0, recommended: ["Tea"], took: "Cup", rank: 77 },
  ],
  lists: {
    k: 10,
    coverage: 0.62,
    popularityPercentile: 0.81,
    targetsPercentile: 0.7,
    novelty: 8.25,
    gini: 0.44,
  },
  millisecondsPerHistory: 0.123,
};
