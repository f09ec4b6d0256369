/**
 * Stage 1, read: turns files of interactions, in any supported format, into one frame.
 *
 * @module
 */
import { checkInterrupt } from "../contract/errors.ts";
import { whenStopped } from "../contract/when_stopped.ts";
import { ROLES } from "../contract/stage/location.ts";
import { flawsAmong } from "../contract/stage/row_flaws.ts";
import type { StageContext } from "../contract/stage.ts";
import { checkKnown, type KnownOptions } from "../contract/options/known.ts";
import { checkCall, FILE, optionsWith, SWITCH, TEXT, TEXTS } from "../contract/options/arguments.ts";
import pl, { type DataFrame } from "nodejs-polars";
import { stageResult } from "../contract/stage/result.ts";
import { readColumnar, readColumnarOf } from "./columnar.ts";
import { readDelimited } from "./delimited.ts";
import { formatOf, readEach, readFiles } from "./files.ts";
import { readJsonLines } from "./jsonl.ts";
import { noTime } from "./no_time.ts";
import { type ColumnsWish, parseColumns } from "./roles.ts";
import { readSequences } from "./sequences.ts";
import { encodingOf, type Source } from "./source.ts";
import { textLayout } from "./delimited/layout.ts";
import type { FileTable, ReadOptions, ReadResult } from "./types.ts";
import { isDate } from "../contract/values/date_units.ts";

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
  checkCall('readInteractions({ files: ["ratings.csv"] })', [options, READ_OPTIONS]);
  checkKnown("read interactions", options, OPTIONS);
  const columns = parseColumns(options.columns);
  const { files, sources, locate, columnName, report } = await readFiles(options, async (source) => {
    const table = await unlessStopped(readFile(source, options, columns), source, options.signal);
    return { ...table, rows: table.frame.height };
  });
  const warnings = files.flatMap((file) => file.warnings);
  const read = join(files.map((file) => file.frame));
  if (!read.columns.includes("timestamp")) warnings.push(noTime(files.map(({ use }) => use)));
  const frame = withTime(read);
  return stageResult({ frame, report: report(warnings), sources, locate, columnName });
}

/** Rows of some users, and the files they were read from. */
export type RowsOfUsers = Pick<ReadResult, "frame" | "sources">;

/**
 * Reads interactions of these users only, discarding other rows while reading. It is not an error if there are none.
 *
 * @param users Ids as they are in the files.
 * @returns `frame` as in {@link readInteractions}; if the source has no time, rows are in the order of their positions.
 */
export async function readInteractionsOf(
  users: readonly string[],
  options: ReadOptions,
): Promise<RowsOfUsers> {
  const columns = parseColumns(options.columns);
  const { files, sources } = await readEach(options, async (source) => {
    const table = await readFile(source, options, columns, users);
    return { ...table, rows: table.frame.height };
  });
  return { frame: withTime(join(files.map((file) => file.frame))), sources };
}

/**
 * Stops waiting for work when it is interrupted: Polars reads on its own threads and cannot be stopped. What it still reads is
 * discarded.
 *
 * @throws {Interrupted} as soon as `signal` is aborted.
 */
async function unlessStopped<T>(work: Promise<T>, { path }: Source, signal?: AbortSignal): Promise<T> {
  if (!signal) return await work;
  const { promise: stopped, resolve: stop } = Promise.withResolvers<void>();
  const over = whenStopped(signal, stop);
  try {
    const first = await Promise.race([work, stopped]);
    checkInterrupt(signal, `reading ${path}`);
    return first as T;
  } finally {
    over();
  }
}

/**
 * Reads one file.
 *
 * @param users The users whose rows are wanted. Default: all.
 */
function readFile(
  source: Source,
  options: ReadOptions,
  columns: ColumnsWish | undefined,
  users?: readonly string[],
): Promise<FileTable> {
  const { delimiter, header, quotes, textTimes, textRatings } = options, format = formatOf(source, options);
  const encoding = encodingOf(source, options.encoding);
  switch (format) {
    case "jsonl":
      return readJsonLines(source, { columns, encoding, amazon: options.format === "amazon" }, users);
    case "parquet":
    case "arrow":
      return users
        ? readColumnarOf(users, source, columns, options)
        : readColumnar(source, columns, options.signal);
    case "sequences":
      return readSequences(source, { encoding, delimiter, timestamps: options.sequenceTimestamps, users });
  }
  const warnings: string[] = [];
  const wish = { delimiter, header, quotes, columns, encoding, textTimes, textRatings };
  const layout = textLayout(source, format, wish, warnings);
  return readDelimited(source, layout, warnings, format === "movielens", users);
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

const READ_OPTIONS = optionsWith("files");

const OPTIONS: KnownOptions<Omit<ReadOptions, keyof StageContext>> = {
  files: { ...TEXTS, what: "a list of paths" },
  format: TEXT,
  delimiter: TEXT,
  header: SWITCH,
  quotes: SWITCH,
  columns: { ...TEXTS, what: 'a list of columns, as ["user=uid", "item=sku"]' },
  encoding: TEXT,
  sequenceTimestamps: FILE,
  textTimes: SWITCH,
  textRatings: SWITCH,
};
