/**
 * What a report is made of: all that a run folder and its dataset's manifest say.
 *
 * @module
 */
import type { Manifest } from "../../pipeline/contract/manifest.ts";
import type { RunFolder } from "../runs/folder.ts";
import type { Architecture, RunMetrics, SearchRecord, TrainRecord, Trial } from "../records/records.ts";
import type { RunFacts } from "../records/schemas.ts";

/** What the validation metric was that decided over training. */
export interface Judge {
  /** As in `NDCG@10`. */
  metric: string;
  protocol: string;
}

/** What a report is made of. Whatever a run did not come to is empty or left out, and so is its part of the report. */
export interface ReportFacts {
  run: Omit<RunFacts, "format" | "version">;
  /** Of the data. */
  manifest: Manifest;
  search: SearchRecord[];
  trials: Trial[];
  architecture?: Architecture;
  train: TrainRecord[];
  judge?: Judge;
  metrics?: RunMetrics;
}

/**
 * Collects the facts of a run.
 *
 * @param judge The metric that decided over training. Default: what the run's configuration says; where it says nothing, the
 * learning curve shows the first that was recorded.
 * @throws {InputError} where a file of the folder is damaged.
 */
export function collectFacts(folder: RunFolder, manifest: Manifest, judge?: Judge): ReportFacts {
  const run = folder.readRun();
  if (!run) throw new Error(`The run ${folder.path} has not begun: there is nothing to report`);
  return {
    run,
    manifest,
    search: folder.readSearchHistory(),
    trials: folder.readTrials(),
    architecture: folder.readArchitecture(),
    train: folder.readTrainHistory(),
    judge: judge ?? judgeOf(run.config),
    metrics: folder.readMetrics(),
  };
}

function judgeOf({ metric, protocol }: RunFacts["config"]): Judge | undefined {
  return typeof metric === "string" && typeof protocol === "string" ? { metric, protocol } : undefined;
}

/** The epoch whose weights were kept. */
export const bestEpoch = ({ train }: ReportFacts): TrainRecord | undefined =>
  train.findLast(({ best }) => best);

/** The metric of the learning curve. */
export function judged({ train, judge }: ReportFacts): string | undefined {
  return judge?.metric ?? train.flatMap(({ metrics }) => Object.keys(metrics))[0];
}
