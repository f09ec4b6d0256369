/**
 * What the readers of side tables take and give.
 *
 * @module
 */
import type { Decimal } from "../../contract/values/decimals.ts";
import type { DataFrame } from "../../contract/frame.ts";
import type { ColumnUse } from "../../contract/dataset/columns.ts";
import type { StageContext, StageResult } from "../../contract/stage.ts";
import type { SourceFile, TextEncoding } from "../types.ts";

/** Format of a side table. `auto` finds it out from the name and the first lines. `format` of {@link readSideTable}. */
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

/** How {@link readSideTable} reads a file. */
export interface SideTableOptions extends StageContext {
  /** Path of the table; plain or gzip. */
  file: string;
  /** What the table is about: which names of the id column are looked for. Default: either. */
  key?: "item" | "user";
  /** Default: `auto`. */
  format?: SideFormat;
  /** What separates fields. Default: found out. */
  delimiter?: string;
  /** Whether the first line names the columns. Default: found out. */
  header?: boolean;
  /**
   * Names by position (`["id", "title", "genres"]`, `_` skips a column), or what columns of the header are to be called, the id first of all
   * (`["id=movieId", "title=name"]`). Default: by the header, or as the format has them.
   */
  columns?: readonly string[];
  /** What the interactions call the id: where the table has a column of that name, it is the id, unless `columns` says another. */
  idName?: string;
  /** Default: `utf-8`; MovieLens's files that are not UTF-8 are read as `latin1`. */
  encoding?: TextEncoding;
  /** What stands before decimals: with `comma`, columns of numbers such as `3,5` are read as `3.5`. Default: `point`. */
  decimal?: Decimal;
  /** Words that stand for no value: such a value is missing, and a row whose id is one of them is left out. Default: none. */
  nullValues?: readonly string[];
}

/** What {@link readSideTable} returns. */
export interface SideTableResult extends StageResult {
  /** The file that was read. */
  sources: SourceFile[];
}

/** What the reader of one kind of file makes of it: `id` and the other columns, all strings. */
export interface SideRows {
  frame: DataFrame;
  /** What the table calls the columns that have another name in the frame, and which it has beside. */
  use: ColumnUse;
  warnings: string[];
  /** Where a row is, for messages: `line 17`. */
  place: (row: number) => Promise<string>;
}
