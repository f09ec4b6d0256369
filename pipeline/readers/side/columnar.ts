/**
 * Side tables in Parquet and Arrow files.
 *
 * @module
 */
import pl, { type DataFrame, type Expr, type Series } from "nodejs-polars";
import { InputError } from "../../contract/errors.ts";
import { BEHIND, BETWEEN } from "../../contract/values/lists.ts";
import { BINARY, idText, isText, variant } from "../columnar.ts";
import { collectColumnar, scanColumnar } from "../columnar/scan.ts";
import { diagnose } from "../diagnose.ts";
import type { Source } from "../source.ts";
import { parseSideColumns, sideNames, sideUse } from "./columns.ts";
import { endedLists } from "./lists.ts";
import type { SideRows, SideTableOptions } from "./types.ts";

/** Reads a Parquet or Arrow side table: everything becomes text, lists as `contract/values/lists.ts` says. */
export async function readSideColumnar(source: Source, options: SideTableOptions): Promise<SideRows> {
  const warnings: string[] = [], { path } = source;
  try {
    const scanned = await scanColumnar(source);
    const header = scanned.scan.columns;
    const names = sideNames(path, header, parseSideColumns(options.columns), options, warnings);
    const wanted = names.flatMap((name, i) => name === undefined ? [] : [{ name, column: header[i] }]);
    wanted.sort((a, b) => Number(b.name === "id") - Number(a.name === "id"));
    const columns = wanted.map(({ name, column }) => ({ column, as: name! }));
    const raw = await collectColumnar(scanned, columns, options.signal);
    checkIds(path, wanted.find(({ name }) => name === "id")?.column, raw);
    return {
      frame: raw.select(
        ...wanted.map(({ name, column }) => asText(source, column, raw.getColumn(name!)).alias(name!)),
      ),
      use: sideUse(header, names),
      warnings,
      place: (row) => Promise.resolve(`row ${row + 1}`),
    };
  } catch (error) {
    throw await diagnose(source, error);
  }
}

/** @throws {InputError} where ids are lists. */
function checkIds(path: string, column: string | undefined, raw: DataFrame): void {
  if (column === undefined || variant(raw.getColumn("id")) !== "List") return;
  throw new InputError(
    `Cannot read ${path}: column "${column}" is a list, not the id; give one id a row, or name the column that has it`,
  );
}

function asText({ path }: Source, name: string, series: Series): Expr {
  const column = pl.col(series.name), type = variant(series);
  if (type === BINARY && !isText(series)) {
    throw new InputError(
      `Cannot read ${path}: column "${name}" holds bytes that are no UTF-8 text; write it as text, or name the columns by position, with ` +
        "_ in its place",
    );
  }
  if (series.name === "id") return idText(series, column);
  return type === "List" ? listText(series) : column.cast(pl.String);
}

function listText(series: Series): Expr {
  const type = pl.List(pl.String);
  // A list with a gap is one of what is beside it.
  const lists = pl.col(series.name).cast(type).lst.eval(pl.element().dropNulls());
  const values = pl.DataFrame([series.cast(type).alias("value")]).explode("value");
  const isApart = values.filter(pl.col("value").str.contains(BETWEEN, true)).height > 0;
  if (!isApart) return lists.list.join(BETWEEN);
  return endedLists(lists.list.join(BEHIND));
}
