/**
 * An inspection as text for a terminal.
 *
 * @module
 */
import { spoken } from "../display/text/option_names.ts";
import { formatCell, type Table, textTable } from "../display/table.ts";
import { visible } from "../display/text/visible.ts";
import type { CountDistribution, InspectionFacts } from "./facts.ts";
import { movesTable, sinceWarnings, turnoverTable } from "./since_tables.ts";
import * as tables from "./tables.ts";

const BAR = 32; // columns
const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** Draws a bar of `share` (0 to 1) of the full width, to an eighth of a column. Any share above 0 is visible. */
function bar(share: number): string {
  const eighths = share > 0 ? Math.max(1, Math.round(share * BAR * 8)) : 0;
  return "█".repeat(eighths >> 3) + EIGHTHS[eighths & 7];
}

/** Draws a histogram with one line per bin: `32–63  ████████▌  1,234`. */
function textHistogram({ bins }: CountDistribution, label: string, of: string): string {
  const highest = Math.max(...bins.map(({ count }) => count));
  return textTable({
    columns: [label, "", of],
    rows: bins.map(({ from, to, count }) => [
      to - from === 1 ? formatCell(from) : `${formatCell(from)}–${formatCell(to - 1)}`,
      bar(count / highest),
      count,
    ]),
  });
}

/**
 * Returns the inspection as tables with small histograms, for a terminal.
 *
 * @example
 * ```ts
 * import { inspectDataset, inspectionText, prepare } from "automlp";
 *
 * const out = await Deno.makeTempDir();
 * const { dataset } = await prepare({ dataset: "demo", out });
 * console.log(inspectionText(await inspectDataset(dataset)));
 * ```
 */
export function inspectionText(facts: InspectionFacts): string {
  const titled = (caption: string, table: Table) => textTable({ ...table, caption });
  const parts = [
    titled(`Dataset ${facts.name}`, tables.overviewTable(facts)),
    ...sinceTexts(facts),
    titled(`Split: ${facts.split.kind}`, tables.partsTable(facts)),
    textTable(tables.distributionTable(facts)),
    textHistogram(facts.sequenceLength, "sequence length", "users"),
    textHistogram(facts.popularity, "interactions", "items"),
    textTable(tables.concentrationTable(facts)),
    titled("Most popular items", tables.popularTable(facts)),
    ...(facts.features.length > 0 ? [titled("Item features", tables.featuresTable(facts))] : []),
    ...(facts.negatives.length > 0 ? [titled("Negatives", tables.negativesTable(facts))] : []),
    titled("Stages", tables.stagesTable(facts)),
    allWarnings(facts).map((warning) => `warning: ${visible(spoken(warning))}`).join("\n"),
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}

function sinceTexts({ since }: InspectionFacts): string[] {
  if (!since) return [];
  return [turnoverTable(since), movesTable(since)].flatMap((table) => table ? [textTable(table)] : []);
}

const allWarnings = (facts: InspectionFacts): string[] => [
  ...(facts.since ? sinceWarnings(facts.since, facts) : []),
  ...tables.stageWarnings(facts),
];
