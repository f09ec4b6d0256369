/**
 * The first and last rows of a Polars frame as plain values, whatever its columns are called.
 *
 * @module
 */
import pl, { type DataFrame, type Series } from "nodejs-polars";

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
    types: frame.dtypes.map(String),
    height,
    above: (whole ? frame : frame.head(Math.ceil(most / 2))).rows(),
    ...(!whole && { below: frame.tail(Math.floor(most / 2)).rows() }),
  };
}

/** What of a frame is used here. Polars hands out a column of such a name in the place of its own member. */
const MEMBERS = ["height", "dtypes", "head", "tail", "rows"];

/** The frame under names that hide nothing of it. */
function unhidden(frame: DataFrame, names: string[]): DataFrame {
  if (!names.some((name) => MEMBERS.includes(name))) return frame;
  const columns = frame as unknown as Record<string, Series>;
  return pl.DataFrame(Object.fromEntries(names.map((name, i) => [`column ${i}`, columns[name]])));
}
