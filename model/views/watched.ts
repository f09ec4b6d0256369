/**
 * The state of a run under way: what it is doing, how far it is, how fast it goes.
 *
 * @module
 */
import type { MetricName } from "../records/evaluation.ts";
import { monitored, monitorOf, type ReportFacts } from "../records/report_facts.ts";
import { candidateNames, numberedCandidates } from "../records/candidates.ts";
import { type EpochPlace, epochsDone } from "../records/epochs.ts";
import type { DroppedCandidate, RunFacts, SearchRecord, TrainRecord } from "../records/records.ts";

/** The contents of a run folder at one moment. */
export interface WatchedRun
  extends Pick<ReportFacts, "search" | "trials" | "architecture" | "train" | "metrics"> {
  path: string;
  /** Undefined before the run has begun. */
  run?: RunFacts;
  /** When the newest file was written; undefined if there is none. */
  written?: Date;
  /** Whether its report exists. */
  hasReport: boolean;
  /** What could not be read, and why. */
  problems: string[];
}

/** The same, and the time of looking at it. */
export interface Watched extends WatchedRun {
  now: Date;
}

/** Whether the run is searching, or was when it ended. If the run does not record its phase, the existing files decide. */
export const isSearching = ({ run, search, trials, train }: WatchedRun): boolean =>
  run?.phase === undefined ? train.length === 0 && search.length + trials.length > 0 : run.phase === "search";

/** The last epoch of a training beside the best one. */
export interface Standing {
  metric: MetricName;
  protocol?: string;
  /** The metric in the last epoch. */
  value: number;
  best: EpochPlace & { value: number };
  /** Epochs since the best one; not a whole number if one of the two was cut. */
  since: number;
}

/** The standing of the training; undefined if nothing was validated. */
export function standingOf({ run, train }: WatchedRun): Standing | undefined {
  const monitor = run && monitorOf(run.config), metric = monitored({ train, monitor });
  const last = train.at(-1), best = train.findLast(({ best }) => best);
  if (metric === undefined || !last || !best) return undefined;
  const [value, highest] = [last, best].map(({ metrics }) => metrics[metric]);
  if (value === undefined || highest === undefined) return undefined;
  return {
    metric,
    protocol: monitor?.protocol,
    value,
    best: { epoch: best.epoch, share: best.share, value: highest },
    since: epochsDone(last) - epochsDone(best),
  };
}

/** Seconds that an epoch takes now; undefined before one has ended. */
export function paceOf(watched: WatchedRun): number | undefined {
  const records: readonly (SearchRecord | TrainRecord)[] = isSearching(watched)
    ? watched.search
    : watched.train;
  const last = records.at(-1);
  if (!last) return undefined;
  const before = records.findLast(({ epoch }) => epoch < last.epoch), done = epochsDone(last);
  return before ? (last.seconds - before.seconds) / (done - epochsDone(before)) : last.seconds / done;
}

/** The lengths that are searched, in the order of α; undefined if they are not recorded. */
export function lengthsOf({ run, search }: WatchedRun): number[] | undefined {
  const known = run?.config.candidates, count = search.at(-1)?.alpha.length;
  return Array.isArray(known) && (count === undefined || known.length === count) ? known : undefined;
}

/** Names of the candidates, in the order of α; numbers if they are not recorded. */
export function namesOf(watched: WatchedRun): string[] {
  const { architecture, search } = watched;
  if (architecture) return candidateNames(architecture);
  return lengthsOf(watched)?.map(String) ?? numberedCandidates(search.at(-1)?.alpha.length ?? 0);
}

/** Candidates that have no weight left: those that were dropped, when, and with what evidence. */
export function droppedOf(search: readonly SearchRecord[]): DroppedCandidate[] {
  const evidence = search.findLast((record) => record.evidence)?.evidence;
  return (search.at(-1)?.probabilities ?? []).flatMap((share, candidate) => {
    const first = search.find(({ probabilities }) => probabilities[candidate] === 0);
    return share === 0 && first && evidence
      ? [{ candidate, step: first.step, evidence: evidence[candidate] }]
      : [];
  });
}
