/**
 * Scans interactions as sequences, one user per line: `user item1 item2 …`, the oldest first.
 *
 * @module
 */
import pl, { type DataFrame, type DataType, type Expr, type Series } from "nodejs-polars";
import { InputError } from "../contract/errors.ts";
import type { RowLocation } from "../contract/stage/location.ts";
import { lines } from "./content.ts";
import { linesIn } from "./delimited.ts";
import type { FileEncoding } from "./encoding.ts";
import { guessDelimiter, lineEndOf } from "./layout.ts";
import { type PieceOptions, readPieces } from "./records.ts";
import { quoteAll } from "./roles.ts";
import { headText, openSource, type Source } from "./source.ts";
import type { Scan } from "./scan.ts";

/** Options of {@link scanSequences}. */
export interface SequenceOptions {
  encoding: FileEncoding;
  /** Default: tab, space or comma, whichever the first lines contain. */
  delimiter?: string;
  /** A file with the same lines that holds a time for each item. */
  timestamps?: string;
}

/**
 * Scans a file of sequences: `user`, `item`, `timestamp`, which is the item's position in its line, from 0 (Int64), or the text in the
 * file of timestamps. The file is in memory at once, for a user may have a second line anywhere.
 *
 * @throws {InputError} for a user with two lines or without items, and for a timestamps file whose lines do not match.
 */
export function scanSequences(source: Source, options: SequenceOptions): Scan {
  const { encoding, timestamps } = options;
  const delimiter = delimiterOf(source, options);
  let lengths: Series | undefined;
  return {
    use: { taken: { user: "user", item: "item", timestamp: "timestamp" }, unused: [] },
    warnings: timestamps === undefined
      ? [`${source.path}: no timestamps; the position in the sequence is the time`]
      : [],
    async *frames({ ids, ...pieces }) {
      const sequences = await readLines(source, { encoding, delimiter }, pieces);
      lengths = sequences.getColumn("length");
      await checkUsers(source, sequences, encoding);
      const times = timestamps === undefined
        ? undefined
        : await companionOf(source, sequences, timestamps, encoding);
      yield { frame: explode(sequences, times, ids), blank: 0 };
    },
    async locate(rows) {
      const counts = lengths!.toTypedArray() as Uint32Array;
      const found: RowLocation[] = [];
      let line = 0, sequence = 0, start = 0;
      for await (const text of lines(source, encoding)) {
        line++;
        if (text.trim() === "") continue;
        const end = start + counts[sequence++];
        const [user, ...items] = text.trim().split(delimiter === " " ? / +/ : delimiter);
        while (found.length < rows.length && rows[found.length] < end) {
          const item = items[rows[found.length] - start];
          found.push({ file: source.path, line, text, fields: { user, item } });
        }
        if (found.length === rows.length) break;
        start = end;
      }
      return found;
    },
  };
}

function delimiterOf(source: Source, { encoding, delimiter }: SequenceOptions): string {
  const head = headText(source, encoding), usual = ["\t", " ", ","];
  const between = delimiter ??
    usual.find((candidate) => head.split(/[\r\n]/, 1)[0].includes(candidate)) ?? guessDelimiter(head, usual);
  if (between !== undefined) return between;
  throw new InputError(
    `Cannot read ${source.path}: line 1 has a user but no items; give the delimiter with --delimiter`,
  );
}

/** Reads the lines, one row per line: `user`, `values` (list), `length`. */
async function readLines(
  source: Source,
  { encoding, delimiter }: { encoding: FileEncoding; delimiter: string },
  options: PieceOptions,
): Promise<DataFrame> {
  const lineEnd = lineEndOf(headText(source, encoding));
  const pieces = readPieces(source, { encoding, lineEnd }, options, ({ bytes }) => linesIn(bytes, lineEnd));
  const frames = await Array.fromAsync(pieces);
  // Several separating spaces are as one.
  const unspaced = (line: Expr) => delimiter === " " ? line.str.replaceAll(" +", " ") : line;
  return await pl.concat(frames, { how: "vertical" }).lazy()
    .select(pl.col("line").str.strip().alias("line"))
    .filter(pl.col("line").isNotNull().and(pl.col("line").notEquals(pl.lit(""))))
    .select(unspaced(pl.col("line")).str.split(delimiter).alias("values"))
    .select(
      pl.col("values").list.first().alias("user"),
      pl.col("values").list.slice(1, 2 ** 31).alias("values"),
      pl.col("values").list.lengths().minus(pl.lit(1)).cast(pl.UInt32).alias("length"),
    ).collect();
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

async function checkUsers(source: Source, sequences: DataFrame, encoding: FileEncoding): Promise<void> {
  const numbered = sequences.withRowIndex("_line"), isRepeated = pl.col("user").isDuplicated();
  const lone = numbered.filter(pl.col("length").eq(pl.lit(0)));
  const again = numbered.filter(isRepeated).filter(pl.col("user").isFirstDistinct().not());
  const [bad, state] = lone.height > 0
    ? [lone, "has no items; a line is a user and one or more items"]
    : [again, "has a line already; put all of a user's items on one line"];
  if (bad.height === 0) return;
  const line = await lineOf(source, encoding, Number(bad.getColumn("_line").get(0)));
  const user = quoteAll([bad.getColumn("user").get(0)]);
  throw new InputError(`Cannot read ${source.path}: line ${line}: user ${user} ${state}`);
}

/** Reads the file with the times of the items, and checks that its lines match. */
async function companionOf(source: Source, sequences: DataFrame, path: string, said: FileEncoding) {
  const companion = await openSource(path);
  const encoding = companion.marked ?? (source.marked ? "utf-8" : said);
  const delimiter = delimiterOf(companion, { encoding });
  const timestamps = await readLines(companion, { encoding, delimiter }, {});
  const wrong = (state: string) =>
    new InputError(`Cannot read ${companion.path} as the times of ${source.path}: ${state}`);
  if (sequences.height !== timestamps.height) {
    throw wrong(`it has ${timestamps.height} lines, not ${sequences.height}`);
  }
  const differ = pl.DataFrame([
    sequences.getColumn("user"),
    sequences.getColumn("length"),
    timestamps.getColumn("user").rename("other"),
    timestamps.getColumn("length").rename("times"),
  ]).withRowIndex("_line").filter(
    pl.col("user").notEquals(pl.col("other")).or(pl.col("length").notEquals(pl.col("times"))),
  );
  if (differ.height === 0) return timestamps;
  const [sequence, user, length, other, times] = differ.row(0) as [number, string, number, string, number];
  const state = user === other
    ? `it has ${times} times for the ${length} items of user ${quoteAll([user])}`
    : `it has user ${quoteAll([other])} where the sequences have ${quoteAll([user])}`;
  throw wrong(`line ${await lineOf(companion, encoding, sequence)}: ${state}`);
}

/** Makes one row per item. */
function explode(sequences: DataFrame, timestamps: DataFrame | undefined, ids: DataType): DataFrame {
  const [user, item] = [pl.col("user").cast(ids), pl.col("item").cast(ids)];
  if (timestamps) {
    return pl.DataFrame([
      sequences.getColumn("user"),
      sequences.getColumn("values").rename("item"),
      timestamps.getColumn("values").rename("timestamp"),
    ]).lazy().explode("item", "timestamp").select(user, item, "timestamp").collectSync();
  }
  return sequences.lazy()
    // Position of each line's first row in the whole table: subtracting it turns a row's position in the table into that in its
    // line.
    .withColumn(pl.col("length").cast(pl.Int64).cumSum().minus(pl.col("length")).alias("start"))
    .select(user, pl.col("values").alias("item"), "start")
    .explode("item")
    .withRowIndex("row")
    .select("user", item, pl.col("row").cast(pl.Int64).minus(pl.col("start")).alias("timestamp"))
    .collectSync();
}
