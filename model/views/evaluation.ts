/**
 * An evaluation, estimates and comparisons for display.
 *
 * @module
 */
import {
  type Comparison,
  type Estimate,
  type EvaluationFacts,
  MEASURES,
  type MetricName,
  protocolsIn,
} from "../records/evaluation.ts";
import { formatCell, type Table } from "../../pipeline/display/table.ts";
import { tenthPercent } from "../../pipeline/display/text/percent.ts";
import { partsHtml, partsText, showing } from "./parts.ts";

/** Number of standard errors on either side of a mean that make a 95 % interval, for many users (normal distribution). */
const REACH = 1.959964;

/** A mean with its standard error if that is known, `0.4321 ± 0.0045`; `–` if there is no mean. */
export function estimateText(mean: number | undefined, standardError: number | undefined): string {
  if (mean === undefined || Number.isNaN(mean)) return "–";
  return standardError === undefined ? mean.toFixed(4) : `${mean.toFixed(4)} ± ${standardError.toFixed(4)}`;
}

/** A share in percent, `43.2 ± 0.5 %`, which is not broken across lines. */
export function shareText({ mean, standardError }: Estimate): string {
  const percent = (share: number) => (100 * share).toFixed(1);
  const error = standardError === undefined ? "" : ` ± ${percent(standardError)}`;
  return `${percent(mean)}${error} %`.replaceAll(" ", "\u00a0");
}

/** A metric over many users with its 95 % interval, to be drawn; without an interval if the standard error is not known. */
export function withInterval(
  { mean, standardError }: Estimate,
): { value: number; low?: number; high?: number } {
  if (standardError === undefined) return { value: mean };
  return {
    value: mean,
    low: Math.max(0, mean - REACH * standardError),
    high: Math.min(1, mean + REACH * standardError),
  };
}

/**
 * A share of users with its 95 % interval, to be drawn; without an interval if the standard error is not known. By Wilson's method (Journal
 * of the American Statistical Association 22, 1927): its coverage is right for few users and for shares near 0 and 1, too, and it has a
 * width even if none or all are hits. If users have several values or weights, n is the number that would give the same standard error
 * (Korn and Graubard, Survey Methodology 24, 1998).
 *
 * @param users Number of users that the share is of.
 */
export function shareWithInterval(
  { mean, standardError }: Estimate,
  users: number,
): { value: number; low?: number; high?: number } {
  if (standardError === undefined) return { value: mean };
  const variance = mean * (1 - mean), n = standardError > 0 ? 1 + variance / standardError ** 2 : users;
  const squared = REACH ** 2, centre = (n * mean + squared / 2) / (n + squared);
  const reach = REACH * Math.sqrt(n * variance + squared / 4) / (n + squared);
  return { value: mean, low: Math.max(0, centre - reach), high: Math.min(1, centre + reach) };
}

/** Where τ comes from; a refit, which has no data left to choose it on, takes it from its run. */
const TAU_FROM: Readonly<Record<EvaluationFacts["tauFrom"] | "run", string>> = {
  given: "given",
  validation: "chosen on validation",
  run: "as was chosen for its run on validation",
};
/** The note on τ for a table, by where τ comes from. */
export const tauNote = (from: keyof typeof TAU_FROM): string =>
  `τ: ranked by score − τ log popularity, τ ${TAU_FROM[from]}`;

/** The definition of a popularity percentile. */
export const PERCENTILE =
  "the share of items that occur less often in training, those that occur as often counted half";
/** The note on the popularity figures of a table. */
const POPULARITY_NOTE =
  `average popularity: how often an item of a list occurs in training; popularity percentile: ${PERCENTILE}`;

/** τ as text: `−0.25`. */
export const tau = (value: number): string => `${value}`.replace("-", "−");

/** The values of τ in a column, with equally many decimals, at least one: `0.50`, `−0.75`. */
export function tauColumn(values: readonly number[]): string[] {
  const decimals = Math.max(1, ...values.map((value) => `${value}`.split(".")[1]?.length ?? 0));
  return values.map((value) => value.toFixed(decimals).replace("-", "−"));
}

/** An evaluation as aligned text for a terminal. */
export const evaluationText = (evaluation: EvaluationFacts): string => partsText(tablesOf(evaluation));

/** An evaluation as an HTML fragment for a notebook or a report. */
export const evaluationHtml = (evaluation: EvaluationFacts): string => partsHtml(tablesOf(evaluation));

function tablesOf(evaluation: EvaluationFacts): Table[] {
  const { method, split, dataset, seed, users, positives, exposure } = evaluation;
  const { logitAdjustment, tauFrom, unadjusted } = evaluation, protocols = protocolsIn(evaluation.metrics);
  const many = positives > users ? `, ${formatCell(positives)} positives` : "";
  const metrics: Table = {
    caption:
      `${method} on ${split} of ${dataset.name} (${dataset.hash.slice(0, 8)}, seed ${dataset.seed}), ` +
      `${formatCell(users)} users${many}${
        seed === undefined ? "" : `, trained with seed ${seed}`
      }; ± standard error${Object.keys(unadjusted).length > 0 ? `; ${tauNote(tauFrom)}` : ""}`,
    columns: [
      "metric",
      ...protocols.flatMap((protocol) =>
        protocol in unadjusted
          ? [`${protocol}, τ = ${tau(logitAdjustment[protocol])}`, `${protocol}, τ = 0`]
          : [protocol]
      ),
    ],
    spare: protocols.filter((protocol) => protocol in unadjusted).map((protocol) => `${protocol}, τ = 0`),
    rows: MEASURES.flatMap((measure) =>
      evaluation.ks.map((k) => [
        `${measure}@${k}`,
        ...protocols.flatMap((protocol) => {
          const name: MetricName = `${measure}@${k}`, plain = unadjusted[protocol]?.[name];
          const own = estimateText(
            evaluation.metrics[protocol][name],
            evaluation.standardErrors[protocol][name],
          );
          return plain === undefined ? [own] : [own, plain.toFixed(4)];
        }),
      ])
    ),
  };
  if (!exposure) return [metrics];
  const row = (label: string, coverage: string, popularity: number, percentile: number) => [
    label,
    coverage,
    popularity.toFixed(1),
    percentile.toFixed(3),
  ];
  return [metrics, {
    caption: `What is recommended${evaluation.keepSeen ? "" : ", seen items left out"}; ${POPULARITY_NOTE}`,
    columns: ["", "coverage", "average popularity", "popularity percentile"],
    rows: [
      ...exposure.lists.map((list) =>
        row(
          `best ${list.k}`,
          tenthPercent(list.coverage),
          list.averagePopularity,
          list.popularityPercentile,
        )
      ),
      row("targets", "", exposure.targets.averagePopularity, exposure.targets.popularityPercentile),
    ],
  }];
}

/** Comparisons as aligned text for a terminal. */
export const comparisonsText = (comparisons: readonly Comparison[]): string =>
  partsText([comparisonsTable(comparisons)]);

/** Comparisons as an HTML fragment for a notebook. */
export const comparisonsHtml = (comparisons: readonly Comparison[]): string =>
  partsHtml([comparisonsTable(comparisons)]);

/** One comparison, which shows itself. */
export const comparisonWithDisplay = (comparison: Comparison): Comparison =>
  showing(comparison, () => [comparisonsTable([comparison])]);

/** Comparisons as a table, with a row for each. */
export function comparisonsTable(comparisons: readonly Comparison[]): Table {
  const [first] = comparisons;
  return {
    caption:
      `${first.a}: ${first.metric} ${
        first.meanA.toFixed(4)
      } on ${first.split} by protocol ${first.protocol}; ` +
      `paired t-test over ${formatCell(first.users)} users: each interval by itself, ` +
      `p by Holm for all rows together, * p < ${Number((1 - first.confidence).toPrecision(6))}`,
    columns: [
      "against",
      "its mean",
      "difference",
      `${Number((100 * first.confidence).toPrecision(6))} % interval`,
      "p",
      "",
    ],
    rows: comparisons.map(({ b, meanB, difference, interval, adjustedP, significant }) => [
      b,
      meanB.toFixed(4),
      signed(difference),
      `${signed(interval[0])} … ${signed(interval[1])}`,
      pOf(adjustedP),
      significant ? "*" : "",
    ]),
  };
}

/** A p-value as text. */
export const pOf = (p: number): string => p < 1e-4 ? "< 0.0001" : p.toFixed(4);

const signed = (value: number) => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(4)}`;
