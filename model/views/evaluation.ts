/**
 * An evaluation for display: the metrics by protocol, and statistics of the recommended lists.
 *
 * @module
 */
import { formatCell, htmlTable, type Table, textTables } from "../../pipeline/display/table.ts";
import { tenthPercent } from "../../pipeline/display/text/percent.ts";
import { type EvaluationFacts, MEASURES, type MetricName, protocolsIn } from "../records/evaluation.ts";
import { estimateText } from "./estimate.ts";

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
export function evaluationText(evaluation: EvaluationFacts): string {
  return textTables(tablesOf(evaluation));
}

/** An evaluation as an HTML fragment for a notebook or a report. */
export function evaluationHtml(evaluation: EvaluationFacts): string {
  return tablesOf(evaluation).map(htmlTable).join("\n");
}

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
