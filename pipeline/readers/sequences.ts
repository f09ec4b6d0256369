/**
 * Reads interactions as sequences, one user per line: `user item1 item2 …`, the oldest first.
 *
 * @module
 */
import pl, { type DataFrame, type Expr, type Series } from "nodejs-polars";
import { InputError } from "../contract/errors.ts";
import type { RowLocation, RowLocator } from "../contract/stage/location.ts";
import { lines, MAX_LINE } from "./content.ts";
import { diagnose, inflating } from "./diagnose.ts";
import { checkFirstLines } from "./delimited/records.ts";
import { guessDelimiter, lineEndOf } from "./delimited/sample.ts";
import { collect, ofUsers, scanLines } from "./scan.ts";
import { quoteAll } from "./shorten.ts";
import { headText, openSource, type Source } from "./source.ts";
import type { FileEncoding } from "./decode.ts";
import type { FileTable } from "./types.ts";

/** Options of {@link readSequences}. */
export interface SequenceOptions {
  encoding: FileEncoding;
  /** Default: tab, space or comma, whichever the first lines contain. */
  delimiter?: string;
  /** A file with the same lines that holds a time for each item. */
  timestamps?: string;
  /** The users whose rows are wanted. Default: all. */
  users?: readonly string[];
}

/**
 * Reads a file of sequences.
 *
 * @returns `user`, `item`, `timestamp`: the item's position in its line, from 0 (Int64), or the text in the timestamps file.
 * @throws {InputError} for a user with two lines or without items, and for a timestamps file whose lines do not match.
 */
export async function readSequences(source: Source, options: SequenceOptions): Promise<FileTable> {
  const { frame: sequences, delimiter } = await readLines(source, options);
  const warnings: string[] = [];
  await checkUsers(source, sequences, options.encoding);
  let timestamps: DataFrame | undefined;
  if (options.timestamps === undefined) {
    warnings.push(`${source.path}: no timestamps; the position in the sequence is the time`);
  } else {
    const companion = await openSource(options.timestamps);
    const encoding = companion.marked ?? (source.marked ? "utf-8" : options.encoding);
    timestamps = (await readLines(companion, { encoding })).frame;
    await checkCompanion(source, sequences, companion, timestamps, encoding);
  }
  const frame = explode(sequences, timestamps);
  return {
    frame: options.users ? rowsOf(options.users, frame) : frame,
    use: { taken: { user: "user", item: "item", timestamp: "timestamp" }, unused: [] },
    blank: 0,
    warnings,
    locate: sequenceLocator(source, sequences.getColumn("length"), delimiter, options.encoding),
  };
}

/** Reads the lines into `frame`, one row per line: `user`, `values` (list), `length`; also returns the delimiter. */
async function readLines(source: Source, { encoding, delimiter }: SequenceOptions) {
  const head = headText(source, encoding);
  const between = delimiter ??
    ["\t", " ", ","].find((candidate) => head.split(/[\r\n]/, 1)[0].includes(candidate)) ??
    guessDelimiter(head, ["\t", " ", ","]);
  if (between === undefined) {
    throw new InputError(
      `Cannot read ${source.path}: line 1 has a user but no items; give the delimiter with --delimiter`,
    );
  }
  try {
    const lineEnd = lineEndOf(head);
    await checkFirstLines(source, { encoding, lineEnd }, MAX_LINE);
    const texts = await inflating(source, async (source) =>
      await collect(
        (await scanLines(source, encoding, { lineEnd }))
          .select(pl.col("line").str.strip().alias("line"))
          .filter(pl.col("line").isNotNull().and(pl.col("line").notEquals(pl.lit("")))),
      ));
    await checkLengths(source, texts, encoding);
    const frame = await collect(
      texts.lazy()
        .select(unspaced(pl.col("line"), between).str.split(between).alias("values"))
        .select(
          pl.col("values").list.first().alias("user"),
          pl.col("values").list.slice(1, 2 ** 31).alias("values"),
          pl.col("values").list.lengths().minus(pl.lit(1)).cast(pl.UInt32).alias("length"),
        ),
    );
    return { frame, delimiter: between };
  } catch (error) {
    throw await diagnose(source, error);
  }
}

/** Treats several separating spaces as one. */
const unspaced = (line: Expr, delimiter: string): Expr =>
  delimiter === " " ? line.str.replaceAll(" +", " ") : line;

/** Refuses lines too long for any user before they are split, because each item takes more memory than its text. */
async function checkLengths(source: Source, texts: DataFrame, encoding: FileEncoding): Promise<void> {
  const [longest] = texts.select(pl.col("line").str.lengths().max()).row(0) as [number | null];
  if ((longest ?? 0) <= MAX_LINE) return;
  for await (const _ of lines(source, encoding)); // Reports which line it is.
}

/** Returns the line of the file, from 1, that holds the sequence with this index. */
async function lineOf(source: Source, encoding: FileEncoding, sequence: number): Promise<number> {
  let line = 0, seen = -1;
  for await (const text of lines(source, encoding)) {
    line++;
    if (text.trim() !== "" && ++seen === sequence) break;
  }
  return line;
}

async function checkUsers(source: Source, sequences: DataFrame, encoding: FileEncoding) {
  const numbered = sequences.withRowIndex("_line");
  const lone = numbered.filter(pl.col("length").eq(pl.lit(0)));
  if (lone.height > 0) {
    const line = await lineOf(source, encoding, Number(lone.row(0)[0]));
    throw new InputError(
      `Cannot read ${source.path}: line ${line}: user ${
        quoteAll([lone.getColumn("user").get(0)])
      } has no items; ` +
        "a line is a user and one or more items",
    );
  }
  const repeated = numbered.filter(pl.col("user").isDuplicated());
  if (repeated.height === 0) return;
  const user = repeated.getColumn("user").get(0) as string;
  const second = repeated.filter(pl.col("user").eq(pl.lit(user))).getColumn("_line").get(1) as number;
  throw new InputError(
    `Cannot read ${source.path}: line ${await lineOf(
      source,
      encoding,
      second,
    )}: user ${quoteAll([user])} has a line already; ` +
      "put all of a user's items on one line",
  );
}

async function checkCompanion(
  source: Source,
  sequences: DataFrame,
  companion: Source,
  timestamps: DataFrame,
  encoding: FileEncoding,
) {
  if (sequences.height !== timestamps.height) {
    throw new InputError(
      `Cannot read ${companion.path} as the times of ${source.path}: ` +
        `it has ${timestamps.height} lines, not ${sequences.height}`,
    );
  }
  const differ = pl.DataFrame([
    sequences.getColumn("user"),
    sequences.getColumn("length"),
    timestamps.getColumn("user").rename("other"),
    timestamps.getColumn("length").rename("times"),
  ]).withRowIndex("_line").filter(
    pl.col("user").notEquals(pl.col("other")).or(pl.col("length").notEquals(pl.col("times"))),
  );
  if (differ.height === 0) return;
  const [sequence, user, length, other, times] = differ.row(0) as [number, string, number, string, number];
  const state = user === other
    ? `it has ${times} times for the ${length} items of user ${quoteAll([user])}`
    : `it has user ${quoteAll([other])} where the sequences have ${quoteAll([user])}`;
  throw new InputError(
    `Cannot read ${companion.path} as the times of ${source.path}: line ${await lineOf(
      companion,
      encoding,
      sequence,
    )}: ${state}`,
  );
}

/** Makes one row per item. */
function explode(sequences: DataFrame, timestamps: DataFrame | undefined): DataFrame {
  if (timestamps) {
    return pl.DataFrame([
      sequences.getColumn("user"),
      sequences.getColumn("values").rename("item"),
      timestamps.getColumn("values").rename("timestamp"),
    ]).lazy().explode("item", "timestamp").select(
      pl.col("user").cast(pl.Categorical),
      pl.col("item").cast(pl.Categorical),
      "timestamp",
    ).collectSync();
  }
  return sequences.lazy()
    // Position of each line's first row in the whole table: subtracting it turns a row's position in the table into that in its
    // line.
    .withColumn(pl.col("length").cast(pl.Int64).cumSum().minus(pl.col("length")).alias("start"))
    .select(pl.col("user").cast(pl.Categorical), pl.col("values").alias("item"), "start")
    .explode("item")
    .withRowIndex("row")
    .select(
      "user",
      pl.col("item").cast(pl.Categorical),
      pl.col("row").cast(pl.Int64).minus(pl.col("start")).alias("timestamp"),
    )
    .collectSync();
}

/** Keeps the rows of these users. The whole file is in memory anyway: whether a user has a second line cannot be seen from a part of it. */
const rowsOf = (users: readonly string[], frame: DataFrame): DataFrame =>
  frame.withColumns(pl.col("user").cast(pl.String), pl.col("item").cast(pl.String)).filter(ofUsers(users));

function sequenceLocator(
  source: Source,
  length: Series,
  delimiter: string,
  encoding: FileEncoding,
): RowLocator {
  const lengths = length.toTypedArray() as Uint32Array;
  return async (rows) => {
    const found: RowLocation[] = [];
    let line = 0, sequence = 0, start = 0;
    for await (const text of lines(source, encoding)) {
      line++;
      if (text.trim() === "") continue;
      const end = start + lengths[sequence++];
      while (found.length < rows.length && rows[found.length] < end) {
        const [user, ...items] = text.trim().split(delimiter === " " ? / +/ : delimiter);
        found.push({
          file: source.path,
          line,
          text,
          fields: { user, item: items[rows[found.length] - start] },
        });
      }
      if (found.length === rows.length) break;
      start = end;
    }
    return found;
  };
}
