/**
 * Input and output types of the readers of interactions.
 *
 * @module
 */
import type { DataFrame } from "../contract/frame.ts";
import type { ColumnRole, RowLocator } from "../contract/stage/location.ts";
import type { ColumnUse } from "../contract/dataset/columns.ts";
import type { StageContext, StageResult } from "../contract/stage.ts";

/**
 * Format of interaction files, for `format` of {@link readInteractions} and {@link prepare}. `auto` detects it from the first
 * bytes, the file name and the first lines.
 */
export type ReadFormat =
  | "auto"
  | "csv"
  | "tsv"
  | "movielens"
  | "recbole"
  | "amazon"
  | "jsonl"
  | "parquet"
  | "arrow"
  | "sequences";

/** All formats of interaction files. */
export const FORMATS: readonly ReadFormat[] = [
  "auto",
  "csv",
  "tsv",
  "movielens",
  "recbole",
  "amazon",
  "jsonl",
  "parquet",
  "arrow",
  "sequences",
];

/** Encoding of text files, for `encoding` of {@link readInteractions} and {@link prepare}. UTF-16 is detected automatically. */
export type TextEncoding =
  | "utf-8"
  | "latin1"
  | "latin2"
  | "windows-1250"
  | "windows-1251"
  | "windows-1252"
  | "windows-1253"
  | "windows-1254"
  | "windows-1255"
  | "windows-1256"
  | "windows-1257"
  | "windows-1258"
  | "windows-874"
  | "iso-8859-15"
  | "koi8-r"
  | "gbk"
  | "gb18030"
  | "big5"
  | "shift_jis"
  | "euc-jp"
  | "euc-kr";

/** All encodings of text files. */
export const ENCODINGS: readonly TextEncoding[] = [
  "utf-8",
  "latin1",
  "latin2",
  "windows-1250",
  "windows-1251",
  "windows-1252",
  "windows-1253",
  "windows-1254",
  "windows-1255",
  "windows-1256",
  "windows-1257",
  "windows-1258",
  "windows-874",
  "iso-8859-15",
  "koi8-r",
  "gbk",
  "gb18030",
  "big5",
  "shift_jis",
  "euc-jp",
  "euc-kr",
];

/** Options of {@link readInteractions}. */
export interface ReadOptions extends StageContext {
  /** Paths or globs (`data/part-*.csv.gz`), read in this order; the files of a glob are read in order of their names. */
  files: readonly string[];
  /** Format of the files. Default: `auto`. */
  format?: ReadFormat;
  /** The string that separates fields, such as `;`, `\t` or `::`. With more than one character, no field counts as quoted. */
  delimiter?: string;
  /** Whether the first line names the columns. Default: detected. */
  header?: boolean;
  /** Whether fields may be quoted. If not, quotes are part of the text. Default: true, except for MovieLens's own formats. */
  quotes?: boolean;
  /**
   * Roles by position (`["user", "item", "rating", "timestamp"]`, where `_` skips a column), or columns by name
   * (`["user=reviewerID", "item=asin"]`). Columns not named here are left out. An `event` column is read only if it is named.
   */
  columns?: readonly string[];
  /** Encoding of the files. Default: `utf-8`; files in MovieLens's formats that are not UTF-8 are read as `latin1`. UTF-16 is detected. */
  encoding?: TextEncoding;
  /** For `sequences`: a file with the same lines that holds a time for each item. */
  sequenceTimestamps?: string;
  /** Whether times in delimited files stay text, including leading zeros. Default: false; times are numbers if all are whole numbers. */
  textTimes?: boolean;
  /** Whether ratings in delimited files stay text, for decimals not written with a point. Default: false; numbers if all are numbers. */
  textRatings?: boolean;
}

/** A file read by {@link readInteractions} or {@link readSideTable}. */
export interface SourceFile {
  /** Path as the caller gave it. */
  path: string;
  /** Size on disk in bytes. */
  bytes: number;
  /** SHA-256 of the file as it is on disk. */
  sha256: string;
  /** Number of its rows that are in the frame. */
  rows: number;
}

/** The result of {@link readInteractions}. */
export interface ReadResult extends StageResult {
  /** The files that were read, in order. */
  sources: SourceFile[];
  /** Finds rows of the frame in the files. It reads the files again: meant for messages, not for bulk work. */
  locate: RowLocator;
  /** Returns what the source calls a column: its name, or `column 3` if the file has no header. */
  columnName(role: ColumnRole): string;
}

/** The result of reading one file with the reader of its format. */
export interface FileTable {
  /** `user`, `item` (Categorical), `rating`?, `timestamp`?, `ragged`?, `misquoted`?, `unparsed`? */
  frame: DataFrame;
  /** What the file calls its columns, by role, and the columns that have no role. */
  use: ColumnUse;
  /** Number of blank rows left out. */
  blank: number;
  warnings: string[];
  /** Finds rows by their index in this frame. */
  locate: RowLocator;
}
