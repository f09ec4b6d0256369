/**
 * Sorts rows by user, then time: with one combined key, some users at a time.
 *
 * @module
 */
import pl, { type Expr } from "nodejs-polars";
import type { DataFrame, LazyDataFrame } from "../contract/frame.ts";
import type { Ties } from "../contract/values/ties.ts";
import { countSteps, NO_STEPS, type Steps, together } from "./direction.ts";
import { inPieces } from "./pieces.ts";

/** Ordered rows. */
export interface Ordered {
  frame: DataFrame;
  /** The steps that their order takes through the source. */
  steps: Steps;
}

/**
 * Sorts rows by user, then time, and adds the column `split`. Ties keep the order of the rows, or are reversed, or are sorted by
 * item id and then by all other columns, which makes the result independent of the order of the rows.
 *
 * @param pieceRows Number of rows that are sorted at once. Default: 4 million.
 */
export function ordered(frame: DataFrame, ties: Ties, part: Expr, pieceRows?: number): Ordered {
  const user = pl.col("user"), time = pl.col("timestamp");
  const [users, range] = frame.select(
    user.max().cast(pl.Float64).alias("users"),
    time.max().cast(pl.Float64).sub(time.min().cast(pl.Float64)).alias("range"),
  ).row(0) as number[];
  // Sorting by one combined key is eight times as fast as by two keys. Times that do not fit beside the user are replaced by ranks.
  const whole = !frame.getColumn("timestamp").isFloat();
  const fits = whole && (users + 1) * (range + 1) < 2 ** 62;
  // Counted from the first time, in whole numbers, because nanoseconds exceed the precision of a Float64, and times may be negative.
  const elapsed = fits ? sinceFirst(frame) : time.rank("dense").cast(pl.Int64);
  const span = (fits ? elapsed.max() : pl.lit(frame.height).cast(pl.Int64)).add(one);
  const key = user.cast(pl.Int64).mul(span).add(elapsed).alias("_key");
  const others = frame.columns.filter((name) => !["user", "item", "timestamp"].includes(name));
  const arranged = {
    file: (rows: LazyDataFrame) => rows.withRowIndex("_source"),
    item: (rows: LazyDataFrame) => rows.sort(["item", ...others]),
    reverse: (rows: LazyDataFrame) => rows.withRowIndex("_source").reverse(),
  }[ties];
  const order = (rows: LazyDataFrame): Ordered => {
    const result = arranged(rows).withColumn(key)
      .sort("_key", false, false, true).drop("_key").withColumn(part.alias("split"))
      .collectSync();
    // If item ids decide, places in the source do not matter.
    if (ties === "item") return { frame: result, steps: NO_STEPS };
    return { frame: result.drop("_source"), steps: countSteps(result, "_source") };
  };
  // Some users at a time, to save memory; each in one step, because an intermediate frame would be kept until the work is over.
  const pieces = inPieces(order, frame, pieceRows);
  if (pieces.length === 1) return pieces[0];
  const frames = pieces.flatMap(({ frame }) => frame.height > 0 ? [frame] : []);
  return {
    frame: pl.concat(frames, { how: "vertical", rechunk: false }),
    steps: together(pieces.map(({ steps }) => steps)),
  };
}

const one = pl.lit(1).cast(pl.Int64);

/** For whole times, the time since the first. Narrow types may overflow on a difference, and Int64 cannot hold all times of UInt64. */
function sinceFirst(frame: DataFrame): Expr {
  const time = pl.col("timestamp"), whole = time.cast(pl.Int64);
  const isUnsigned = (frame.getColumn("timestamp").dtype.variant as string).startsWith("UInt");
  return isUnsigned ? time.sub(time.min()).cast(pl.Int64) : whole.sub(whole.min());
}
