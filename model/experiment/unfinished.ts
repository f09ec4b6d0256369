/**
 * Runs whose training has not come to its end, and what is said of their figures.
 *
 * @module
 */
import { quoted } from "../../pipeline/terminal/quoted.ts";
import type { RunFolder } from "../runs/folder.ts";
import { epochName, epochsOf } from "../views/epochs.ts";
import { epochsDone } from "../records/epochs.ts";

/** How the remark begins. */
const UNFINISHED = "Training has not come to its end";

/** Whether a remark is that a training has not come to its end. */
export const isOfUnfinished = (remark: string): boolean => remark.startsWith(UNFINISHED);

/**
 * What a reader of a run's figures or recommendations should know of its model; undefined where its training came to its end, or the
 * budget ended it, which is on record. Of a run that has not ended, that is the training under way or stopped; of one that was evaluated since, what was on record then.
 */
export function unfinishedTraining(run: RunFolder): string | undefined {
  const { status, phase, config, warnings } = run.readRun()!, known = warnings.find(isOfUnfinished);
  if (status === "done" || phase !== "retrain") return known;
  const history = run.readTrainHistory(),
    best = history.findLast((record) => record.best),
    last = history.at(-1);
  if (!best || !last) return known;
  return `${UNFINISHED} (${epochsOf(epochsDone(last), config.epochs)}): the model is that of epoch ${
    epochName(best)
  }, the best so far; to resume: deno task retrain ${quoted(run.path)}`;
}
