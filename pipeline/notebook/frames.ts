/**
 * Makes every Polars frame in a notebook display itself as ours do: with its size, types, last rows, and text for hosts
 * that do not accept HTML. Polars' own display shows the first 50 rows and none of these.
 *
 * @module
 */
import type { DataFrame } from "nodejs-polars";
import * as dataframe from "nodejs-polars/bin/dataframe.js";
import { frameWithDisplay } from "../display/table/frame.ts";

/** Makes all frames that Polars creates from now on display themselves. Call it once, and only in a kernel. */
export function showAllFrames(): void {
  // Frames have no prototype that could be changed, but one function of Polars creates them all.
  const { default: makers } = dataframe as unknown as {
    default: { _DataFrame: (inner: unknown) => DataFrame };
  };
  const make = makers._DataFrame;
  makers._DataFrame = (inner) => frameWithDisplay(make(inner));
}
