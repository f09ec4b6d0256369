/**
 * Stage 1, read: turns files of interactions, in any supported format, into one frame.
 *
 * @module
 */
import pl, { type DataFrame } from "nodejs-polars";
import { ROLES } from "../contract/stage/location.ts";
import { stageResult } from "../contract/stage/result.ts";
import { flawsAmong } from "../contract/stage/row_flaws.ts";
import { isDate } from "../contract/values/date_units.ts";
import { readFiles } from "./files.ts";
import { noTime } from "./roles.ts";
import type { ReadOptions, ReadResult } from "./types.ts";

/**
 * Reads files of interactions.
 *
 * @returns `frame` with `user`, `item` (Categorical: the ids as they are in the file), `rating` if the source has it, `timestamp`
 * (Int64, Float64 or Datetime if all are numbers of one type or dates, else String), and (Bool) `ragged` if some row has too many
 * fields, `misquoted` if one has text after a closing quote, `unparsed` if a line is not a JSON object. Rows are in the order of the
 * files; blank ones are left out. If the source has no time, the position of the row (of the item in its sequence) is used instead, and the report warns of that.
 * @throws {InputError} for files that cannot be read; the message says where the fault is.
 *
 * @example
 * ```ts
 * import { readInteractions } from "automlp";
 * import assert from "node:assert/strict";
 *
 * const path = await Deno.makeTempFile({ suffix: ".csv" });
 * await Deno.writeTextFile(path, "userId,movieId,timestamp\n1,242,881250949\n");
 * const { frame, columnName } = await readInteractions({ files: [path] });
 * assert(frame.height === 1 && columnName("item") === "movieId");
 * await Deno.remove(path);
 * ```
 */
export async function readInteractions(options: ReadOptions): Promise<ReadResult> {
  const frames: DataFrame[] = [];
  const { uses, sources, locate, columnName, report } = await readFiles(options, {
    ids: pl.Categorical,
    take: (rows) => (frames.push(rows), rows.height),
  });
  const read = join(frames), warnings = read.columns.includes("timestamp") ? [] : [noTime(uses)];
  return stageResult({ frame: withTime(read), report: report(warnings), sources, locate, columnName });
}

/** Rows of some users, and the files they were read from. */
export type RowsOfUsers = Pick<ReadResult, "frame" | "sources">;

/**
 * Reads interactions of these users only, discarding other rows while reading. It is not an error if there are none.
 *
 * @param users Ids as they are in the files.
 * @returns `frame` as in {@link readInteractions}, with ids as text; if the source has no time, rows are in the order of their
 * positions.
 */
export async function readInteractionsOf(
  users: readonly string[],
  options: ReadOptions,
): Promise<RowsOfUsers> {
  const frames: DataFrame[] = [];
  const { uses, sources } = await readFiles(options, {
    ids: pl.String,
    mayBeEmpty: true,
    take: (rows) => {
      const own = rows.filter(pl.col("user").isIn([...users]));
      if (own.height > 0) frames.push(own);
      return own.height;
    },
  });
  const none = pl.DataFrame(Object.keys(uses[0].taken).map((role) => pl.Series(role, [], pl.String)));
  return { frame: withTime(frames.length === 0 ? none : join(frames)), sources };
}

/** Concatenates the tables. */
function join(frames: DataFrame[]): DataFrame {
  if (frames.length === 1) return frames[0];
  frames = withTimesAlike(frames);
  const flaws = flawsAmong(frames.flatMap((frame) => frame.columns));
  const names = [...ROLES.filter((role) => frames[0].columns.includes(role)), ...flaws];
  const alike = (name: string) => {
    const types = frames.filter((frame) => frame.columns.includes(name)).map((frame) =>
      frame.getColumn(name).dtype
    );
    return types.every((type) => type.equals(types[0]));
  };
  // Numbers in one file and text in another are combined as text, which the schema stage reads.
  const column = (frame: DataFrame, name: string) => {
    if (!frame.columns.includes(name)) return pl.lit(false).alias(name);
    return alike(name) ? pl.col(name) : pl.col(name).cast(pl.String);
  };
  return pl.concat(frames.map((frame) => frame.select(...names.map((name) => column(frame, name)))), {
    how: "vertical",
    rechunk: false,
  });
}

/**
 * Makes the times of all files comparable: dates of different precisions become microseconds; next to numbers or text, dates become
 * milliseconds since 1970, as numbers.
 */
function withTimesAlike(frames: DataFrame[]): DataFrame[] {
  const times = frames.flatMap((frame) =>
    frame.columns.includes("timestamp") ? frame.getColumn("timestamp") : []
  );
  const dates = times.filter(isDate);
  if (dates.every(({ dtype }) => dtype.equals(times[0].dtype)) && [0, times.length].includes(dates.length)) {
    return frames;
  }
  const time = pl.col("timestamp");
  const asNumber = time.cast(pl.Datetime("ms")).cast(pl.Int64);
  const column = dates.length === times.length ? time.cast(pl.Datetime("us")) : asNumber;
  return frames.map((frame) => isDate(frame.getColumn("timestamp")) ? frame.withColumn(column) : frame);
}

/** Uses the position of the row if there is no time. */
function withTime(frame: DataFrame): DataFrame {
  if (frame.columns.includes("timestamp")) return frame;
  const roles = ROLES.filter((role) => frame.columns.includes(role));
  return frame.lazy().withRowIndex("timestamp").select(
    ...roles,
    pl.col("timestamp").cast(pl.Int64),
    ...flawsAmong(frame.columns),
  ).collectSync();
}
