/**
 * What the cells of an experiment came to: means over seeds, tests, costs.
 *
 * @module
 */
import { existsSync } from "node:fs";
import padjust from "@stdlib/stats-padjust";
import { InputError } from "../../pipeline/contract/errors.ts";
import type { Manifest } from "../../pipeline/contract/manifest.ts";
import { parseMetric } from "../evaluate/metrics.ts";
import { type Ranked, readPerUser } from "../evaluate/ranked.ts";
import { pairedTest } from "../evaluate/significance.ts";
import type {
  CellCost,
  ExperimentResults,
  Provenance,
  RowResult,
  SearchCourse,
  Significance,
} from "../records/experiment.ts";
import type { RunFacts } from "../records/schemas.ts";
import type { Metrics, RunMetrics } from "../records/records.ts";
import { RunFolder } from "../runs/folder.ts";
import type { StudyFolder } from "./study_folder.ts";
import { cellOf, type Plan, type Variant } from "./plan.ts";
import { publishedOn } from "./published.ts";

/** The metric by which rows are ordered and tested. */
const MAIN = "NDCG@10";

/** A row with what its cells left. */
interface ReadRow extends RowResult {
  search?: SearchCourse;
  runs: RunFacts[];
  ranks: Ranked[];
  /** Of the first cell, where it was evaluated. */
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
  const protocols = [...new Set(read.flatMap(({ evaluated }) => Object.keys(evaluated?.model.test ?? {})))];
  const rows = read.map(({ ranks: _ranks, runs: _runs, search: _search, evaluated: _evaluated, ...row }) =>
    row
  );
  const evaluated = read.find((row) => row.evaluated)?.evaluated;
  return {
    name: plan.name,
    question: plan.question,
    dataset: { name, hash, users: counts.users, items: counts.items, interactions: counts.interactions },
    negatives: negatives.count,
    seeds: [...plan.seeds],
    protocols,
    metric: MAIN,
    axis: plan.axis,
    rows,
    baselines: Object.entries(evaluated?.baselines ?? {}).map(([label, { test }]) => ({
      label,
      metrics: test,
    })),
    published: publishedOn(name),
    significance: protocols.flatMap((protocol) => significanceOf(read, protocol)),
    searches: read.flatMap(({ search }) => search ?? []),
    provenance: provenanceOf(read.flatMap(({ runs }) => runs)),
    gallery: [],
  };
}

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
    const run = openFinished(folder.runPath(cell), plan.until);
    if (failure !== undefined) row.failures.push({ seed, message: failure });
    else if (!run) row.missing++;
    else {
      const evaluated = run.readMetrics(), facts = run.readRun()!;
      row.runs.push(facts);
      row.search ??= courseOf(run, label);
      row.cells.push({
        seed,
        run: `cells/${cell.id}`,
        metrics: evaluated?.model.test ?? {},
        ...costOf(run, facts),
      });
      row.evaluated ??= evaluated;
      if (evaluated && existsSync(run.perUserPath)) row.ranks.push(ranksOf(run, evaluated, label));
    }
  }
  return row;
}

function openFinished(path: string, until: Plan["until"]): RunFolder | undefined {
  try {
    const run = RunFolder.open(path);
    const isDone = run.readRun()?.status === "done" &&
      (until === "retrain" || run.readMetrics() !== undefined);
    return isDone ? run : undefined;
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

function ranksOf(run: RunFolder, { dataset }: RunMetrics, method: string): Ranked {
  run.checkPerUser();
  return readPerUser(run.perUserPath, { method, dataset, keepSeen: false });
}

function courseOf(run: RunFolder, label: string): SearchCourse | undefined {
  const architecture = run.readArchitecture(), history = run.readSearchHistory();
  if (!architecture || history.length === 0) return undefined;
  return {
    label,
    candidates: architecture.candidates,
    selected: architecture.shortTermLength,
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
  const history = run.readTrainHistory(), last = history.at(-1);
  return {
    parameters: facts.parameters,
    shortTermLength: run.readArchitecture()?.shortTermLength,
    epochs: history.length,
    bestEpoch: history.findLast(({ best }) => best)?.epoch,
    searchSeconds: facts.times.search,
    trainSeconds: facts.times.retrain,
    secondsPerEpoch: last && last.seconds / history.length,
    examplesPerSecond: last && median(history.map(({ examplesPerSecond }) => examplesPerSecond)),
    peakMemoryBytes: facts.peakMemoryBytes,
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b), middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * The first row against each other one, by Holm's method for all others together (Scandinavian Journal of Statistics 6, 1979). Over users:
 * paired, each user's value being the mean over the seeds that both rows have. Over seeds: paired by seed.
 */
function significanceOf([first, ...others]: ReadRow[], protocol: string): Significance[] {
  const has = (row: ReadRow) => row.cells.some(({ metrics }) => protocol in metrics);
  if (!first || !has(first)) return [];
  const tested = others.filter(has), seedsOf = (row: ReadRow) => row.cells.map(({ seed }) => seed);
  const found = tested.map((row) => {
    const common = seedsOf(first).filter((seed) => seedsOf(row).includes(seed));
    return {
      label: row.label,
      seeds: seedTest(first, row, common, protocol),
      users: userTest(first, row, common, protocol),
    };
  });
  const adjusted = (p: (number | undefined)[]) => {
    const known = p.filter((value) => value !== undefined);
    const holm = known.length > 0 ? [...padjust(known, "holm")] : [];
    return p.map((value) => value === undefined ? undefined : holm.shift());
  };
  const seeds = adjusted(found.map(({ seeds }) => seeds)), users = adjusted(found.map(({ users }) => users));
  return found.map(({ label }, i) => ({
    protocol,
    metric: MAIN,
    label,
    pSeeds: seeds[i],
    pUsers: users[i],
  }));
}

function seedTest(a: ReadRow, b: ReadRow, seeds: readonly number[], protocol: string): number | undefined {
  if (seeds.length < 2) return undefined;
  const values = (row: ReadRow) =>
    Float64Array.from(
      seeds,
      (seed) => figureOf(row.cells.find((cell) => cell.seed === seed)!.metrics, protocol),
    );
  return pairedTest(values(a), values(b)).p;
}

const figureOf = (metrics: Metrics[string], protocol: string) => metrics[protocol][MAIN];

function userTest(a: ReadRow, b: ReadRow, seeds: readonly number[], protocol: string): number | undefined {
  const { name } = parseMetric(MAIN);
  const means = (row: ReadRow): Float64Array | undefined => {
    const ranks = row.cells.flatMap(({ seed }, i) =>
      seeds.includes(seed) && row.ranks[i] ? [row.ranks[i]] : []
    );
    if (ranks.length === 0 || ranks.some(({ protocols }) => !protocols.includes(protocol))) return undefined;
    const values = ranks.map((one) => one.userValues(protocol, name));
    return values[0].map((_, user) => values.reduce((sum, own) => sum + own[user], 0) / values.length);
  };
  const [own, other] = [means(a), means(b)];
  return own && other && own.length > 1 ? pairedTest(own, other).p : undefined;
}
