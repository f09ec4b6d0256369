/**
 * Side tables in Parquet and Arrow files.
 *
 * @module
 */
import pl, { type Expr, type Series } from "nodejs-polars";
import { scanColumnar } from "../columnar.ts";
import { diagnose } from "../diagnose.ts";
import { collect } from "../scan.ts";
import type { Source } from "../source.ts";
import { parseSideColumns, sideNames } from "./columns.ts";
import type { SideRows, SideTableOptions } from "./types.ts";

/** Reads a Parquet or Arrow side table: everything becomes text, lists with `|` between their values. */
export async function readSideColumnar(source: Source, options: SideTableOptions): Promise<SideRows> {
  try {
    const raw = await collect(await scanColumnar(source));
    const names = sideNames(source.path, raw.columns, parseSideColumns(options.columns), options.key);
    const columns = raw.columns.flatMap((column, i) => {
      const name = names[i];
      return name === undefined ? [] : [{ name, text: asText(raw.getColumn(column)).alias(name) }];
    });
    columns.sort((a, b) => Number(b.name === "id") - Number(a.name === "id"));
    return {
      frame: raw.select(...columns.map(({ text }) => text)),
      warnings: [],
      place: (row) => Promise.resolve(`row ${row + 1}`),
    };
  } catch (error) {
    throw await diagnose(source, error);
  }
}

function asText(series: Series): Expr {
  const column = pl.col(series.name);
  const type = series.dtype.variant as string;
  return type === "List" ? column.cast(pl.List(pl.String)).list.join("|") : column.cast(pl.String);
}
