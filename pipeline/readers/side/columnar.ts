/**
 * Reads side tables in Parquet and Arrow files.
 *
 * @module
 */
import pl, { type DataFrame, type DataType, type Expr, type Series } from "nodejs-polars";
import { InputError } from "../../contract/errors.ts";
import { BEHIND, BETWEEN } from "../../contract/values/lists.ts";
import { BINARY, typeName } from "../../contract/values/polars_type.ts";
import { columnarFrames, idText, isText, openColumnar } from "../columnar.ts";
import type { PieceOptions } from "../records.ts";
import type { Source } from "../source.ts";
import type { SideRows, SideTableOptions } from "../types.ts";
import { endedLists, parseSideColumns, sideNames, sideUse } from "./columns.ts";

/** Reads a Parquet or Arrow side table: everything becomes text, lists as described in `contract/values/lists.ts`. */
export async function readSideColumnar(
  source: Source,
  options: SideTableOptions,
  pieces: PieceOptions,
): Promise<SideRows> {
  const warnings: string[] = [], { path } = source, file = await openColumnar(source);
  const header = file.scan.columns;
  const names = sideNames(path, header, parseSideColumns(options.columns), options, warnings);
  const wanted = names.flatMap((name, i) => name === undefined ? [] : [{ name, column: header[i] }]);
  wanted.sort((a, b) => Number(b.name === "id") - Number(a.name === "id"));
  const columns = wanted.map(({ name, column }) => ({ path: [column], as: name }));
  const frames = await Array.fromAsync(columnarFrames(source, file, columns, pieces));
  const raw = pl.concat(frames, { how: "vertical", rechunk: false });
  checkIds(path, wanted.find(({ name }) => name === "id")?.column, raw);
  return {
    frame: pl.DataFrame(wanted.map(({ name, column }) => asText(source, column, raw.getColumn(name)))),
    use: sideUse(header, names),
    warnings,
    place: (row) => Promise.resolve(`row ${row + 1}`),
  };
}

/**
 * Refuses ids that are lists.
 *
 * @throws {InputError} for such ids.
 */
function checkIds(path: string, column: string | undefined, raw: DataFrame): void {
  if (column === undefined || !isList(typeName(raw.getColumn("id")))) return;
  throw new InputError(
    `Cannot read ${path}: column "${column}" is a list, not the id; give one id a row, or name the column that has it`,
  );
}

function asText({ path }: Source, name: string, series: Series): Series {
  const column = pl.col(series.name), type = typeName(series);
  const refused = (what: string) =>
    new InputError(
      `Cannot read ${path}: column "${name}" ${what}, or name the columns by position, with _ in its place`,
    );
  if (type === BINARY && !isText(series)) {
    throw refused("holds bytes that are no UTF-8 text; write it as text");
  }
  if (type === "Duration") throw refused("is a duration; write it as a number");
  if (type === BINARY) return series.cast(pl.String);
  if (series.name === "id") return become(series, idText(series, column));
  if (isList(type)) return listText(series);
  return type === "Struct" ? become(series, structText(column)) : series.cast(pl.String);
}

/** Applies an expression to a column. */
const become = (series: Series, of: Expr): Series =>
  pl.DataFrame([series]).select(of.alias(series.name)).getColumn(series.name);

const isList = (type: string) => type === "List" || type === "FixedSizeList";

/** Encodes structs as JSON, as in tables that come as JSON. */
const structText = (column: Expr) =>
  pl.when(column.isNull()).then(pl.lit(null)).otherwise(column.struct.jsonEncode()) as unknown as Expr;

function listText(series: Series): Series {
  const { name } = series, column = pl.col(name), lists = listsOfText(series);
  const isApart = pl.DataFrame([lists]).explode(name).filter(column.str.contains(BETWEEN, true)).height > 0;
  const joined = (between: string) => column.list.join(between);
  return become(lists, isApart ? endedLists(joined(BEHIND)) : joined(BETWEEN));
}

/** Turns lists, nested ones included, into lists of their values as text. Nulls within a list are dropped. */
function listsOfText(series: Series): Series {
  const { inner: [inner], variant } = series.dtype as unknown as { inner: [DataType]; variant: string };
  if (variant === "FixedSizeList") return listsOfText(series.cast(pl.List(inner)));
  const each = (values: Expr) => become(series, pl.col(series.name).lst.eval(values));
  if (isList(inner.variant)) return listsOfText(each(pl.element().explode() as unknown as Expr));
  const value = pl.element().dropNulls();
  return each(inner.variant === "Struct" ? value.struct.jsonEncode() : value.cast(pl.String));
}
