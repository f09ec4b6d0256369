/**
 * Drawings of a dataset's distributions, the same in its own report and in that of a run. Loads Observable Plot.
 *
 * @module
 */
import { popularityPlot, sequencesPlot } from "../contract/dataset/distribution_plots.ts";
import type { DroppedRows } from "../contract/stage/dropped.ts";
import type { StageFacts } from "../contract/stage/report.ts";
import { type Block, figure } from "../display/page.ts";
import { curvePlot, type HistogramBin, histogramPlot } from "../display/plots/plot.ts";
import { formatCell } from "../display/table.ts";
import type { CountDistribution, DatasetProfile } from "./facts.ts";
import { countOf } from "../display/text/units.ts";
import { percent } from "../display/text/percent.ts";

/** Draws the lengths of the users' sequences and, paler, the users dropped because their sequences were too short. */
export function sequencesFigure(
  { sequenceLength }: Pick<DatasetProfile, "sequenceLength">,
  stages: readonly StageFacts[],
): Block {
  const dropped = stages.flatMap(({ dropped }) => dropped).find(({ ids, option }) =>
    ids?.of === "users" && option?.name === "minUser"
  );
  const bar = dropped && barOf(dropped, sequenceLength);
  const half = `Sequence length: ${halfOf("users", sequenceLength)}.`;
  return figure(
    sequencesPlot(sequenceLength, bar).svg,
    bar ? `${half} The pale bar: ${formatCell(bar.count)} ${dropped!.reason}, which were dropped.` : half,
  );
}

/** Returns all dropped users as one bar; undefined if remaining users have as few interactions because their items were dropped. */
function barOf({ ids, option }: DroppedRows, { min }: CountDistribution): HistogramBin | undefined {
  const minimum = option?.value;
  return typeof minimum === "number" && minimum > 1 && minimum <= min
    ? { from: 1, to: minimum, count: ids!.dropped }
    : undefined;
}

/** Draws how often items occur. */
export const popularityFigure = ({ popularity }: Pick<DatasetProfile, "popularity">): Block =>
  figure(popularityPlot(popularity).svg, `Popularity: ${halfOf("items", popularity)}.`);

/** Describes the range between the quartiles, rounded inward to whole numbers, which enclose the same counts. */
function halfOf(what: string, { q1, q3 }: CountDistribution): string {
  const from = Math.ceil(q1), to = Math.max(from, Math.floor(q3));
  const many = from === to
    ? countOf(from, "interaction")
    : `between ${formatCell(from)} and ${formatCell(to)} interactions`;
  return `half of the ${what} have ${many}`;
}

/** Draws how unevenly interactions are distributed over items. */
export function concentrationFigure({ concentration }: Pick<DatasetProfile, "concentration">): Block {
  const [, tenth] = concentration.top;
  return figure(
    curvePlot(concentration.curve.map(({ items, interactions }) => ({ x: items, y: interactions })), {
      title: "Share of the interactions that fall on the most popular items",
      x: "share of items, most popular first",
      y: "share of interactions",
      shares: true,
    }).svg,
    `The ${percent(tenth.items)} of the items that are most popular have ${
      percent(tenth.interactions)
    } of the interactions. The dashed line is what equally popular items would give.`,
  );
}

/** Draws interactions over time; none if there are no times, or all fall into one bin. */
export function overTimeFigures({ overTime, time }: Pick<DatasetProfile, "overTime" | "time">): Block[] {
  if (!overTime || overTime.bins.length < 2) return [];
  const { every, bins } = overTime;
  return [figure(
    histogramPlot(bins, {
      title: "Interactions over time",
      x: `time (UTC), by ${every}`,
      y: "interactions",
      scale: "time",
    }).svg,
    `Interactions from ${day(time.firstDate!)} to ${
      day(time.lastDate!)
    }. Each bar is ${every}; the first and the last may not be whole.`,
  )];
}

const day = (date: string) => date.slice(0, 10);
