/**
 * The main figures of a run under way.
 *
 * @module
 */
import { formatSeconds } from "../../pipeline/display/text/units.ts";
import { headlineOf } from "./headline.ts";
import { candidateLabel } from "../records/candidates.ts";
import { epochsDone } from "../records/epochs.ts";
import { epochCount, epochName } from "./epochs.ts";
import { isSearching, namesOf, standingOf, type WatchedRun } from "./watched.ts";

type Headline = { label: string; value: string }[];

const PHASES = { search: "searching", retrain: "training", evaluate: "evaluating" };

/** Status, epoch, losses, metric and time; for a finished run, its results. */
export function watchedHeadline(watched: WatchedRun): Headline {
  const { run } = watched, status = { label: "status", value: statusOf(watched) };
  if (run?.status === "done") return [status, ...headlineOf({ ...watched, run })];
  const figures = isSearching(watched) ? ofSearch(watched) : ofTraining(watched);
  const seconds = Object.values(run?.times ?? {}).reduce((sum, time) => sum + time, 0);
  return [status, ...figures, ...(seconds > 0 ? [{ label: "time", value: formatSeconds(seconds) }] : [])];
}

function statusOf({ run }: WatchedRun): string {
  if (!run) return "not begun";
  return run.status === "running" && run.phase ? PHASES[run.phase] : run.status;
}

function ofSearch(watched: WatchedRun): Headline {
  const last = watched.search.at(-1);
  if (!last) return [];
  const { probabilities, trainLoss, validationLoss } = last;
  const best = probabilities.indexOf(Math.max(...probabilities));
  const leads = probabilities.some((share) => share !== probabilities[best]);
  return [
    { label: "epoch", value: epochCount(epochsDone(last), watched.run?.config.searchEpochs) },
    { label: "training loss", value: trainLoss.toFixed(4) },
    ...(Number.isFinite(validationLoss)
      ? [{ label: "validation loss", value: validationLoss.toFixed(4) }]
      : []),
    ...(leads ? [{ label: "α leads with", value: candidateLabel(namesOf(watched)[best]) }] : []),
  ];
}

function ofTraining(watched: WatchedRun): Headline {
  const last = watched.train.at(-1), standing = standingOf(watched);
  if (!last) return [];
  return [
    { label: "epoch", value: epochCount(epochsDone(last), watched.run?.config.epochs) },
    { label: "loss", value: last.loss.toFixed(4) },
    ...(standing
      ? [
        { label: standing.metric, value: standing.value.toFixed(4) },
        { label: `best, epoch ${epochName(standing.best)}`, value: standing.best.value.toFixed(4) },
      ]
      : []),
  ];
}
