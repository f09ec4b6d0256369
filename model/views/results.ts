/**
 * The results of a run as tables: its method beside the others, by protocol.
 *
 * @module
 */
import { withDisplay } from "../../pipeline/display/with_display.ts";
import { formatCell, htmlTable, type Table, textTables } from "../../pipeline/display/table.ts";
import type { MethodFigures, RunMetrics } from "../records/records.ts";
import { MEASURES, protocolsIn, type RankingProtocol } from "../records/evaluation.ts";
import { parseMetric } from "../records/evaluation.ts";
import { estimateText } from "./estimate.ts";
import { tauColumn, tauNote } from "./evaluation.ts";

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
export function metricsWithDisplay(metrics: RunMetrics): RunMetrics {
  return withDisplay(metrics, {
    text: () => textTables(mainTables(metrics)),
    html: () => mainTables(metrics).map(htmlTable).join(""),
  });
}

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
