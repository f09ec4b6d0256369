/**
 * Compares evaluated runs on one dataset by their recorded results.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { InputError } from "../../pipeline/contract/errors.ts";
import { quoted } from "../../pipeline/terminal/quoted.ts";
import { estimate } from "../evaluate/metrics.ts";
import { parseMetric } from "../records/evaluation.ts";
import { type Ranked, readPerUser } from "../evaluate/ranked.ts";
import type { CompareOptions } from "../evaluate/significance.ts";
import { RunFolder } from "../runs/folder.ts";
import { type MetricName, protocolsIn, type RankingProtocol } from "../records/evaluation.ts";
import type { RunMetrics } from "../records/records.ts";
import { mainProtocol, mainSplit, ownOf } from "../views/results.ts";
import { comparedRun, RunComparison, shownBeside, type Tested, testedRanks, untested } from "./comparison.ts";

/** Options of {@link compareRuns}. */
export interface CompareRunsOptions extends CompareOptions {
  /** The metric that is tested, and whose cut-off is shown. Default: `NDCG@10`. */
  metric?: MetricName;
  /** The protocol that runs are compared by. Default: `full`, or the first that the runs were evaluated by. */
  protocol?: RankingProtocol;
}

/**
 * Compares evaluated runs on one dataset. If all have their ranks (`per_user.parquet`), the first is tested against each
 * other one, paired over users.
 *
 * @param runs Run folders or their paths.
 * @throws {InputError} if a run has no results, the runs are of different data, or a run lacks the protocol.
 * @example
 * ```ts
 * import { compareRuns, prepare, runJob } from "automlp";
 *
 * const out = await Deno.makeTempDir(), runs = [`${out}-wide`, `${out}-narrow`];
 * const { dataset } = await prepare({ dataset: "demo", out });
 * for (const [i, dim] of [16, 4].entries()) {
 *   await runJob(dataset, { method: "gru4rec", dim, length: 10, epochs: 1 }, { out: runs[i] });
 * }
 * console.log(compareRuns(runs, { metric: "NDCG@10", protocol: "recbole" }));
 * ```
 */
export function compareRuns(
  runs: readonly (RunFolder | string)[],
  options: CompareRunsOptions = {},
): RunComparison {
  const { metric = "NDCG@10", protocol, confidence } = options;
  const { name } = parseMetric(metric);
  const folders = runs.map((run) => typeof run === "string" ? RunFolder.open(run) : run);
  if (folders.length === 0) throw new InputError("Cannot compare runs: none is given; name their folders");
  const compared = folders.map((folder) =>
      comparedRun(folder, atCutoffOf(name, metricsOf(folder), folder), folder.keepsSeen)
    ),
    [first] = compared;
  const split = mainSplit(first.metrics)!, by = protocol ?? mainProtocol(ownOf(first.metrics).metrics[split]);
  for (const { run, metrics } of compared) {
    const { dataset } = metrics, own = ownOf(metrics).metrics;
    if (dataset.hash !== first.metrics.dataset.hash) {
      throw new InputError(
        `Cannot compare ${first.run} with ${run}: they are of different datasets (${
          first.metrics.dataset.hash.slice(0, 8)
        } and ${dataset.hash.slice(0, 8)}); train both on one, or evaluate both on one with --on DIR`,
      );
    }
    if (!(by in (own[split] ?? {}))) {
      throw new InputError(
        `Cannot compare by protocol "${by}": ${run} was evaluated on ${split} by ${
          Object.keys(own[split] ?? {}).join(", ") || "none"
        }`,
      );
    }
  }
  const { comparisons, note } = folders.length > 1
    ? tested(folders, name, { protocol: by, confidence })
    : { comparisons: undefined, note: undefined };
  return new RunComparison(compared, split, by, name, comparisons, note);
}

/** Tests the first run against each other one by their ranks, or says why that cannot be tested. */
function tested(folders: readonly RunFolder[], metric: MetricName, options: CompareOptions): Tested {
  const without = folders.find(({ perUserPath }) => !existsSync(perUserPath));
  return without
    ? untested(`there is no per_user.parquet in ${without.path}`)
    : testedRanks(folders.map(readRanks), metric, options);
}

/**
 * Reads the ranks that a run's model gave the test positives, for comparison with other runs or live evaluations.
 *
 * @throws {InputError} if the run was not evaluated.
 * @example
 * ```ts
 * import { compare, evaluate, markov, prepare, readRanks, runJob } from "automlp";
 *
 * const out = await Deno.makeTempDir();
 * const { dataset } = await prepare({ dataset: "demo", out });
 * const { run } = await runJob(dataset, { method: "gru4rec", dim: 8, epochs: 1 }, { out: `${out}-run` });
 * const baseline = await evaluate(await markov.fit(dataset, {}), dataset);
 * console.log(compare(readRanks(run), baseline, "NDCG@10"));
 * ```
 */
export function readRanks(run: RunFolder | string): Ranked {
  const folder = typeof run === "string" ? RunFolder.open(run) : run;
  const { dataset } = metricsOf(folder);
  if (existsSync(folder.perUserPath)) folder.checkPerUser();
  return readPerUser(folder.perUserPath, { method: folder.path, dataset, keepSeen: folder.keepsSeen });
}

/** Adds to a run's figures those at the cut-off of a metric that the evaluation did not report, computed from its ranks. */
function atCutoffOf(metric: MetricName, metrics: RunMetrics, folder: RunFolder): RunMetrics {
  const split = mainSplit(metrics)!, own = ownOf(metrics), reported = own.metrics[split];
  const names = new Set([...shownBeside(metric), metric]);
  const lacking = protocolsIn(reported).flatMap((protocol) =>
    [...names].filter((name) => !(name in reported[protocol])).map((name) => ({ protocol, name }))
  );
  if (lacking.length === 0 || !existsSync(folder.perUserPath)) return metrics;
  const ranks = readRanks(folder);
  const means = structuredClone(own.metrics), standardErrors = structuredClone(own.standardErrors);
  for (const { protocol, name } of lacking) {
    if (ranks.split !== split || !ranks.protocols.includes(protocol)) continue;
    const { mean, standardError } = estimate(ranks.userValues(protocol, name));
    means[split][protocol][name] = mean;
    const errors = standardErrors[split]?.[protocol];
    if (errors && standardError !== undefined) errors[name] = standardError;
  }
  return {
    ...metrics,
    methods: { ...metrics.methods, [metrics.method]: { ...own, metrics: means, standardErrors } },
  };
}

function metricsOf(folder: RunFolder): RunMetrics {
  const metrics = folder.read("metrics");
  if (metrics && mainSplit(metrics)) return metrics;
  const refit = folder.readRun()?.config.refit;
  if (folder.readModelConfig()?.trainedOn === "all") {
    throw new InputError(
      `Cannot compare the run ${folder.path}: it has learnt from all of its data, the test part included, and is not tested; ` +
        `compare ${refit?.figuresIn ?? "the run that it was made from"}`,
    );
  }
  throw new InputError(
    `Cannot compare the run ${folder.path}: it has no results yet; deno task evaluate ${
      quoted(folder.path)
    } makes them`,
  );
}
