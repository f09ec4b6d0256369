/**
 * Runs side by side as a one-file HTML page. Loads Observable Plot.
 *
 * @module
 */
import {
  type Block,
  columns,
  page,
  paragraph,
  type Section,
  table,
  warnings,
} from "../../pipeline/display/page.ts";
import { differencesFigure, meansFigure } from "../views/figures.ts";
import { comparisonsTable } from "../views/evaluation.ts";
import { ownOf } from "../views/results.ts";
import type { RunComparison } from "./comparison.ts";

/** Returns the comparison as the text of an `.html` file. */
export function comparisonPage(compared: RunComparison): string {
  const { runs, protocol, note, comparisons, metric } = compared, [{ metrics: { dataset } }] = runs;
  const others = compared.protocols.filter((other) => other !== protocol);
  return page({
    title: `Comparison of ${runs.length} runs`,
    subtitle: `${runs.map(({ run }) => run).join(" · ")}, on ${dataset.name}`,
    sections: [
      {
        title: `${metric}, protocol ${protocol}`,
        blocks: [
          table(compared.table(protocol)),
          ...figures(compared),
          ...(comparisons ? [table(comparisonsTable(comparisons.comparisons))] : []),
          ...(note ? [paragraph(note)] : []),
          ...(compared.remarks.length > 0 ? [warnings(compared.remarks)] : []),
        ],
      },
      ...(others.length > 0
        ? [{
          title: "Other protocols",
          blocks: others.map((other) => table(compared.table(other))),
        }] satisfies Section[]
        : []),
    ],
    footer: `dataset hash ${dataset.hash}`,
  });
}

function figures({ runs, split, protocol, metric, comparisons }: RunComparison): Block[] {
  const means = runs.flatMap(({ run, metrics }) => {
    const own = ownOf(metrics), mean = own.metrics[split]?.[protocol]?.[metric];
    const standardError = own.standardErrors[split]?.[protocol]?.[metric];
    return mean === undefined ? [] : [{ run, mean, standardError }];
  });
  const drawn = [
    ...(means.length > 0 ? [meansFigure(means, metric)] : []),
    ...(comparisons ? [differencesFigure(comparisons.comparisons)] : []),
  ];
  return drawn.length > 0 ? [columns(...drawn)] : [];
}
