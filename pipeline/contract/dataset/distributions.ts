/**
 * Small plots of how many users and items of a dataset have how many interactions.
 *
 * @module
 */
import type { LazyDataFrame } from "nodejs-polars";
import { histogramOf } from "../../display/plots/histogram_bins.ts";
import { svgImage } from "../../display/cell/fragment.ts";
import { columns } from "../../display/page.ts";
import { percent } from "../../display/text/percent.ts";

/**
 * Draws two histograms as an HTML fragment for a notebook.
 *
 * @param users A table with a column `interactions`, like `items`.
 */
export async function distributionsHtml(users: LazyDataFrame, items: LazyDataFrame): Promise<string> {
  // The plotting library is loaded only here.
  const { popularityPlot, sequencesPlot } = await import("./distribution_plots.ts");
  const countsOf = async (table: LazyDataFrame) => {
    const frame = await table.select("interactions").collect();
    return histogramOf(frame.getColumn("interactions").toTypedArray() as Uint32Array);
  };
  const images = [sequencesPlot(await countsOf(users)), popularityPlot(await countsOf(items))];
  return columns(...images.map(({ svg }) => ({ html: svgImage(svg) }))).html;
}

/** Number of users, items and pairs. */
interface Counts {
  users: number;
  items: number;
  /** Distinct pairs of a user and an item that interact. */
  pairs: number;
}

/** Share of all user–item pairs that interact at least once. */
export const densityOf = ({ users, items, pairs }: Counts): number => pairs / (users * items);

/** The density as a table row. */
export const densityRow = (counts: Counts): [label: string, value: string] => [
  "density",
  percent(densityOf(counts)),
];
