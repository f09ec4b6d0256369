/**
 * How many users and items of a dataset have how many interactions, as small drawings.
 *
 * @module
 */
import type { LazyDataFrame } from "nodejs-polars";
import { histogramOf } from "../display/histogram_bins.ts";
import { svgImage } from "../display/fragment.ts";
import { columns } from "../display/page.ts";

/**
 * Two histograms as an HTML fragment for a notebook.
 *
 * @param users With a column `interactions`; `items` too.
 */
export async function distributionsHtml(users: LazyDataFrame, items: LazyDataFrame): Promise<string> {
  // Drawing is loaded only here.
  const { histogramPlot } = await import("../display/plot.ts");
  const histogram = async (table: LazyDataFrame, title: string, x: string, y: string) => {
    const frame = await table.select("interactions").collect();
    const { scale, bins } = histogramOf(frame.getColumn("interactions").toTypedArray() as Uint32Array);
    return { html: svgImage(histogramPlot(bins, { title, x, y, scale }).svg) };
  };
  return columns(
    await histogram(
      users,
      "How many users have sequences of which length",
      "interactions of a user",
      "users",
    ),
    await histogram(items, "How many items have how many interactions", "interactions of an item", "items"),
  ).html;
}
