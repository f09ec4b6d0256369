/**
 * Input and output types of the readers of side tables.
 *
 * @module
 */
import type { Decimal } from "../../contract/values/decimals.ts";
import type { DataFrame } from "../../contract/frame.ts";
import type { ColumnUse } from "../../contract/dataset/columns.ts";
import type { StageContext, StageResult } from "../../contract/stage.ts";
import type { SourceFile, TextEncoding } from "../types.ts";

/**
 * Format of a side table, for `format` of {@link readSideTable}. `auto` detects it from the first bytes, the file name and the
 * first lines.
 */
export type SideFormat = "auto" | "csv" | "tsv" | "movielens" | "recbole" | "json" | "parquet" | "arrow";

/** All formats of side tables. */
export const SIDE_FORMATS: readonly SideFormat[] = [
  "auto",
  "csv",
  "tsv",
  "movielens",
  "recbole",
  "json",
  "parquet",
  "arrow",
];

/** Options of {@link readSideTable}. */
export interface SideTableOptions extends StageContext {
  /** Path of the table, plain or gzip. */
  file: string;
  /** What the table describes, which decides the names searched for the id column. Default: either. */
  key?: "item" | "user";
  /** Format of the file. Default: `auto`. */
  format?: SideFormat;
  /** The string that separates fields. Default: detected. */
  delimiter?: string;
  /** Whether the first line names the columns. Default: detected. */
  header?: boolean;
  /**
   * Names by position (`["id", "title", "genres"]`, where `_` skips a column), or new names for columns of the header, especially
   * the id (`["id=movieId", "title=name"]`). Default: as in the header, or as the format defines them.
   */
  columns?: readonly string[];
  /** What the interactions call the id: a column of that name in the table is the id, unless `columns` names another. */
  idName?: string;
  /** Encoding of the file. Default: `utf-8`; MovieLens's files that are not UTF-8 are read as `latin1`. */
  encoding?: TextEncoding;
  /** The decimal separator. With `comma`, columns of numbers such as `3,5` are read as `3.5`. Default: `point`. */
  decimal?: Decimal;
  /** Words that mean a missing value: such a value becomes null, and a row whose id is one of them is left out. Default: none. */
  nullValues?: readonly string[];
}

/** The result of {@link readSideTable}. */
export interface SideTableResult extends StageResult {
  /** The file that was read. */
  sources: SourceFile[];
}

/** The result of reading one file: `id` and the other columns, all strings. */
export interface SideRows {
  frame: DataFrame;
  /** The original names of columns that have another name in the frame, and the columns left out. */
  use: ColumnUse;
  warnings: string[];
  /** Returns where a row is, for messages: `line 17`. */
  place: (row: number) => Promise<string>;
}
