/**
 * The facts of the made-up run, and the manifest of its data.
 *
 * @module
 */
import type { Manifest } from "../../../pipeline/contract/manifest.ts";
import { TABLES } from "../../../pipeline/contract/manifest.ts";
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
  counts: { users: 1000, items: 200, interactions: 20_000, train: 18_000, validation: 1000, test: 1000 },
  split: { kind: "leave-one-out" },
  negatives: { protocols: ["recbole"], count: 100, exponent: 1 },
  features: [],
  hasRating: false,
  stages: [
    { ...stage, stage: "read", rowsIn: 20_050, rowsOut: 20_050, dropped: [] },
    {
      ...stage,
      stage: "filter",
      rowsIn: 20_050,
      rowsOut: 20_000,
      dropped: [{ reason: "of users with less than 10", rows: 50 }],
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

/** A run that came to its end. */
export const finished: ReportFacts = {
  run: { ...run, warnings: ["The budget ended the training."] },
  manifest,
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
