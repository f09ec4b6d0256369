/**
 * The results of an experiment as tables and text.
 *
 * @module
 */
import { withoutHome } from "../../pipeline/display/text/home.ts";
import { formatBytes, formatSeconds } from "../../pipeline/display/text/units.ts";
import type { CellCost, ExperimentResults, RowResult, TestFigures } from "../records/experiment.ts";
import { type Amount, type Figure, type MarkedTable, ranked } from "./marked_table.ts";
import { type Part, partsHtml, partsText } from "./parts.ts";
import { tau, tauNote } from "./evaluation.ts";
import { LEVEL, mainMetrics } from "./results.ts";
import { spoken } from "../../pipeline/display/text/option_names.ts";
import { withDisplay } from "../../pipeline/display/with_display.ts";

/** The heading of an experiment's results; if plan and data have the same name, it is written once. */
export const headingOf = ({ name, dataset }: ExperimentResults): string =>
  name === dataset.name ? name : `${name} on ${dataset.name}`;

const SPREAD = "Means over seeds ± their standard deviation, on test.";
const TESTS =
  "* differs from the first row by more than chance: paired two-sided t-test over users, p < 0.05 by Holm's method for the rows of a column together; " +
  "† the same over seeds.";

/** How the tables mark the best of a column and the next: in a terminal by ¹ and ², elsewhere by type. */
export type Marking = "signs" | "type";

const BEST: Record<Marking, string> = {
  signs: "¹ marks the best of a column, ² the next.",
  type: "The best of a column is bold, the next underlined.",
};
/**
 * Explains the marks in the quality tables, and lists the figures that were not tested: without a mark, these would read as if they did not
 * differ.
 */
export function marksNote(results: ExperimentResults, marking: Marking = "type"): string {
  const { baselines, published, protocols, significance, metric } = results;
  const untested = protocols.flatMap((protocol) =>
    measuresIn(results, protocol).filter((measure) =>
      !significance.some((one) => one.protocol === protocol && one.metric === measure)
    )
  );
  const columns = [
    ...untested,
    ...(protocols.some((protocol) => adjustedIn(results, protocol)) ? [atZero(metric)] : []),
  ];
  const left = [
    ...new Set(columns),
    ...baselines.map(({ label }) => label),
    ...(published.length > 0 ? ["what others report"] : []),
  ];
  return [
    SPREAD,
    BEST[marking],
    TESTS,
    "Rows are tested by the seeds that both have, over seeds if these are two or more.",
    ...(left.length > 0 ? [`Not tested: ${left.join(", ")}.`] : []),
  ].join(" ");
}

/** The column of a metric by unadjusted scores. */
const atZero = (metric: string) => `${metric} at τ = 0`;

/** A table for each protocol: the metrics of every row, then methods without seeds, then what others report. */
export const qualityTables = (results: ExperimentResults): MarkedTable[] =>
  results.protocols.map((protocol) => {
    const { dataset, seeds, rows, baselines, published } = results;
    const measures = measuresIn(results, protocol), { metric } = results;
    const isAdjusted = adjustedIn(results, protocol);
    /** The cells with τ and the metric without the adjustment. */
    const adjustment = (of: readonly TestFigures[], plain: Figure) =>
      isAdjusted ? [tausOf(of.map(({ logitAdjustment }) => logitAdjustment[protocol] ?? 0)), plain] : [];
    const plainOf = ({ metrics, unadjusted }: TestFigures) =>
      (unadjusted[protocol] ?? metrics[protocol])?.[metric];
    const own = rows.filter(({ cells }) => cells.some(({ metrics }) => protocol in metrics)).map((row) => [
      labelOf(row, results),
      ...measures.map((measure): Figure => ({
        ...(over(row, ({ metrics }) => metrics[protocol]?.[measure]) ?? NONE),
        mark: markOf(results, protocol, measure, row.label),
      })),
      ...adjustment(row.cells, over(row, plainOf) ?? NONE),
    ]);
    const plain = baselines.filter(({ metrics }) => protocol in metrics).map(({ label, ...of }) => [
      label,
      ...measures.map((measure): Figure => ({ mean: of.metrics[protocol][measure] ?? NaN })),
      ...adjustment([of], { mean: plainOf(of) ?? NaN }),
    ]);
    const reported = published.filter((row) => row.protocol === protocol).map((
      { label, source, metrics },
    ) => [
      `${label} (${source})`,
      ...measures.map((measure): Amount => amount(metrics[measure], (value) => value.toFixed(4))),
      ...(isAdjusted ? ["", NOTHING] : []),
    ]);
    return ranked({
      caption: `${dataset.name} (${dataset.hash.slice(0, 8)}), test, protocol ${protocol}, ${
        seedWords(seeds)
      }`,
      spare: [atZero(metric)],
      columns: ["method", ...measures, ...(isAdjusted ? ["τ", atZero(metric)] : [])],
      rows: [...own, ...plain, ...reported],
    });
  });

/** Whether any method's scores were adjusted for popularity. */
export const adjustedIn = ({ rows, baselines }: ExperimentResults, protocol: string): boolean =>
  [...rows.flatMap(({ cells }) => cells), ...baselines].some(({ logitAdjustment }) =>
    logitAdjustment[protocol]
  );

/** A row's label; with its seeds, if those of the caption are not all done. */
const labelOf = ({ label, cells }: RowResult, { seeds }: ExperimentResults): string =>
  isWhole({ cells }, seeds) ? label : `${label} (${seedWords(cells.map(({ seed }) => seed))})`;

const isWhole = ({ cells }: Pick<RowResult, "cells">, seeds: readonly number[]): boolean =>
  cells.length === 0 || cells.length === seeds.length;

/** `seed 1`, `seeds 1, 2`. */
export const seedWords = (seeds: readonly number[]): string =>
  `${seeds.length === 1 ? "seed" : "seeds"} ${seeds.join(", ")}`;

/** One τ, or the smallest and the largest of several. */
function tausOf(taus: readonly number[]): Amount {
  const least = Math.min(...taus), largest = Math.max(...taus);
  return least === largest
    ? { said: tau(least), value: least }
    : { said: `${tau(least)} … ${tau(largest)}`, value: `${least} … ${largest}` };
}

/** A missing amount. */
const NOTHING: Amount = { said: "–", value: "" };

const amount = (value: number | undefined, said: (value: number) => string): Amount =>
  value === undefined ? NOTHING : { said: said(value), value };

/** The figure of a row that was evaluated at other cutoffs. */
const NONE: Figure = { mean: NaN };

/** The metrics to show, at the cutoff of the first row. */
export const measuresIn = ({ rows }: Pick<ExperimentResults, "rows">, protocol: string): string[] =>
  mainMetrics(
    rows.flatMap(({ cells }) => cells).find(({ metrics }) => protocol in metrics)!.metrics[protocol],
  );

function markOf(
  { significance }: ExperimentResults,
  protocol: string,
  metric: string,
  label: string,
): string | undefined {
  const found = significance.find((one) =>
    one.protocol === protocol && one.metric === metric && one.label === label
  );
  if (!found) return undefined;
  const { pUsers = 1, pSeeds = 1 } = found;
  return (pUsers < LEVEL ? "*" : "") + (pSeeds < LEVEL ? "†" : "") || undefined;
}

/** The note on the cost table, which it does not explain itself. */
export const COST_NOTE =
  "An epoch of AutoMLP goes through every target by itself; of the other methods most ask every place of a window of a sequence at once, and their examples are windows: " +
  "seconds an epoch and examples a second compare sizes of one method, not methods.";

/** The cost of each row's trainings. */
export function costTable({ rows, dataset }: ExperimentResults): MarkedTable {
  const mean = (
    row: RowResult,
    of: (cell: CellCost) => number | undefined,
    said: (value: number) => string,
  ) => amount(over(row, of)?.mean, said);
  const lengths = (row: RowResult) =>
    row.cells.flatMap(({ shortTermLength: k }) => k === undefined ? [] : [k]);
  const isSearched = rows.some((row) => lengths(row).length > 0);
  return {
    caption: `${dataset.name}: what a training takes, means over seeds`,
    units: { search: "seconds", training: "seconds", "an epoch": "seconds", "peak memory": "bytes" },
    columns: [
      ...[
        "method",
        "parameters",
        ...(isSearched ? ["short-term length"] : []),
        "best epoch",
        "search",
        "training",
      ],
      ...["an epoch", "examples a second", "peak memory"],
    ],
    rows: rows.filter(({ cells }) => cells.length > 0).map((row) => [
      row.label,
      mean(row, ({ parameters }) => parameters, (n) => Math.round(n).toLocaleString("en-US")),
      ...(isSearched ? [lengths(row).join(", ") || NOTHING] : []),
      mean(row, ({ bestEpoch }) => bestEpoch, (n) => n.toFixed(1)),
      mean(row, ({ searchSeconds }) => searchSeconds, formatSeconds),
      mean(row, ({ trainSeconds }) => trainSeconds, formatSeconds),
      mean(row, ({ secondsPerEpoch }) => secondsPerEpoch, formatSeconds),
      mean(row, ({ examplesPerSecond }) => examplesPerSecond, (n) => Math.round(n).toLocaleString("en-US")),
      mean(row, ({ peakMemoryBytes }) => peakMemoryBytes, formatBytes),
    ]),
  };
}

/** The options that tuning chose for each row; undefined if nothing was tuned. */
export function tunedTable({ rows, dataset }: ExperimentResults): MarkedTable | undefined {
  const tuned = rows.filter((row) => row.tuned !== undefined);
  if (tuned.length === 0) return undefined;
  return {
    caption: `${dataset.name}: options that tuning chose, on validation`,
    columns: ["method", "options"],
    rows: tuned.map(({ label, tuned }) => [
      label,
      Object.entries(tuned!).map(([key, value]) => `${key} ${value}`).join(", "),
    ]),
  };
}

/** A curve along the axis of a plan. */
export interface Curve {
  label: string;
  /** A mean over seeds each, and of several seeds the standard deviation. */
  points: { x: number; y: number; sd?: number }[];
}

/** A value of the plan's rows along its axis, as a curve for each series. */
export function curvesOf(
  { rows }: ExperimentResults,
  of: (cell: RowResult["cells"][number]) => number | undefined,
): Curve[] {
  const series = [...new Set(rows.flatMap((row) => row.series ?? []))];
  return series.map((label) => ({
    label,
    points: rows.flatMap((row) => {
      const found = row.series === label && row.x !== undefined ? over(row, of) : undefined;
      return found ? [{ x: row.x!, y: found.mean, ...(found.sd !== undefined && { sd: found.sd }) }] : [];
    }),
  })).filter(({ points }) => points.length > 0);
}

/** Seconds that a cell took for search and training together. */
export const wholeSeconds = ({ searchSeconds = 0, trainSeconds = 0 }: CellCost): number =>
  searchSeconds + trainSeconds;

/** The time that is shown along an axis: its name, and its value for a cell in seconds. */
export function timeAlong(
  { time = "epoch" }: NonNullable<ExperimentResults["axis"]>,
): { of: string; seconds: (cell: CellCost) => number | undefined } {
  return time === "epoch"
    ? { of: "an epoch", seconds: ({ secondsPerEpoch }) => secondsPerEpoch }
    : { of: time, seconds: (cell) => wholeSeconds(cell) || undefined };
}

/**
 * How time grows along the axis ({@link timeAlong}): the exponent b of time ∝ x^b, by least squares of the logarithms. Undefined if there
 * is no axis, or no series has two points on it.
 */
export function scalingTable(results: ExperimentResults): MarkedTable | undefined {
  const { axis } = results;
  const curves = axis ? curvesOf(results, timeAlong(axis).seconds) : [];
  const fitted = curves.filter(({ points }) => points.length > 1);
  if (!axis || fitted.length === 0) return undefined;
  return {
    caption: `How the time of ${timeAlong(axis).of} grows with the ${axis.name}, ${axis.symbol}`,
    columns: ["method", `${axis.symbol} from`, "to", "exponent"],
    rows: fitted.map((
      { label, points },
    ) => [label, points[0].x, points.at(-1)!.x, amount(exponentOf(points), (b) => b.toFixed(2))]),
  };
}

/** b of y ∝ x^b, by least squares of the logarithms. */
export function exponentOf(points: readonly { x: number; y: number }[]): number {
  const logs = points.map(({ x, y }) => [Math.log(x), Math.log(y)]), n = logs.length;
  const [meanX, meanY] = [0, 1].map((i) => logs.reduce((sum, log) => sum + log[i], 0) / n);
  const covariance = logs.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  return covariance / logs.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
}

/** What could not be done or finished, a line for each; empty if everything was. */
export const remarksOn = ({ rows }: ExperimentResults): string[] =>
  rows.flatMap(({ label, cells, failures, missing }) => {
    const cut = cells.filter(({ cutShort }) => cutShort).map(({ seed }) => seed);
    const byMessage = Map.groupBy(failures, ({ message }) => message);
    return [
      ...byMessage.entries().map(([message, failed]) =>
        `${label}, ${seedWords(failed.map(({ seed }) => seed))}, failed: ${message}`
      ),
      ...(missing > 0
        ? [`${label}: ${missing === 1 ? "one seed is" : `${missing} seeds are`} not done`]
        : []),
      ...(cut.length > 0 ? [`${label}, ${seedWords(cut)}: cut short by a budget of the row's own`] : []),
    ];
  });

/** Mean and standard deviation of a value over the cells that have it. */
export function over(
  { cells }: RowResult,
  of: (cell: RowResult["cells"][number]) => number | undefined,
): Figure | undefined {
  const values = cells.map(of).filter((value) => value !== undefined);
  if (values.length === 0) return undefined;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (values.length === 1) return { mean };
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, sd: Math.sqrt(squares / (values.length - 1)) };
}

/** How the figures were computed, one line each; empty if there are none. */
export function provenanceOf({ provenance, dataset }: ExperimentResults): string[] {
  if (!provenance) return [];
  const { commands, engines, versions, seconds } = provenance;
  return [
    ...commands.map((command) => `Command: ${withoutHome(command)}`),
    `Dataset: ${dataset.name}, hash ${dataset.hash}`,
    `Time of all trainings, one after the other: ${formatSeconds(seconds)}`,
    ...engines.map((engine) => `Computed with: ${engine}`),
    `Versions: ${Object.entries(versions).map(([name, version]) => `${name} ${version}`).join(", ")}`,
  ];
}

/** All tables that have rows. */
export const tablesOf = (results: ExperimentResults): MarkedTable[] =>
  [...qualityTables(results), tunedTable(results), costTable(results), scalingTable(results)]
    .filter((table) => table !== undefined && table.rows.length > 0) as MarkedTable[];

/** Notes on the quality tables; empty if nothing was evaluated. */
export const qualityNotes = (results: ExperimentResults, marking?: Marking): string[] => [
  ...(results.protocols.length > 0 ? [marksNote(results, marking)] : []),
  ...(results.protocols.some((protocol) => adjustedIn(results, protocol))
    ? [`${tauNote("validation")}.`]
    : []),
];

/** Notes on the cost table, if it has rows of AutoMLP and of other methods. */
export function costNotes({ rows }: ExperimentResults): string[] {
  const kinds = new Set(
    rows.filter(({ cells }) => cells.length > 0).map(({ method }) => method === "automlp"),
  );
  return kinds.size > 1 ? [COST_NOTE] : [];
}

/** The notes under the tables. */
export const notesOn = (results: ExperimentResults, marking?: Marking): string[] => [
  ...qualityNotes(results, marking),
  ...costNotes(results),
];

const partsOf = (results: ExperimentResults, marking?: Marking): Part[] => [
  ...tablesOf(results),
  ...[...notesOn(results, marking), ...remarksOn(results)].map(spoken),
];

/** The results as text. */
export const experimentText = (results: ExperimentResults): string => partsText(partsOf(results, "signs"));

/** Results that show themselves. */
export const experimentWithDisplay = (results: ExperimentResults): ExperimentResults =>
  withDisplay(results, {
    text: () => experimentText(results),
    html: () => partsHtml(partsOf(results)),
  });
