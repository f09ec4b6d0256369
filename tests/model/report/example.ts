/**
 * The facts of the made-up run, and the manifest of its data.
 *
 * @module
 */
import type { Manifest } from "../../../pipeline/contract/dataset/manifest.ts";
import { TABLES } from "../../../pipeline/contract/dataset/manifest.ts";
import type { DatasetProfile } from "../../../pipeline/inspect/facts.ts";
import type { ReportFacts } from "../../../model/records/report_facts.ts";
import { architecture, insights, metrics, run, searchRecords, trainRecords } from "../runs/example.ts";

const stage = { counts: {}, warnings: [], seconds: 0.1 };

export const manifest: Manifest = {
  format: "automlp-dataset",
  version: 1,
  name: "shop <&> co",
  config: { "min-user": 10 },
  seed: 1,
  sources: [],
  counts: {
    users: 1000,
    items: 200,
    interactions: 20_000,
    pairs: 20_000,
    train: 18_000,
    validation: 1000,
    test: 1000,
  },
  split: { kind: "leave-one-out" },
  negatives: { protocols: ["recbole"], count: 100, exponent: 1 },
  features: [],
  hasRating: false,
  stages: [
    {
      ...stage,
      stage: "read",
      rowsIn: 20_050,
      rowsOut: 20_050,
      dropped: [],
      columns: { interactions: { taken: { user: "customer", item: "item" }, unused: ["qty"] } },
      tables: { items: { title: "name", features: ["maker"], kept: [] } },
    },
    {
      ...stage,
      stage: "filter",
      rowsIn: 20_050,
      rowsOut: 20_000,
      dropped: [{
        reason: "users with fewer than 10 interactions",
        rows: 50,
        ids: { of: "users", dropped: 5, before: 1005 },
        option: { name: "minUser", value: 10 },
      }],
      warnings: ["5 users are left out"],
    },
  ],
  tables: Object.fromEntries(
    TABLES.map((name) => {
      const whole = { rows: 1, bytes: 1, sha256: "" };
      return [name, { ...whole, files: [{ file: `${name}.parquet`, ...whole }] }];
    }),
  ) as unknown as Manifest["tables"],
  hash: run.dataset.hash,
  versions: {},
};

const distribution = { min: 10, q1: 12, median: 15, mean: 20, q3: 24, max: 60, scale: "linear" } as const;

/** How the data are distributed. */
export const profile: DatasetProfile = {
  sequenceLength: { ...distribution, count: 1000, bins: [{ from: 10, to: 61, count: 1000 }] },
  popularity: { ...distribution, count: 200, bins: [{ from: 10, to: 61, count: 200 }] },
  concentration: {
    gini: 0.4,
    top: [0.01, 0.1, 0.2].map((items) => ({ items, interactions: 3 * items })),
    curve: [{ items: 0, interactions: 0 }, { items: 1, interactions: 1 }],
  },
  time: {
    first: 1_704_067_200,
    last: 1_704_240_000,
    unit: "seconds",
    firstDate: "2024-01-01T00:00:00Z",
    lastDate: "2024-01-03T00:00:00Z",
    days: 2,
  },
  overTime: {
    every: "1 day",
    bins: [0, 1, 2].map((day) => ({
      from: 1_704_067_200_000 + day * 86_400_000,
      to: 1_704_153_600_000 + day * 86_400_000,
      count: 5000,
    })),
  },
};

/** A finished run. */
export const finished: ReportFacts = {
  run: { ...run, warnings: [{ kind: "remark", text: "The budget ended the training." }] },
  manifest,
  profile,
  search: searchRecords,
  trials: [],
  architecture,
  train: trainRecords,
  monitor: { metric: "NDCG@10", protocol: "recbole" },
  metrics,
  insights,
  files: [
    "run.json",
    "search/history.jsonl",
    "architecture.json",
    "train/history.jsonl",
    "metrics.json",
    "insights.json",
    "data.json",
  ],
};

/** A run that was stopped before its search began. */
export const barelyBegun: ReportFacts = {
  run: { ...run, status: "interrupted", parameters: undefined, times: { prepare: 2 } },
  manifest: { ...manifest, stages: [] },
  search: [],
  trials: [],
  train: [],
  files: ["run.json"],
};
