/**
 * In a notebook, every Polars frame shows itself as ours do: with its size, its types, its last rows, and a text for hosts
 * that take no HTML. Polars' own display has the first 50 rows and none of these.
 *
 * @module
 */
import type { DataFrame } from "nodejs-polars";
import * as dataframe from "nodejs-polars/bin/dataframe.js";
import { frameWithDisplay } from "../display/table/frame.ts";

/** Makes all frames that Polars makes from now on show themselves. To be called once, in a kernel only. */
export function showAllFrames(): void {
  // Frames have no prototype to be changed. One function of Polars makes them all.
  const { default: makers } = dataframe as unknown as {
    default: { _DataFrame: (inner: unknown) => DataFrame };
  };
  const make = makers._DataFrame;
  makers._DataFrame = (inner) => frameWithDisplay(make(inner));
}
