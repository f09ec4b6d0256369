/**
 * A display of runs side by side: what each is, its figures, and the first run compared with each other one.
 *
 * @module
 */
import { Shown } from "../../pipeline/display/shown.ts";
import type { Table } from "../../pipeline/display/table.ts";
import type { Comparisons } from "../evaluate/comparisons.ts";
import { metricsAt, parseMetric } from "../records/evaluation.ts";
import type { Ranked } from "../evaluate/ranked.ts";
import { compareAll, type CompareOptions } from "../evaluate/significance.ts";
import { type MetricName, protocolsIn, type RankingProtocol } from "../records/evaluation.ts";
import type { RunMetrics, TrainOn } from "../records/records.ts";
import type { RunFolder } from "../runs/folder.ts";
import { cutWork } from "../views/epochs.ts";
import { comparisonsTable, estimateText } from "../views/evaluation.ts";
import { type Part, partsHtml, partsText } from "../views/parts.ts";
import { ownOf } from "../views/results.ts";

/** One of the runs that {@link compareRuns} compares. */
export interface ComparedRun {
  /** Its folder. */
  run: string;
  /** The selected short-term length, for AutoMLP. */
  shortTermLength?: number;
  /** Number of trained parameters. */
  parameters?: number;
  /** Seed of its training. */
  seed: number;
  /** The epoch that was best on validation; omitted for a refit, which has none. */
  bestEpoch?: number;
  /** Whether protocol `full` ranked items that users have had, too. */
  keepSeen: boolean;
  /** For a refit, which parts of the data it has learnt from. */
  trainOn?: TrainOn;
  /** Number of networks whose scores are averaged; omitted: one. */
  networks?: number;
  /** Phases that have not finished, so that the metrics are provisional; omitted if there are none. */
  cutShort?: ("search" | "training")[];
  /**
   * Metrics of its model and the baselines. If the evaluation did not report the cut-off that is compared, the model's figures there are
   * computed from its ranks.
   */
  metrics: RunMetrics;
}

/**
 * Runs side by side. The comparison displays itself in a notebook and as text.
 *
 * @example
 * ```ts
 * import { compareRuns, prepare, runJob } from "automlp";
 *
 * const out = await Deno.makeTempDir(), sizes = { dim: 8, length: 10 };
 * const { dataset } = await prepare({ dataset: "demo", out: `${out}/data` });
 * const methods = ["fpmc", "gru4rec"] as const;
 * for (const method of methods) await runJob(dataset, { method, ...sizes, epochs: 1 }, { out: `${out}/${method}` });
 * const compared = compareRuns(methods.map((method) => `${out}/${method}`));
 * console.log(compared, compared.protocols);
 * ```
 */
export class RunComparison extends Shown {
  /**
   * Made by `compareRuns`.
   *
   * @internal
   */
  constructor(
    readonly runs: readonly ComparedRun[],
    readonly split: "validation" | "test",
    readonly protocol: RankingProtocol,
    readonly metric: MetricName,
    /** The first run compared with each other one; undefined if that cannot be tested. */
    readonly comparisons: Comparisons | undefined,
    /** Why it cannot be tested. */
    readonly note: string | undefined,
  ) {
    super();
  }

  /** The protocols that all runs were evaluated by, in the same way. */
  get protocols(): RankingProtocol[] {
    const [first, ...others] = this.runs.map(({ metrics }) =>
      protocolsIn(ownOf(metrics).metrics[this.split] ?? {})
    );
    const isAlike = this.runs.every(({ keepSeen }) => keepSeen === this.runs[0].keepSeen);
    return first.filter((protocol) =>
      others.every((known) => known.includes(protocol)) && (protocol !== "full" || isAlike)
    );
  }

  /** Remarks on runs whose metrics are provisional, and on models that have learnt more than others or consist of several networks. */
  get remarks(): string[] {
    return this.runs.flatMap(({ run, cutShort, trainOn, networks }) => [
      ...(cutShort ? [`${run}: ${cutShort.join(" and ")} cut short, its figures are provisional`] : []),
      ...(trainOn === undefined
        ? []
        : [`${run}: a refit, which has learnt the validation interactions, too`]),
      ...(networks === undefined ? [] : [`${run}: ${networks} networks, whose scores are averaged`]),
    ]);
  }

  /**
   * A table with a row for each run, by one of {@link RunComparison.protocols}.
   *
   * @internal
   */
  table(protocol: string): Table {
    const { split, runs: [{ metrics: { dataset } }] } = this, names = shownBeside(this.metric);
    const known = (value?: number) => value ?? "–";
    return {
      caption: `${split} of ${dataset.name} (${
        dataset.hash.slice(0, 8)
      }), protocol ${protocol}; ± standard error`,
      spare: ["seed", "parameters", "best epoch"],
      columns: ["run", "k", "parameters", "seed", "best epoch", ...names],
      rows: this.runs.map(({ run, shortTermLength, parameters, seed, bestEpoch, metrics }) => [
        run,
        known(shortTermLength),
        known(parameters),
        String(seed),
        known(bestEpoch),
        ...names.map((name) =>
          estimateText(
            ownOf(metrics).metrics[split]?.[protocol]?.[name],
            ownOf(metrics).standardErrors[split]?.[protocol]?.[name],
          )
        ),
      ]),
    };
  }

  #parts(): Part[] {
    const { comparisons, note } = this;
    return [
      this.table(this.protocol),
      comparisons ? comparisonsTable(comparisons.comparisons) : note,
      ...this.remarks,
    ];
  }

  /** Returns the comparison as text, for a terminal. */
  toString(): string {
    return partsText(this.#parts());
  }

  /** Returns the comparison as an HTML fragment, for a notebook. */
  toHtml(): string {
    return partsHtml(this.#parts());
  }
}

/** The metrics shown for each run, at the cut-off of a metric. */
export const shownBeside = (metric: string): MetricName[] =>
  metricsAt([parseMetric(metric).k]).map(({ name }) => name);

/**
 * Collects what is shown of a run, its figures included.
 *
 * @internal
 */
export function comparedRun(folder: RunFolder, metrics: RunMetrics, keepSeen: boolean): ComparedRun {
  const facts = folder.readRun(), cutShort = facts ? cutWork(facts) : [], model = folder.readModelConfig();
  const trainOn = model?.trainedOn, networks = model?.config.ensemble;
  return {
    run: folder.path,
    shortTermLength: folder.read("architecture")?.shortTermLength,
    parameters: facts?.parameters,
    seed: metrics.seed,
    bestEpoch: trainOn === undefined
      ? folder.read("trainHistory").findLast(({ best }) => best)?.epoch
      : undefined,
    keepSeen,
    ...(trainOn && { trainOn }),
    ...(networks && { networks }),
    ...(cutShort.length > 0 && { cutShort }),
    metrics,
  };
}

/** The results of testing the first run against each other one, or why there are none. */
export type Tested = Pick<RunComparison, "comparisons" | "note">;

/** Says why there is no test. */
export const untested = (why: string): Tested => ({
  comparisons: undefined,
  note: `No test of significance: ${why}.`,
});

/**
 * Tests the first ranks against each of the others, or says why they cannot be tested.
 *
 * @internal
 */
export const testedRanks = (
  [first, ...others]: readonly Ranked[],
  metric: MetricName,
  options: CompareOptions,
): Tested =>
  first.users < 2
    ? untested("it takes at least 2 users")
    : { comparisons: compareAll(first, others, metric, options), note: undefined };
