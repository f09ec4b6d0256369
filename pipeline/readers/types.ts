/**
 * What the readers of interactions take and give.
 *
 * @module
 */
import type { DataFrame } from "../contract/frame.ts";
import type { ColumnRole, RowLocator } from "../contract/stage/location.ts";
import type { ColumnUse } from "../contract/dataset/columns.ts";
import type { StageContext, StageResult } from "../contract/stage.ts";

/**
 * Format of files of interactions. `auto` finds it out from the name and the first lines. `format` of {@link readInteractions} and {@link prepare}.
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

/** All formats of files of interactions. */
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

/** Encoding of text files, as {@link readInteractions} and {@link prepare} take it. UTF-16 is found out. */
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

/** How {@link readInteractions} reads files. */
export interface ReadOptions extends StageContext {
  /** Paths or globs (`data/part-*.csv.gz`), read in this order; the files of a glob in the order of their names. */
  files: readonly string[];
  /** Default: `auto`. */
  format?: ReadFormat;
  /** What separates fields, as in `;`, `\t` or `::`. More than one character means that nothing is quoted. */
  delimiter?: string;
  /** Whether the first line names the columns. Default: found out. */
  header?: boolean;
  /** Whether fields may be in quotes. Where they may not, quotes are text. Default: true, but for MovieLens's own formats. */
  quotes?: boolean;
  /**
   * Roles by position (`["user", "item", "rating", "timestamp"]`, where `_` skips a column), or columns by name
   * (`["user=reviewerID", "item=asin"]`). Columns that are not named here are left out. An `event` is taken only where it is named.
   */
  columns?: readonly string[];
  /** Default: `utf-8`; files in MovieLens's formats that are not UTF-8 are read as `latin1`. UTF-16 is found out. */
  encoding?: TextEncoding;
  /** For `sequences`: a file with the same lines that has a time for each item. */
  sequenceTimestamps?: string;
  /** Whether times of delimited files stay text, zeros in front too. Default: false, numbers where all are whole numbers. */
  textTimes?: boolean;
  /** The same of ratings, for decimals that are not written with a point. Default: false, numbers where all are numbers. */
  textRatings?: boolean;
}

/** A file that was read, by {@link readInteractions} or {@link readSideTable}. */
export interface SourceFile {
  /** As it was given. */
  path: string;
  /** Its size on disk. */
  bytes: number;
  /** SHA-256 of the file as it lies on disk. */
  sha256: string;
  /** Rows of it that are in the frame. */
  rows: number;
}

/** What {@link readInteractions} returns. */
export interface ReadResult extends StageResult {
  /** The files that were read, in their order. */
  sources: SourceFile[];
  /** Finds rows of the frame in the files. It reads them again: meant for messages, not for work. */
  locate: RowLocator;
  /** What the source calls a column: its name, or `column 3` in a file without header. */
  columnName(role: ColumnRole): string;
}

/** What the reader of one format makes of one file. */
export interface FileTable {
  /** `user`, `item` (Categorical), `rating`?, `timestamp`?, `ragged`?, `misquoted`? */
  frame: DataFrame;
  /** What the file calls its columns, by role; and those that play none. */
  use: ColumnUse;
  /** Blank rows that were left out. */
  blank: number;
  warnings: string[];
  /** Finds rows by their index in this frame. */
  locate: RowLocator;
}
