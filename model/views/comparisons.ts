/**
 * Comparisons of methods for display: a row for each method that the first is compared with.
 *
 * @module
 */
import { formatCell, htmlTable, type Table, textTable } from "../../pipeline/display/table.ts";
import { withDisplay } from "../../pipeline/display/with_display.ts";
import type { Comparison } from "../records/evaluation.ts";

/** Comparisons as aligned text for a terminal. */
export const comparisonsText = (comparisons: readonly Comparison[]): string =>
  textTable(comparisonsTable(comparisons));

/** Comparisons as an HTML fragment for a notebook. */
export const comparisonsHtml = (comparisons: readonly Comparison[]): string =>
  htmlTable(comparisonsTable(comparisons));

/** One comparison, which shows itself. */
export const comparisonWithDisplay = (comparison: Comparison): Comparison =>
  withDisplay(comparison, {
    text: () => comparisonsText([comparison]),
    html: () => comparisonsHtml([comparison]),
  });

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
