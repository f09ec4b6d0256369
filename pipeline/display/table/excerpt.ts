/**
 * The first and last rows of a Polars frame as plain values, whatever its columns are called.
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
  /** Rows of the whole frame. */
  height: number;
  /** The first rows; all of them where {@link Excerpt.below} is left out. */
  above: unknown[][];
  /** The last rows. */
  below?: unknown[][];
}

/** At most `most` rows of a frame, half of them from its end. */
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

/** As people see it. */
const typeOf = (series: Series): string => String(namedType(series) ?? `DataType(${typeName(series)})`);

function rowsOf(frame: DataFrame): unknown[][] {
  const columns = frame.getColumns().map(valuesOf);
  return Array.from({ length: frame.height }, (_, i) => columns.map((values) => values[i]));
}

/** A column's values; of types of which Polars hands out none, such as decimals, as Polars writes them. */
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

/** Bytes, and what holds some, as text where they are that. */
function textOf(bytes: Series): unknown[] {
  try {
    return bytes.cast(pl.String).toArray();
  } catch {
    return Array.from({ length: bytes.length }, () => "bytes");
  }
}

/** What of a frame is used here. Polars hands out a column of such a name in the place of its own member. */
const MEMBERS = ["height", "getColumns", "head", "tail"];

/** The frame under names that hide nothing of it. */
function unhidden(frame: DataFrame, names: string[]): DataFrame {
  if (!names.some((name) => MEMBERS.includes(name))) return frame;
  const columns = frame as unknown as Record<string, Series>;
  return pl.DataFrame(Object.fromEntries(names.map((name, i) => [`column ${i}`, columns[name]])));
}
