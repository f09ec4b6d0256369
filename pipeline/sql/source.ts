/**
 * Raw interactions on an engine, in the form in which its reader passes them to the stages.
 *
 * @module
 */
import type { ColumnRole, RowLocation } from "../contract/stage/location.ts";
import type { StageReport } from "../contract/stage/report.ts";
import type { RowFlaw } from "../contract/stage/row_flaws.ts";
import type { SourceTime } from "./text/schema.ts";

/** A file as a cluster sees it, or a table in its catalog. */
export interface ClusterFile {
  /** Path or URI; for a table, `table:database.name`. */
  path: string;
  /** Size; for a table, that of the columns read, as text. */
  bytes: number;
  /** For a file: when it was last written, as an ISO date. */
  modified?: string;
  /** For a table: a number computed from its rows, independent of their order. */
  digest?: string;
}

/** Interactions that were read from files or a table. */
export interface SourceTable {
  /**
   * Name of a table with `user`, `item` (text), `rating`? (text, or numbers), `timestamp`, `event`?, the flaws, and `source_row`,
   * which orders rows as in the files.
   */
  table: string;
  hasRating: boolean;
  /** Whether there is an `event` column (text). */
  hasEvent: boolean;
  /** Whether ratings have a numeric type rather than text. */
  ratingIsNumber?: boolean;
  /** The flaws with which rows are marked. */
  flaws: RowFlaw[];
  time: SourceTime;
  report: StageReport;
  columnName(role: ColumnRole): string;
  /**
   * Finds rows in the files again, in their order.
   *
   * @param rows A query for their `source_row`.
   */
  locate(rows: string): Promise<RowLocation[]>;
}
