/**
 * Scans delimited text: CSV, TSV and similar, MovieLens, RecBole, Amazon's ratings.
 *
 * @module
 */
import type { Buffer } from "node:buffer";
import pl, { type DataFrame, type DataType, type Expr } from "nodejs-polars";
import { parse } from "csv-parse";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type ColumnRole, ROLES } from "../contract/stage/location.ts";
import type { RowFlaw } from "../contract/stage/row_flaws.ts";
import { text } from "./content.ts";
import { isByte, type Layout, lineCount, parserOptions, type Shape } from "./layout.ts";
import { mendedQuotes, MISQUOTED } from "./mended_quotes.ts";
import { type PieceOptions, readPieces } from "./records.ts";
import { columnUse } from "./roles.ts";
import type { Source } from "./source.ts";
import type { RowFrame, Scan } from "./scan.ts";

/**
 * Stands for "no quoting" and "no delimiter" where Polars requires a character: this one does not occur in text. (Others do: U+0001
 * separates the fields of Hive's tables.)
 */
const NEVER = "\0";

/** The column for fields beyond those a row should have. */
export const OVERFLOW = "_over";

/** Maximum length of a row in bytes: in a longer one, Polars would search for fields for minutes. */
const MAX_ROW = 1 << 24;

/** How the fields of a delimited file are read. */
export interface FieldOptions extends PieceOptions {
  /** The columns that are wanted, by position, and which of them a row that is not blank has. Default: all, as text. */
  wanted?: { types: Readonly<Record<string, DataType>>; filled: readonly string[] };
  /** Receives a remark if a piece that is not UTF-8 was read as Latin-1; without it, such a file is refused. */
  onLatin1?: () => void;
}

/**
 * Yields the rows of a delimited file that are not blank, in columns named by position (`0`, `1` …); and {@link OVERFLOW}, where a
 * value shows that a row has too many fields. Missing and empty fields are null. Columns of numbers that have something else in a
 * piece are text in that piece.
 *
 * @throws {InputError} for a quoted field that is not closed, a line that is too long, and bytes that are not UTF-8.
 */
export function fieldFrames(
  source: Source,
  shape: Shape,
  { wanted, ...options }: FieldOptions,
): AsyncGenerator<RowFrame> {
  const { dialect } = shape, delimiter = dialect.quotes ? dialect.delimiter : undefined;
  const marks = { ...dialect, delimiter, maxBytes: MAX_ROW };
  return readPieces(source, marks, options, ({ bytes, start, misquoted }) => {
    const body = bytes.subarray(start === 0 ? lineStart(bytes, shape) : 0);
    const text = misquoted ? mendedQuotes(body, dialect, shape.width + 1) : body;
    return { ...fieldsIn(text, shape, wanted), misquoted };
  });
}

/** Returns where the rows begin behind the header. */
function lineStart(bytes: Uint8Array, { headerLines, dialect }: Shape): number {
  let start = 0;
  for (let line = 0; line < headerLines; line++) {
    const end = bytes.indexOf(dialect.lineEnd.charCodeAt(0), start);
    if (end < 0) return bytes.length;
    start = end + 1;
  }
  return start;
}

function fieldsIn(bytes: Buffer, shape: Shape, wanted: FieldOptions["wanted"]): RowFrame {
  const well = wanted && wellFormed(bytes, shape, wanted);
  if (well) return { frame: well, blank: 0 };
  const all = parsed(bytes, shape, {}, pl.String), kept = all.filter(isBlankRow(all.columns).not());
  const columns = wanted ? [...Object.keys(wanted.types), OVERFLOW] : all.columns;
  const frame = kept.select(...columns.map((name) => typed(kept, name, wanted?.types[name])));
  return { frame, blank: all.height - kept.height };
}

/** Reads rows that are all well-formed; undefined if some may be blank, overflow, or have something else where numbers are expected. */
function wellFormed(
  bytes: Buffer,
  shape: Shape,
  { types, filled }: NonNullable<FieldOptions["wanted"]>,
): DataFrame | undefined {
  try {
    const frame = parsed(bytes, shape, types, pl.Bool, [...Object.keys(types), OVERFLOW]);
    const isFilled = filled.every((name) => frame.getColumn(name).nullCount() === 0);
    return isFilled && frame.getColumn(OVERFLOW).nullCount() === frame.height ? frame : undefined;
  } catch (error) {
    if (/could not parse|conversion from .* failed/.test((error as Error).message)) return undefined;
    throw error;
  }
}

/** A column in its type; text if not all of it is of this type. */
function typed(frame: DataFrame, name: string, type: DataType | undefined): Expr {
  const series = frame.getColumn(name);
  return type === undefined || series.cast(type, false).nullCount() !== series.nullCount()
    ? pl.col(name)
    : pl.col(name).cast(type);
}

/** Splits the rows of a text into fields: those that are wanted, or all. */
function parsed(
  bytes: Buffer,
  { dialect: { delimiter, quotes, lineEnd }, width }: Shape,
  types: Readonly<Record<string, DataType>>,
  overflow: DataType,
  columns = [...Array.from({ length: width }, (_, i) => String(i)), OVERFLOW],
): DataFrame {
  if (isByte(delimiter)) {
    const positions = Array.from({ length: width }, (_, i) => [i, types[i] ?? pl.String]);
    const schema = { ...Object.fromEntries(positions), [OVERFLOW]: overflow };
    return readText(bytes, { sep: delimiter, quoteChar: quotes ? '"' : NEVER, lineEnd, schema }, columns);
  }
  // Polars splits only at a single byte; longer delimiters are split afterwards.
  const field = (i: number) => {
    const text = pl.col("fields").list.get(i, true);
    return pl.when(text.eq(pl.lit(""))).then(pl.lit(null)).otherwise(text);
  };
  return linesIn(bytes, lineEnd).select(pl.col("line").str.split(delimiter).alias("fields")).select(
    ...columns.map((name) =>
      name === OVERFLOW
        ? field(width).alias(OVERFLOW)
        : field(Number(name)).cast(types[name] ?? pl.String, true).alias(name)
    ),
  );
}

/** Returns the lines of a text as one column, `line`; blank ones are null. */
export const linesIn = (bytes: Buffer, lineEnd: "\n" | "\r"): DataFrame =>
  readText(bytes, { sep: NEVER, quoteChar: NEVER, lineEnd, schema: { line: pl.String } });

function readText(
  bytes: Buffer,
  { lineEnd, ...form }: {
    sep: string;
    quoteChar: string;
    lineEnd: string;
    schema: Record<string, DataType>;
  },
  columns?: string[],
): DataFrame {
  const frame = pl.readCSV(bytes, {
    ...form,
    ...(columns && { columns }),
    hasHeader: false,
    eolChar: lineEnd,
    truncateRaggedLines: true,
    raiseIfEmpty: false,
    nullValues: "",
  });
  return columns ? frame.select(...columns) : frame;
}

/**
 * Whether a row holds only white space, as one expression for any number of columns. With a condition per column, Polars builds a
 * tree that takes it minutes from some hundred columns on.
 */
const isBlankRow = (columns: string[]): Expr => pl.concatString(columns, "", true).str.strip().eq(pl.lit(""));

/**
 * Scans a file of interactions.
 *
 * @param maybeLatin1 For formats whose files are often Latin-1: what is not UTF-8 is read as Latin-1.
 */
export function scanDelimited(
  source: Source,
  layout: Layout,
  warnings: string[],
  maybeLatin1: boolean,
): Scan {
  const { columns, textTimes, textRatings } = layout, roles = ROLES.filter((role) => columns[role]);
  const place = (role: ColumnRole) => String(columns[role]!.index);
  // Numbers take half the memory of text.
  const rating = textRatings ? pl.String : pl.Float64, timestamp = textTimes ? pl.String : pl.Int64;
  const warning = `${source.path}: not UTF-8; read as Latin-1`;
  const onLatin1 = () => warnings.includes(warning) || warnings.push(warning);
  return {
    use: columnUse(layout.names, columns),
    warnings,
    async *frames({ ids, ...options }) {
      const type = { user: ids, item: ids, event: ids, rating, timestamp };
      const types = Object.fromEntries(roles.map((role) => [place(role), type[role]]));
      const wanted = { types, filled: [place("user"), place("item")] };
      const fields = { ...options, wanted, ...(maybeLatin1 && { onLatin1 }) };
      for await (const { frame, blank } of fieldFrames(source, layout, fields)) {
        const named = frame.select(
          ...roles.map((role) => pl.col(place(role)).alias(role)),
          pl.col(OVERFLOW),
        );
        yield { frame: withFlaws(named), blank };
      }
    },
    locate: async (rows) =>
      (await findRecords(source, layout, rows)).map(({ line, text, fields }) => {
        const named = roles.map((role) => [role, fields[columns[role]!.index]]).filter(([, field]) => field);
        return { file: source.path, line, text, fields: Object.fromEntries(named) };
      }),
  };
}

/** Adds `misquoted` (text after a closing quote) and `ragged` (any other overflow), each only if some row has the flaw. */
function withFlaws(frame: DataFrame): DataFrame {
  if (frame.getColumn(OVERFLOW).nullCount() === frame.height) return frame.drop(OVERFLOW);
  const isMisquoted = pl.col(OVERFLOW).eq(pl.lit(MISQUOTED)).fillNull(pl.lit(false));
  const flaws: readonly [RowFlaw, Expr][] = [
    ["misquoted", isMisquoted],
    ["ragged", pl.col(OVERFLOW).isNotNull().and(isMisquoted.not())],
  ];
  const marked = frame.withColumns(...flaws.map(([flaw, isFlawed]) => isFlawed.alias(flaw)));
  const absent = flaws.map(([flaw]) => flaw).filter((flaw) => marked.filter(pl.col(flaw)).height === 0);
  return marked.drop(OVERFLOW, ...absent);
}

/** A row of a delimited file. */
interface FileRecord {
  /** The line where it begins, from 1. */
  line: number;
  fields: string[];
  text: string;
}

/**
 * Finds rows of a delimited file by their index among the rows that are not blank: slowly but exactly, record by record.
 *
 * @param rows Ascending.
 */
export async function findRecords(
  source: Source,
  { dialect, headerLines }: Shape,
  rows: number[],
): Promise<FileRecord[]> {
  const found: FileRecord[] = [];
  if (rows.length === 0) return found;
  const parser = parse({ ...parserOptions(dialect), raw: true });
  // Errors of the source reach the loop below through the parser.
  pipeline(Readable.from(text(source, dialect.encoding)), parser).catch(() => {});
  let line = 1, row = 0;
  for await (const { record, raw } of parser as AsyncIterable<{ record: string[]; raw: string }>) {
    const isBlank = record.every((field) => field.trim() === "");
    if (line > headerLines && !isBlank && row++ === rows[found.length]) {
      // csv-parse's `raw` leaves out all but the first character of a longer delimiter.
      const { delimiter } = dialect;
      const whole = delimiter.length > 1 ? record.join(delimiter) : raw.replace(/[\r\n]+$/, "");
      found.push({ line, fields: record, text: whole });
    }
    if (found.length === rows.length) break;
    line += lineCount(record, dialect);
  }
  return found;
}
