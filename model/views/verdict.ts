/**
 * The outcome of a run, in a few sentences that need no table.
 *
 * @module
 */
import { formatCell } from "../../pipeline/display/table.ts";
import { tenthPercent } from "../../pipeline/display/text/percent.ts";
import { type Group, HAD_BEFORE, IN_TRAINING, IS_NEW, NEVER } from "../records/insights.ts";
import type { ReportFacts } from "../records/report_facts.ts";
import type { RunMetrics } from "../records/records.ts";
import { parseMetric } from "../records/evaluation.ts";
import { choice } from "./architecture.ts";
import { popularityAt, tauOf } from "./correction.ts";
import { tau } from "./evaluation.ts";
import { LEVEL, mainMetrics, methodsOf, ownOf } from "./results.ts";

const PROTOCOL = "full";

/**
 * How good the model is compared with the other methods, and which length was selected. Empty if nothing was evaluated on test by `full`.
 */
export function verdict(facts: ReportFacts): string[] {
  const { metrics, manifest, architecture } = facts;
  const found = metrics && quality(metrics, manifest);
  if (!found) return [];
  return [
    [found, ...ofCorrection(metrics), ...ofRepeats(facts), ...ofNewItems(facts)].join(" "),
    ...(architecture && architecture.method !== "given" ? [choice(architecture)] : []),
  ];
}

/** How good the lists of `recommend`, which uses uncorrected scores, would be, if the ranking corrected scores for popularity. */
function ofCorrection(metrics: RunMetrics): string[] {
  const own = ownOf(metrics), by = tauOf(metrics), hits = hitsOf(own.metrics.test?.[PROTOCOL]);
  const share = hits === undefined ? undefined : own.unadjusted.test?.[PROTOCOL]?.[hits];
  if (by === 0 || share === undefined) return [];
  const popularity = popularityAt(by);
  const unless = popularity === undefined ? "" : `, unless popularity is set to ${popularity}`;
  return [
    `${hits} is of scores corrected by popularity (τ = ${tau(by)}); ` +
    `recommend uses them uncorrected${unless}, and with those it is ${tenthPercent(share)}.`,
  ];
}

/** The metric that counts hits. */
const hitsOf = (metrics: Record<string, number> = {}): string | undefined =>
  mainMetrics(metrics).find((name) => parseMetric(name).measure === "HR");

/** A difference in the share of hits between lists and ranking that is too small to mention. */
const LITTLE = 0.005;

/** The weight of each group in the mean over users, and the hits in it. */
function partsOf(groups: readonly Group[]): { label: string; share: number; hits: number }[] {
  const all = groups.reduce((sum, { size }) => sum + size, 0);
  return groups.map(({ label, size, mean, share = size / all }) => ({ label, share, hits: share * mean }));
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
