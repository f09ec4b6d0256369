/**
 * Side tables in Parquet and Arrow files.
 *
 * @module
 */
import pl, { type Expr, type Series } from "nodejs-polars";
import { idText } from "../columnar.ts";
import { collectColumnar, scanColumnar } from "../columnar_scan.ts";
import { diagnose } from "../diagnose.ts";
import type { Source } from "../source.ts";
import { parseSideColumns, sideNames, sideUse } from "./columns.ts";
import type { SideRows, SideTableOptions } from "./types.ts";

/** Reads a Parquet or Arrow side table: everything becomes text, lists with `|` between their values. */
export async function readSideColumnar(source: Source, options: SideTableOptions): Promise<SideRows> {
  const warnings: string[] = [];
  try {
    const scanned = await scanColumnar(source);
    const header = scanned.scan.columns;
    const names = sideNames(source.path, header, parseSideColumns(options.columns), options, warnings);
    const wanted = names.flatMap((name, i) => name === undefined ? [] : [{ name, column: header[i] }]);
    wanted.sort((a, b) => Number(b.name === "id") - Number(a.name === "id"));
    const columns = wanted.map(({ name, column }) => ({ column, as: name! }));
    const raw = await collectColumnar(scanned, columns, options.signal);
    return {
      frame: raw.select(...wanted.map(({ name }) => asText(raw.getColumn(name)).alias(name))),
      use: sideUse(header, names),
      warnings,
      place: (row) => Promise.resolve(`row ${row + 1}`),
    };
  } catch (error) {
    throw await diagnose(source, error);
  }
}

function asText(series: Series): Expr {
  const column = pl.col(series.name);
  if (series.name === "id") return idText(series, column);
  return series.dtype.variant as string === "List"
    ? column.cast(pl.List(pl.String)).list.join("|")
    : column.cast(pl.String);
}
