/**
 * Raw interactions on an engine, as its reader leaves them for the stages.
 *
 * @module
 */
import type { ColumnRole, RowLocation } from "../contract/stage/location.ts";
import type { StageReport } from "../contract/stage/report.ts";
import type { RowFlaw } from "../contract/stage/row_flaws.ts";
import type { SourceTime } from "./text/schema.ts";

/** A file as a cluster sees it, or a table of its catalogue. */
export interface ClusterFile {
  /** Of a table `table:database.name`. */
  path: string;
  /** Of a table: of the columns that are read, as text. */
  bytes: number;
  /** Of a file: when it was last written, as an ISO date. */
  modified?: string;
  /** Of a table: a number that follows from its rows in any order. */
  digest?: string;
}

/** Files of interactions that were read. */
export interface SourceTable {
  /** `user`, `item` (text), `rating`? (text, or numbers), `timestamp`, `event`?, `flaws`, and `source_row`, which orders rows as the files have them. */
  table: string;
  hasRating: boolean;
  /** Whether there is an `event` (text). */
  hasEvent: boolean;
  /** Ratings are numbers of their own, not text. */
  ratingIsNumber?: boolean;
  /** Those that rows are marked with. */
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
