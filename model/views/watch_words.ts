/**
 * A run under way in sentences.
 *
 * @module
 */
import { formatCell } from "../../pipeline/display/table.ts";
import { formatSeconds } from "../../pipeline/display/text/units.ts";
import { type EpochPlace, epochsDone, isWhole } from "../records/epochs.ts";
import { epochName, epochsOf } from "./epochs.ts";
import { resumedRun } from "./resume_command.ts";
import { isSearching, lengthsOf, paceOf, standingOf, type Watched, type WatchedRun } from "./watched.ts";

/** What the run is doing, and how far it is according to its records. */
export function watchedWords(watched: WatchedRun): string[] {
  const { run, search, train } = watched;
  if (!run) {
    return search.length + train.length > 0
      ? ["The folder holds what a notebook saved: there is no run.json that would say more."]
      : [
        "No run has begun here yet; perhaps its data are being prepared. What it writes is shown as it comes.",
      ];
  }
  if (run.status === "done") return ["The run has come to its end."];
  return run.status === "running" && run.phase === "evaluate"
    ? ["Training has ended. The model is being evaluated, beside the baselines."]
    : isSearching(watched)
    ? searchWords(watched)
    : trainingWords(watched);
}

function searchWords(watched: WatchedRun): string[] {
  const { search, trials, run } = watched, last = search.at(-1), lengths = lengthsOf(watched);
  const what = lengths
    ? `Search for the short-term length among ${lengths.join(", ")}:`
    : "Search for the network:";
  if (run?.config.search === "exhaustive") {
    return [`${what} ${trials.length}${lengths ? ` of ${lengths.length} lengths` : ""} are trained.`];
  }
  if (!last) return [`${what} its first epoch has not ended yet.`];
  const step = `step ${formatCell(last.step)}`;
  return [`${what} on record is ${epochWords(watched, last, run?.config.searchEpochs, step)}.`];
}

function trainingWords(watched: WatchedRun): string[] {
  const { train, run } = watched,
    last = train.at(-1),
    what = `Training of ${run?.method?.title ?? "AutoMLP"}:`;
  if (!last) return run?.phase === "retrain" ? [`${what} its first epoch has not ended yet.`] : [];
  const { epochs, patience } = run?.config ?? {}, standing = standingWords(watched);
  const ends = run?.status === "running" && typeof patience === "number"
    ? ` It ends after ${epochsOf(patience)} without a better one.`
    : "";
  return [
    `${what} on record is ${epochWords(watched, last, epochs)}.`,
    ...(standing ? [`${standing}${ends}`] : []),
  ];
}

/** `epoch 4 of at most 12, at 12 s an epoch: at most 1:36 more`; without times for a run that has ended. */
function epochWords(watched: WatchedRun, last: EpochPlace, most: unknown, ...more: string[]): string {
  const pace = paceOf(watched), isKnown = typeof most === "number", done = epochsDone(last);
  const place = isWhole(last)
    ? `epoch ${last.epoch}${isKnown ? ` of at most ${most}` : ""}`
    : epochsOf(done, most);
  const parts = [place, ...more];
  if (watched.run?.status !== "running" || pace === undefined) return parts.join(", ");
  const left = isKnown && most > done ? `: at most ${formatSeconds((most - done) * pace)} more` : "";
  return `${parts.join(", ")}, at ${formatSeconds(pace)} an epoch${left}`;
}

/** `Validation NDCG@10 (protocol full) is 0.3520; the best is 0.3561 of epoch 8, 2 epochs ago.` */
function standingWords(watched: WatchedRun): string | undefined {
  const standing = standingOf(watched);
  if (!standing) return undefined;
  const { metric, protocol, value, best, since } = standing;
  const validation = `Validation ${metric}${protocol ? ` (protocol ${protocol})` : ""} is ${
    value.toFixed(4)
  }`;
  return since === 0
    ? `${validation}, the best so far.`
    : `${validation}; the best is ${best.value.toFixed(4)} of epoch ${epochName(best)}, ${
      epochsOf(since)
    } ago.`;
}

/** Silence is not reported before this many epochs and this many seconds have passed. */
const PATIENT_EPOCHS = 5, PATIENT_SECONDS = 60;

/**
 * The warning that a run which should have written something has not; undefined if it has, or if that cannot be told: during evaluation it
 * writes nothing.
 */
export function silence(watched: Watched): string | undefined {
  const { path, run, written, now } = watched, pace = paceOf(watched);
  if (run?.status !== "running" || run.phase === "evaluate" || !written || pace === undefined) {
    return undefined;
  }
  const seconds = (now.getTime() - written.getTime()) / 1000;
  if (seconds < Math.max(PATIENT_SECONDS, PATIENT_EPOCHS * pace)) return undefined;
  return `Nothing was written for ${formatSeconds(seconds)}, where an epoch took ${
    formatSeconds(pace)
  }: perhaps the run was killed, or its machine sleeps. To continue what was cut off: ${
    resumedRun(run, path)
  }`;
}
