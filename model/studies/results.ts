/**
 * The results of an experiment's cells: means over seeds, tests, costs.
 *
 * @module
 */
import { existsSync } from "node:fs";
import type { Manifest } from "../../pipeline/contract/dataset/manifest.ts";
import type {
  CellCost,
  ExperimentResults,
  Provenance,
  SearchCourse,
  TestFigures,
} from "../records/experiment.ts";
import { candidateNames } from "../records/candidates.ts";
import { reason } from "../views/search.ts";
import { cutWork } from "../views/epochs.ts";
import { epochsDone } from "../records/epochs.ts";
import type { RunFacts, TrainRecord } from "../records/records.ts";
import { type MetricName, protocolsIn } from "../records/evaluation.ts";
import type { MethodFigures, Metrics, RunMetrics } from "../records/records.ts";
import { measuresIn } from "../views/experiment.ts";
import { mainMetrics, mainOf, methodsOf, ownOf } from "../views/results.ts";
import { readRanks } from "../report/runs.ts";
import type { RunFolder } from "../runs/folder.ts";
import type { StudyFolder } from "./study_folder.ts";
import { cellOf, type Plan, type Variant } from "./plan.ts";
import { type RankedRow, significanceOf } from "./significance.ts";
import type { PublishedRow } from "../records/experiment.ts";

const SOURCE = "AutoMLP, WWW 2023, Table 2";

/** MRR@10, NDCG@10 and HR@10 by method. */
type Rows = Record<string, [mrr: number, ndcg: number, hr: number]>;

/** Rows by data set, named as in `--dataset`. */
const TABLE: Record<string, Rows> = {
  "ml-1m": {
    "AutoMLP": [.3912, .4593, .6767],
    "FPMC": [.2453, .3088, .5156],
    "GRU4Rec": [.3893, .4553, .6666],
    "BERT4Rec": [.3535, .4289, .6695],
    "NextItNet": [.2085, .2642, .4455],
    "GRU4Rec+": [.3736, .4412, .6578],
    "FDSA": [.3725, .4409, .6594],
  },
  "amazon-beauty": {
    "AutoMLP": [.1438, .1754, .2779],
    "FPMC": [.0991, .1251, .2098],
    "GRU4Rec": [.1162, .1435, .2324],
    "BERT4Rec": [.0907, .1198, .2154],
    "NextItNet": [.1087, .1393, .2385],
    "GRU4Rec+": [.1325, .1638, .2657],
    "FDSA": [.1305, .1595, .2536],
  },
};

/** Returns the published figures for a data set; none for most. */
export const publishedOn = (dataset: string): PublishedRow[] =>
  Object.entries(TABLE[dataset] ?? {}).map(([label, [mrr, ndcg, hr]]) => ({
    label,
    source: SOURCE,
    protocol: "recbole",
    metrics: { "HR@10": hr, "NDCG@10": ndcg, "MRR@10": mrr },
  }));

/** A row with what its cells left on disk. */
interface ReadRow extends RankedRow {
  search?: SearchCourse;
  runs: RunFacts[];
  /** Metrics of the first cell that was evaluated. */
  evaluated?: RunMetrics;
}

/**
 * Reads the runs of a plan's cells. Cells that are not finished are counted and left out.
 *
 * @param failures What went wrong, by cell.
 */
export function resultsOf(
  plan: Plan,
  { name, hash, negatives, counts }: Manifest,
  folder: StudyFolder,
  failures: ReadonlyMap<string, string>,
): ExperimentResults {
  const read = plan.variants.map((variant) => readRow(plan, variant, folder, failures));
  const protocols = [
    ...new Set(read.flatMap(({ evaluated }) => protocolsIn(evaluated ? ownOf(evaluated).metrics.test : {}))),
  ];
  const rows = read.map(({ ranks: _ranks, runs: _runs, search: _search, evaluated: _evaluated, ...row }) =>
    row
  );
  const evaluated = read.find((row) => row.evaluated)?.evaluated;
  const metric = metricOf(evaluated ? ownOf(evaluated).metrics.test : {});
  return {
    name: plan.name,
    question: plan.question,
    dataset: { name, hash, users: counts.users, items: counts.items, interactions: counts.interactions },
    negatives: negatives.count,
    seeds: [...plan.seeds],
    protocols,
    metric,
    axis: plan.axis,
    rows,
    baselines: (evaluated ? methodsOf(evaluated).slice(1) : []).map(({ name, ...figures }) => ({
      label: name,
      ...testFiguresOf(figures),
    })),
    published: publishedOn(name),
    significance: protocols.flatMap((protocol) =>
      measuresIn({ rows }, protocol).flatMap((name) => significanceOf(read, protocol, name as MetricName))
    ),
    searches: read.flatMap(({ search }) => search ?? []),
    provenance: provenanceOf(read.flatMap(({ runs }) => runs)),
    gallery: [],
  };
}

/** NDCG at the cutoff that is reported first; other metrics are shown beside it. */
const metricOf = (metrics: Metrics[string]): MetricName =>
  (mainOf(Object.values(metrics).flatMap(mainMetrics)) ?? "NDCG@10") as MetricName;

function readRow(
  plan: Plan,
  variant: Variant,
  folder: StudyFolder,
  failures: ReadonlyMap<string, string>,
): ReadRow {
  const { label, method, tuned, series, x } = variant;
  const row: ReadRow = {
    label,
    method,
    tuned,
    series,
    x,
    cells: [],
    failures: [],
    missing: 0,
    runs: [],
    ranks: [],
  };
  for (const seed of plan.seeds) {
    const cell = cellOf(variant, seed, plan.until), failure = failures.get(cell.id);
    const run = folder.finishedRun(cell);
    if (failure !== undefined) row.failures.push({ seed, message: failure });
    else if (!run) row.missing++;
    else {
      const evaluated = run.read("metrics"), facts = run.readRun()!;
      row.runs.push(facts);
      row.search ??= courseOf(run, label);
      row.cells.push({
        seed,
        run: `cells/${cell.id}`,
        ...(cutWork(facts).length > 0 && { cutShort: true }),
        ...testFiguresOf(evaluated && ownOf(evaluated)),
        ...costOf(run, facts),
      });
      row.evaluated ??= evaluated;
      const hasRanks = evaluated && existsSync(run.perUserPath);
      row.ranks.push(hasRanks ? readRanks(run) : undefined);
    }
  }
  return row;
}

/** A method's test metrics, from the evaluation of a run. */
const testFiguresOf = (figures: MethodFigures | undefined): TestFigures => ({
  metrics: figures?.metrics.test ?? {},
  logitAdjustment: figures?.logitAdjustment ?? {},
  unadjusted: figures?.unadjusted.test ?? {},
});

function courseOf(run: RunFolder, label: string): SearchCourse | undefined {
  const architecture = run.read("architecture"), history = run.read("searchHistory");
  if (!architecture || history.length === 0) return undefined;
  return {
    label,
    lengths: candidateNames(architecture),
    selected: String(architecture.shortTermLength),
    reason: reason(architecture),
    points: history.map(({ step, probabilities }) => ({ step, probabilities })),
  };
}

function provenanceOf(runs: readonly RunFacts[]): Provenance | undefined {
  if (runs.length === 0) return undefined;
  const distinct = (of: (facts: RunFacts) => string) => [...new Set(runs.map(of))];
  return {
    commands: distinct(({ command }) => command),
    engines: distinct(({ backend: { name, device, version } }) => `${name} engine on ${device}, ${version}`),
    versions: runs[0].versions,
    seconds: runs.reduce((sum, { times }) => sum + Object.values(times).reduce((a, b) => a + b, 0), 0),
  };
}

function costOf(run: RunFolder, facts: RunFacts): CellCost {
  const history = run.read("trainHistory"), last = history.at(-1), architecture = run.read("architecture");
  return {
    parameters: facts.parameters,
    shortTermLength: architecture?.shortTermLength,
    epochs: last ? epochsDone(last) : 0,
    bestEpoch: history.findLast(({ best }) => best)?.epoch,
    // Recording a given length takes a moment, too, but is no search.
    searchSeconds: architecture?.method === "given" ? undefined : facts.times.search,
    trainSeconds: facts.times.retrain,
    secondsPerEpoch: last && last.seconds / epochsDone(last),
    examplesPerSecond: speedOf(history),
    peakMemoryBytes: facts.peakMemoryBytes,
  };
}

/** Median speed of the epochs that trained: after a stop, an epoch may only have been validated. */
export function speedOf(history: readonly TrainRecord[]): number | undefined {
  const speeds = history.map(({ examplesPerSecond }) => examplesPerSecond).filter(Number.isFinite);
  return speeds.length > 0 ? median(speeds) : undefined;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b), middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
