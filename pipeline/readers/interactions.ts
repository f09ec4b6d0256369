/**
 * Stage 1, read: files of interactions, in whatever format people have them, become one frame.
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
 * @returns `frame` with `user`, `item` (Categorical: the ids as they are in the file), `rating` where the source has
 * it, `timestamp` (Int64, Float64 or Datetime where all are numbers of one type or dates, else String), and (Bool) `ragged` where some row
 * has too many fields, `misquoted` where one has text behind a closing quote. Rows are in the order of the files; blank
 * ones are left out. Where the source has no time, the position of the row (of the item in its sequence) takes its place,
 * and the report warns of that.
 * @throws {InputError} for files that cannot be read, with the place of the fault.
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

/** Rows of some users, and the files that were read for them. */
export type RowsOfUsers = Pick<ReadResult, "frame" | "sources">;

/**
 * The same, of these users alone: rows of others are let go while files are read. That there are none is no error.
 *
 * @param users Ids as they are in the files.
 * @returns `frame` as of {@link readInteractions}; where the source has no time, rows are in the order of their positions.
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
 * Polars reads on threads of its own and cannot be stopped: who is to stop does not wait for it. What it still reads is let go.
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

/** @param users Whose rows are wanted; left out, those of all. */
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

/** The tables one below the other. */
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
  // Numbers in one file and text in another meet as text, which the schema stage reads.
  const column = (frame: DataFrame, name: string) => {
    if (!frame.columns.includes(name)) return pl.lit(false).alias(name);
    return alike(name) ? pl.col(name) : pl.col(name).cast(pl.String);
  };
  return pl.concat(frames.map((frame) => frame.select(...names.map((name) => column(frame, name)))), {
    how: "vertical",
    rechunk: false,
  });
}

/** Dates of several finenesses meet as microseconds; beside numbers or text they are milliseconds since 1970, as numbers. */
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

/** The position of the row, where there is no time. */
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
