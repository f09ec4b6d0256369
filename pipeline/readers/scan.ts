/**
 * Opens text files as lazy frames.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import pl, { type DataFrame, type DataType, type Expr, type LazyDataFrame } from "nodejs-polars";
import { absolutePath } from "../contract/files/readable.ts";
import { wholeContent } from "./content.ts";
import { mendedQuotes } from "./delimited/mended_quotes.ts";
import { isByte, type Layout } from "./delimited/sample.ts";
import type { Source } from "./source.ts";
import type { FileEncoding } from "./decode.ts";

/**
 * Stands for "no quoting" and "no delimiter" where Polars requires a character: this one does not occur in text. (Others do: U+0001
 * separates the fields of Hive's tables.)
 */
const NEVER_QUOTE = "\0", NEVER_DELIMITER = "\0";

/** The column for fields beyond those a row should have. */
export const OVERFLOW = "_over";

/** Options for scanning a delimited file. */
export interface TextScan {
  /** One byte. If left out, each line is one field. */
  delimiter?: string;
  quotes: boolean;
  lineEnd: "\n" | "\r";
  skipLines: number;
  /** Names and types of all columns, {@link OVERFLOW} last: a value there shows that a row has too many fields. */
  schema: Record<string, DataType>;
}

/**
 * Returns the rows of a text file. Missing and empty fields are null; blank lines are rows of nulls.
 *
 * Polars supports only UTF-8, and quotes that pair up: a file in another encoding, a misquoted one, or one that is inflated here is
 * read into memory.
 */
async function scanText(
  source: Source,
  encoding: FileEncoding,
  scan: TextScan,
): Promise<LazyDataFrame> {
  const options = {
    hasHeader: false,
    sep: scan.delimiter ?? NEVER_DELIMITER,
    quoteChar: scan.quotes ? '"' : NEVER_QUOTE,
    eolChar: scan.lineEnd,
    schema: scan.schema,
    truncateRaggedLines: true,
    raiseIfEmpty: false,
    nullValues: "",
  };
  if (encoding === "utf-8" && !source.misquoted && !source.inflated) {
    return pl.scanCSV(absolutePath(source.path), { ...options, skipLines: scan.skipLines, glob: false });
  }
  const bytes = await wholeContent(source, encoding);
  const text = Buffer.from(bytes.buffer, skipLines(bytes, scan));
  const body = source.misquoted && scan.delimiter !== undefined
    ? mendedQuotes(text, { ...scan, delimiter: scan.delimiter }, Object.keys(scan.schema).length)
    : text;
  if (body.length === 0) {
    return pl.DataFrame(Object.entries(scan.schema).map(([n, t]) => pl.Series(n, [], t))).lazy();
  }
  return pl.readCSV(body, options).lazy();
}

/** Returns where line `skipLines` (from 0) begins. */
function skipLines(bytes: Uint8Array, { skipLines, lineEnd }: TextScan): number {
  let start = 0;
  for (let line = 0; line < skipLines; line++) {
    const end = bytes.indexOf(lineEnd.charCodeAt(0), start);
    if (end < 0) return bytes.length;
    start = end + 1;
  }
  return start;
}

/** Returns the lines of a text file as one column, `line`; blank ones are null. */
export function scanLines(
  source: Source,
  encoding: FileEncoding,
  { lineEnd, skipLines = 0 }: { lineEnd: "\n" | "\r"; skipLines?: number },
): Promise<LazyDataFrame> {
  return scanText(source, encoding, { quotes: false, lineEnd, skipLines, schema: { line: pl.String } });
}

/**
 * Returns the fields of a delimited file as text, in columns named by position (`0`, `1` …), and {@link OVERFLOW}: all fields, or
 * at least those in `types`.
 */
export async function scanFields(
  source: Source,
  { dialect, width, headerLines }: Pick<Layout, "dialect" | "width" | "headerLines">,
  types: Record<number, DataType> = {},
  overflow: DataType = pl.String,
): Promise<LazyDataFrame> {
  const positions = Array.from({ length: width }, (_, i) => i);
  if (isByte(dialect.delimiter)) {
    return await scanText(source, dialect.encoding, {
      ...dialect,
      skipLines: headerLines,
      schema: {
        ...Object.fromEntries(positions.map((i) => [String(i), types[i] ?? pl.String])),
        [OVERFLOW]: overflow,
      },
    });
  }
  // Polars splits only at a single byte; longer delimiters are split afterwards.
  const fields = (await scanLines(source, dialect.encoding, { ...dialect, skipLines: headerLines }))
    .select(pl.col("line").str.split(dialect.delimiter).alias("fields"));
  const field = (i: number) => {
    const text = pl.col("fields").list.get(i, true);
    return pl.when(text.eq(pl.lit(""))).then(pl.lit(null)).otherwise(text);
  };
  const wanted = positions.filter((i) => i in types);
  return fields.select(
    ...(wanted.length > 0 ? wanted : positions).map((i) =>
      field(i).cast(types[i] ?? pl.String, true).alias(String(i))
    ),
    field(width).alias(OVERFLOW),
  );
}

/** Runs a scan outside the main thread. */
export function collect(frame: LazyDataFrame): Promise<DataFrame> {
  return frame.collect();
}

/** Whether a row belongs to one of these users; ids must be text in it. */
export const ofUsers = (users: readonly string[]): Expr => pl.col("user").isIn([...users]);

/**
 * Whether a row of {@link scanFields} holds only white space, as one expression for any number of columns. With a condition per
 * column, Polars builds a tree that takes it minutes from some hundred columns on.
 */
export const isBlankRow = (columns: string[]): Expr =>
  pl.concatString(columns, "", true).str.strip().eq(pl.lit(""));
