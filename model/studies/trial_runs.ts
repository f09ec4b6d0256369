/**
 * The runs of a tuning's trials: how far each has come, and its result. A tuning keeps nothing else of them.
 *
 * @module
 */
import type { MetricName } from "../records/evaluation.ts";
import { epochsDone } from "../records/epochs.ts";
import type { TuningTrial } from "../records/tuning.ts";
import type { Standing } from "./halving.ts";
import type { StudyFolder } from "./study_folder.ts";
import type { Outcome } from "./workers.ts";

/** The name of a trial's cell; trials are numbered from 0 here, and from 1 for people. */
export const trialId = (trial: number): string => `trial-${String(trial + 1).padStart(3, "0")}`;

/** Number of trials that were begun: up to the last one that has a run. */
export function begunTrials(folder: StudyFolder, trials: number): number {
  const all = Array.from({ length: trials }, (_, trial) => trial);
  return (all.findLast((trial) => folder.run({ id: trialId(trial) })) ?? -1) + 1;
}

/** How far a trial is trained, with which options, and what decides. */
export interface TrialGoal {
  options: Record<string, unknown>;
  /** The epochs of the rungs. */
  rungs: readonly number[];
  /** The validation metric that decides. */
  metric: MetricName;
}

/**
 * Returns how far a trial has come, and its record; no record if there is no result yet.
 *
 * @param outcome How its last process of this call ended.
 */
export function lookAt(
  folder: StudyFolder,
  trial: number,
  { options, rungs, metric }: TrialGoal,
  outcome?: Outcome,
): { standing: Standing; record?: TuningTrial } {
  const run = folder.run({ id: trialId(trial) }),
    history = run?.read("trainHistory") ?? [],
    last = history.at(-1),
    trained = last ? epochsDone(last) : 0,
    facts = run?.readRun();
  const failed = outcome && "message" in outcome ? outcome : undefined;
  // A training that stopped early is done, however few epochs it took.
  const done = facts?.status === "done" ? facts.config.training.epochs ?? 0 : 0;
  const reached = rungs.filter((epochs) => trained >= epochs || done >= epochs);
  const standing = {
    values: reached.map((epochs) =>
      Math.max(...history.filter(({ epoch }) => epoch <= epochs).map(({ metrics }) => metrics[metric]))
    ),
    isRunning: false,
    isOut: failed !== undefined,
  };
  if (!last && !failed) return { standing };
  const best = history.findLast(({ best }) => best);
  return {
    standing,
    record: {
      trial: trial + 1,
      options,
      status: failed?.status ?? "done",
      ...(best && { value: best.metrics[metric], bestEpoch: best.epoch }),
      epochs: trained,
      seconds: last?.seconds ?? 0,
      ...(failed && { message: failed.message }),
    },
  };
}
