/**
 * The first and last rows of a Polars frame as plain values, whatever the names of its columns.
 *
 * @module
 */
import pl, { type DataFrame, type Series } from "nodejs-polars";
import { BINARY, namedType, typeName } from "../../contract/values/polars_type.ts";

/** A part of a frame, and the size of the whole. */
export interface Excerpt {
  /** The columns' names. */
  names: string[];
  /** Polars' types, as in `DataType(UInt32)`. */
  types: string[];
  /** Number of rows of the whole frame. */
  height: number;
  /** The first rows; all of them if {@link Excerpt.below} is omitted. */
  above: unknown[][];
  /** The last rows. */
  below?: unknown[][];
}

/** Returns at most `most` rows of a frame, half of them from its end. */
export function excerpt(given: DataFrame, most: number): Excerpt {
  const names = Object.keys(given), frame = unhidden(given, names), { height } = frame;
  const whole = height <= most;
  return {
    names,
    types: frame.getColumns().map(typeOf),
    height,
    above: rowsOf(whole ? frame : frame.head(Math.ceil(most / 2))),
    ...(!whole && { below: rowsOf(frame.tail(Math.floor(most / 2))) }),
  };
}

/** Name of a column's type for display. */
const typeOf = (series: Series): string => String(namedType(series) ?? `DataType(${typeName(series)})`);

function rowsOf(frame: DataFrame): unknown[][] {
  const columns = frame.getColumns().map(valuesOf);
  return Array.from({ length: frame.height }, (_, i) => columns.map((values) => values[i]));
}

/** Returns a column's values; for types without JavaScript values, such as decimals, the text that Polars writes. */
function valuesOf(series: Series): unknown[] {
  const alone = pl.DataFrame([series.alias("value")]);
  try {
    return alone.rows().map(([value]) => value);
  } catch {
    if (typeName(series) === BINARY) return textOf(series);
    const lines = alone.writeJSON({ format: "lines" }).toString().trimEnd().split("\n");
    return series.length === 0 ? [] : lines.map((line) => JSON.parse(line).value);
  }
}

/** Decodes bytes, and values that contain bytes, as text if possible. */
function textOf(bytes: Series): unknown[] {
  try {
    return bytes.cast(pl.String).toArray();
  } catch {
    return Array.from({ length: bytes.length }, () => "bytes");
  }
}

/** Members of a frame that are used here. If a column has such a name, Polars returns it in place of the member. */
const MEMBERS = ["height", "getColumns", "head", "tail"];

/** Renames columns that would hide members of the frame. */
function unhidden(frame: DataFrame, names: string[]): DataFrame {
  if (!names.some((name) => MEMBERS.includes(name))) return frame;
  const columns = frame as unknown as Record<string, Series>;
  return pl.DataFrame(Object.fromEntries(names.map((name, i) => [`column ${i}`, columns[name]])));
}
