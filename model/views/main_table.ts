/**
 * The results of a run in one table: a row for each method, a column for each protocol.
 *
 * @module
 */
import type { RunMetrics } from "../records/records.ts";
import { parseMetric } from "../records/evaluation.ts";
import { type Figure, type MarkedTable, ranked } from "./marked_table.ts";
import { mainMetrics, mainOf, methodsOf, star } from "./results.ts";

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
