/**
 * What the readers of side tables take and give.
 *
 * @module
 */
import type { DataFrame } from "nodejs-polars";
import type { StageContext, StageResult } from "../../contract/stage.ts";
import type { Encoding, SourceFile } from "../types.ts";

/** Formats of side tables. `auto` finds out from the name and the first lines. */
export const SIDE_FORMATS = [
  "auto",
  "csv",
  "tsv",
  "movielens",
  "recbole",
  "json",
  "parquet",
  "arrow",
] as const;
export type SideFormat = (typeof SIDE_FORMATS)[number];

/** How to read a side table. */
export interface SideTableOptions extends StageContext {
  file: string;
  /** What the table is about: which names of the id column are looked for. Default: either. */
  key?: "item" | "user";
  /** Default: `auto`. */
  format?: SideFormat;
  delimiter?: string;
  /** Whether the first line names the columns. Default: found out. */
  header?: boolean;
  /**
   * Names by position (`["id", "title", "genres"]`, `_` skips a column), or what columns of the header are to be called, the id first of all
   * (`["id=movieId", "title=name"]`). Default: by the header, or as the format has them.
   */
  columns?: string[];
  /** What the interactions call the id: where the table has a column of that name, it is the id, unless `columns` says another. */
  idName?: string;
  /** Default: `utf-8`; MovieLens's files that are not UTF-8 are read as `latin1`. */
  encoding?: Encoding;
}

/** What {@link readSideTable} returns. */
export interface SideTableResult extends StageResult {
  sources: SourceFile[];
}

/** What the reader of one kind of file makes of it: `id` and the other columns, all strings. */
export interface SideRows {
  frame: DataFrame;
  warnings: string[];
  /** Where a row is, for messages: `line 17`. */
  place: (row: number) => Promise<string>;
}
