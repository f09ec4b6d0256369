/**
 * The results of a run: tables, and the outcome in a few sentences.
 *
 * @module
 */
import { formatCell, type Table } from "../../pipeline/display/table.ts";
import type { MethodFigures, RunMetrics } from "../records/records.ts";
import { MEASURES, parseMetric, protocolsIn, type RankingProtocol } from "../records/evaluation.ts";
import { estimateText, tau, tauColumn, tauNote } from "./evaluation.ts";
import { tenthPercent } from "../../pipeline/display/text/percent.ts";
import { type Group, HAD_BEFORE, IN_TRAINING, IS_NEW, NEVER } from "../records/insights.ts";
import type { ReportFacts } from "../records/report_facts.ts";
import { choice } from "./search.ts";
import { showing } from "./parts.ts";
import { type Figure, type MarkedTable, ranked } from "./marked_table.ts";

/** The figures of the run's own method. */
export const ownOf = ({ method, methods }: RunMetrics): MethodFigures => methods[method];

/** The part of the split whose results are reported: test, if there is one. */
export const mainSplit = (metrics: RunMetrics): "validation" | "test" | undefined =>
  (["test", "validation"] as const).find((split) => split in ownOf(metrics).metrics);

/** The main protocol: `full`, if it was used. */
export const mainProtocol = (ofSplit: Record<string, unknown>): RankingProtocol =>
  "full" in ofSplit ? "full" : protocolsIn(ofSplit)[0];

/** The cut-offs of metrics, each once. */
export const cutoffsIn = (metrics: Record<string, number>): number[] => [
  ...new Set(Object.keys(metrics).map((name) => parseMetric(name).k)),
];

/** The best-known metrics at the cutoff that is reported first: 10, if it was computed. */
export function mainMetrics(metrics: Record<string, number>): string[] {
  const cutoffs = cutoffsIn(metrics);
  const k = cutoffs.includes(10) ? 10 : Math.max(...cutoffs);
  return MEASURES.map((measure) => `${measure}@${k}`).filter((name) => name in metrics);
}

/** What each protocol ranks the target against, in words. */
export function protocolNote(protocol: string, negatives: number, keepsSeen = false): string {
  const notes: Record<string, string> = {
    recbole:
      `each target ranked against ${
        formatCell(negatives)
      } negatives drawn by popularity, with replacement, ` +
      "as RecBole 1.x draws them",
    strict: `each target ranked against ${formatCell(negatives)} distinct negatives drawn by popularity, ` +
      "none of them among the user's own items",
    uniform: `each target ranked against ${formatCell(negatives)} distinct negatives drawn uniformly, ` +
      "none of them among the user's own items",
    full: keepsSeen
      ? "each target ranked against all items"
      : "each target ranked against all items but those that the user had before, except the target itself",
  };
  return notes[protocol] ?? protocol;
}

/** One protocol's figures on one part of the split. */
export interface Results {
  split: string;
  protocol: string;
  /** The metrics to show first, {@link mainMetrics}. */
  names: string[];
  /** Whether any method's scores were adjusted for popularity. */
  adjusted: boolean;
  /** A row for each method and a column for each of `names`, with standard errors where they are known. */
  table: Table;
  /** The same with all metrics that were computed. */
  all: Table;
}

/** The tables that are shown first, by protocol; none if nothing was evaluated. */
export function mainTables(metrics: RunMetrics): Table[] {
  const split = mainSplit(metrics);
  return split === undefined ? [] : resultsOf(metrics, split).map(({ table }) => table);
}

/** All results of a run, in a form that shows itself. */
export const metricsWithDisplay = (metrics: RunMetrics): RunMetrics =>
  showing(metrics, () => mainTables(metrics));

/** The notes below the tables. */
export const notesOf = (metrics: RunMetrics, results: readonly Results[]): string[] => [
  ...(results.some(hasErrors) ? ["± is the standard error of a mean over users."] : []),
  ...(metrics.tests ? [STAR_NOTE] : []),
  ...(results.some(({ adjusted }) => adjusted)
    ? [`${tauNote("validation" in ownOf(metrics).metrics ? "validation" : "run")}.`]
    : []),
];

/** Whether any figure has a standard error: with a single user, none has. */
const hasErrors = ({ table: { rows } }: Results): boolean =>
  rows.some((row) => row.some((cell) => String(cell).includes(" ± ")));

/** The figures of a part of the split by protocol, the model's protocols first. */
export function resultsOf(metrics: RunMetrics, split: string): Results[] {
  const methods = methodsOf(metrics).map(({ name, ...figures }) => ({
    name,
    means: figures.metrics[split] ?? {},
    errors: figures.standardErrors[split] ?? {},
    taus: figures.logitAdjustment,
    plain: figures.unadjusted[split] ?? {},
  }));
  const protocols = new Set(methods.flatMap(({ means }) => Object.keys(means)));
  return [...protocols].map((protocol) => {
    const present = methods.filter(({ means }) => protocol in means);
    const names = mainMetrics(present[0].means[protocol]);
    const adjusted = present.some(({ taus }) => taus[protocol]), main = mainOf(names);
    const chosen = tauColumn(present.map(({ taus }) => taus[protocol] ?? 0));
    const tableOf = (names: string[]): Table => ({
      caption: `${split}, protocol ${protocol}`,
      spare: [`${main} at τ = 0`],
      columns: ["method", ...names, ...(adjusted ? ["τ", `${main} at τ = 0`] : [])],
      rows: present.map(({ name, means, errors, plain }, i) => [
        name,
        ...names.map((metric) =>
          estimateText(means[protocol][metric], errors[protocol]?.[metric]) +
          star(metrics, split, protocol, metric, name)
        ),
        ...(adjusted ? [chosen[i], estimateText((plain[protocol] ?? means[protocol])[main], undefined)] : []),
      ]),
    });
    return {
      split,
      protocol,
      names,
      adjusted,
      table: tableOf(names),
      all: tableOf(Object.keys(present[0].means[protocol])),
    };
  });
}

/** The main one of several metrics: NDCG, or else the first. */
export const mainOf = (names: readonly string[]): string =>
  names.find((name) => parseMetric(name).measure === "NDCG") ?? names[0];

/** Significance level of the tests. */
export const LEVEL = 0.05;

/** The explanation of the star in a table. */
const STAR_NOTE =
  "* differs from the first by more than chance: paired two-sided t-test over users, p < 0.05 by Holm's method for the methods of a column together; it is about the models as trained, not about other seeds.";

/** ` *` if a method differs from the first by more than chance. */
export function star(
  { tests }: RunMetrics,
  split: string,
  protocol: string,
  metric: string,
  name: string,
): string {
  const p = split === "test" ? tests?.[protocol]?.[metric]?.[name] : undefined;
  return p !== undefined && p < LEVEL ? " *" : "";
}

/** All methods of a run by name, its own first. */
export const methodsOf = (metrics: RunMetrics): (MethodFigures & { name: string })[] => [
  { name: metrics.method, ...ownOf(metrics) },
  ...Object.entries(metrics.methods).filter(([name]) => name !== metrics.method)
    .map(([name, figures]) => ({ name, ...figures })),
];

/** τ of the run's method where all items are ranked (protocol `full`). */
export const tauOf = (metrics: RunMetrics): number => ownOf(metrics).logitAdjustment.full ?? 0;

/** The popularity share with which `recommend` makes the lists that a τ gives; undefined if it cannot make such lists. */
export const popularityAt = (tau: number): number | undefined => tau >= 0 && tau <= 1 ? 1 - tau : undefined;

/** The note above lists that use corrected scores, as the figures do; undefined if scores were not corrected. */
export function correctionNote(metrics: RunMetrics | undefined): string | undefined {
  const by = metrics ? tauOf(metrics) : 0, share = popularityAt(by);
  if (by === 0) return undefined;
  const recommended = share === undefined
    ? "recommend uses scores without the correction, so its lists differ"
    : `recommend makes the same lists with popularity ${share}, and different ones by default`;
  return `These lists use scores corrected for popularity (τ = ${
    tau(by)
  }), as the figures are; ${recommended}.`;
}

const PROTOCOL = "full";

/**
 * How good the model is compared with the other methods, and which length was selected. Empty if nothing was evaluated on test by `full`.
 */
export function verdict(facts: ReportFacts): string[] {
  const { metrics, manifest, architecture } = facts;
  const found = metrics && quality(metrics, manifest);
  if (!found) return [];
  return [
    [found, ...ofRepeats(facts), ...ofNewItems(facts)].join(" "),
    ...(architecture && architecture.method !== "given" ? [choice(architecture)] : []),
  ];
}

/** The metric that counts hits. */
const hitsOf = (metrics: Record<string, number> = {}): string | undefined =>
  mainMetrics(metrics).find((name) => parseMetric(name).measure === "HR");

/** A difference in the share of hits between lists and ranking that is too small to mention. */
const LITTLE = 0.005;

/** The weight of each group in the mean over users, and the hits in it. */
function partsOf(groups: readonly Group[]): { label: string; share: number; hits: number }[] {
  return groups.map(({ label, mean, share }) => ({ label, share, hits: share * mean }));
}

/** From this share of new items on, a metric says more about the data than about the model. */
const MANY_NEW = 0.05;

/** If many targets are items that do not occur in the training part: the metric for these, and for the others. */
function ofNewItems({ insights, manifest }: ReportFacts): string[] {
  const groups = insights?.groupings.find(({ by }) => by === IN_TRAINING)?.groups ?? [];
  const parts = partsOf(groups), never = parts.find(({ label }) => label === NEVER);
  if (never === undefined || never.share < MANY_NEW) return [];
  const others = parts.filter((part) => part !== never);
  const sum = (of: "share" | "hits") => others.reduce((sum, part) => sum + part[of], 0);
  const whose = isOneEach(manifest)
    ? "of the test interactions"
    : "of their test interactions, on the same average,";
  return [
    `${tenthPercent(never.share)} ${whose} are with items that nobody took in the training part: ` +
    `of these ${insights!.metric} is ${tenthPercent(never.hits / never.share)}, of the others ${
      tenthPercent(sum("hits") / sum("share"))
    }.`,
  ];
}

/** The hits that lists would have had, if the ranking has targets that the lists leave out because their users had them before. */
function ofRepeats({ insights, run, manifest, metrics }: ReportFacts): string[] {
  const groups = insights?.groupings.find(({ by }) => by === HAD_BEFORE)?.groups;
  if (!groups || run.config.training.keepSeen === true) return [];
  const parts = partsOf(groups);
  const listed = parts.find(({ label }) => label === IS_NEW), repeated = 1 - (listed?.share ?? 0);
  if (parts.reduce((sum, { hits }) => sum + hits, 0) - (listed?.hits ?? 0) < LITTLE) return [];
  const whose = isOneEach(manifest)
    ? "of the test interactions are with items that the user"
    : "of their test interactions, on the same average, are with items that they";
  // The groups' hits are those of the ranking: with other scores, the lists would have had other hits.
  const held = metrics && tauOf(metrics) !== 0
    ? ""
    : `: its lists of ${insights!.lists.k} would have held ${tenthPercent(listed?.hits ?? 0)}`;
  return [`${tenthPercent(repeated)} ${whose} had before, which recommend leaves out${held}.`];
}

interface Ranked {
  name: string;
  /** Metrics by protocol `full`. */
  own: Record<string, number>;
}

/** The model and the other methods, with their test metrics. */
const rankedOf = (metrics: RunMetrics): Ranked[] =>
  methodsOf(metrics).map(({ name, metrics: { test } }) => ({ name, own: test?.[PROTOCOL] ?? {} }));

const bestOf = (others: readonly Ranked[], rank: string): Ranked | undefined =>
  others.filter(({ own }) => rank in own).reduce<Ranked | undefined>(
    (a, b) => a && a.own[rank] >= b.own[rank] ? a : b,
    undefined,
  );

/** The length of the lists that are evaluated. */
const lengthOf = (own: Record<string, number>): number | undefined => {
  const hits = hitsOf(own);
  return hits === undefined ? undefined : parseMetric(hits).k;
};

/**
 * The best of the other methods, if it is ahead of the model by more than chance. Undefined if something was planted in the data that no
 * baseline can see.
 */
export function betterOne({ metrics, manifest }: ReportFacts): string | undefined {
  if (!metrics || manifest.truth !== undefined) return undefined;
  const [model, ...others] = rankedOf(metrics), rank = `NDCG@${lengthOf(model.own)}`;
  const best = bestOf(others, rank), p = best && metrics.tests?.[PROTOCOL]?.[rank]?.[best.name];
  return best && p !== undefined && p < LEVEL && best.own[rank] > model.own[rank] ? best.name : undefined;
}

function quality(
  metrics: RunMetrics,
  { counts: { items, test }, split, truth }: ReportFacts["manifest"],
): string | undefined {
  const [model, ...others] = rankedOf(metrics), k = lengthOf(model.own);
  if (k === undefined) return undefined;
  const rank = `NDCG@${k}`, found = tenthPercent(model.own[`HR@${k}`]);
  // Metrics are means over users: if users have several interactions, a metric is not a share of all interactions.
  const whose = isOneEach({ split })
    ? `Of ${formatCell(test)} test interactions, ${found}`
    : `On average over users, ${found} of their test interactions`;
  const share = `${whose} are among the ${k} items that ${model.name} would have ranked first, ` +
    `out of ${formatCell(items)} (HR@${k}, protocol full)`;
  const best = bestOf(others, rank);
  // If something was planted in the data, no baseline can see it.
  if (!best || truth !== undefined) return `${share}.`;
  // If both have no hits, neither is ahead; if only one has none, the ratio is not defined.
  const change = model.own[rank] === best.own[rank] ? 0 : 100 * (model.own[rank] / best.own[rank] - 1);
  const p = metrics.tests?.[PROTOCOL]?.[rank]?.[best.name];
  const isSure = p !== undefined && p < LEVEL, size = Math.abs(change);
  // A significant difference is shown, however small.
  const rounded = size.toFixed(0) === "0" && isSure && size > 0 ? size.toPrecision(1) : size.toFixed(0);
  const isLevel = rounded === "0";
  const relation = !Number.isFinite(change)
    ? "above"
    : isLevel
    ? "level with"
    : `${rounded} % ${change < 0 ? "below" : "above"}`;
  const chance = p === undefined || isLevel ? "" : isSure ? ", by more than chance" : ", which may be chance";
  return `${share}. By ${rank}, which counts how near the top they are, it is ${relation} ${best.name}, the best of the other methods${chance}.`;
}

/** Whether each user has one test interaction. */
const isOneEach = ({ split }: Pick<ReportFacts["manifest"], "split">): boolean =>
  split.kind === "leave-one-out";

/**
 * The main metric by protocol, and hits for protocol `full`. The best of a column is marked, and a star marks what differs from the first
 * row.
 */
export function mainTable(metrics: RunMetrics, split: string): MarkedTable {
  const methods = methodsOf(metrics), protocols = Object.keys(methods[0].metrics[split] ?? {});
  const shown = protocols.flatMap((protocol) => {
    const names = mainMetrics(methods[0].metrics[split][protocol]), main = mainOf(names);
    return names.filter((name) => name === main || protocol === "full" && parseMetric(name).measure === "HR")
      .map((metric) => ({ protocol, metric }));
  });
  return ranked({
    caption: `${split}; each figure with its protocol`,
    columns: ["method", ...shown.map(({ protocol, metric }) => `${metric}, ${protocol}`)],
    rows: methods.map(({ name, metrics: means, standardErrors }) => [
      name,
      ...shown.map(({ protocol, metric }): Figure => ({
        mean: means[split]?.[protocol]?.[metric] ?? NaN,
        sd: standardErrors[split]?.[protocol]?.[metric],
        mark: star(metrics, split, protocol, metric, name).trim() || undefined,
      })),
    ]),
  });
}
