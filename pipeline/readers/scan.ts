/**
 * What each format gives, and every use of a file begins with.
 *
 * @module
 */
import type { DataFrame, DataType } from "nodejs-polars";
import type { ColumnUse } from "../contract/dataset/columns.ts";
import type { RowLocator } from "../contract/stage/location.ts";
import type { PieceOptions } from "./records.ts";

/** Some rows of a file. */
export interface RowFrame {
  frame: DataFrame;
  /** Number of blank rows that were left out. */
  blank: number;
  /** Whether some row so far has quotes within an unquoted field, or text after a closing quote. */
  misquoted?: boolean;
}

/** A file of interactions: what its columns are, its rows one frame after another, and their places. */
export interface Scan {
  /** What the file calls its columns, by role, and the columns that have no role. */
  use: ColumnUse;
  /** Remarks for the user; reading the rows may add some. */
  warnings: string[];
  /** Number of rows, if the file says so. */
  rows?: number;
  /**
   * Yields `user`, `item`, `rating`?, `timestamp`?, `event`?, `ragged`?, `misquoted`?, `unparsed`?; where a piece has text in a
   * column of numbers, the column is text in that piece.
   *
   * @param options `ids` is the type of the ids: Categorical or String.
   */
  frames(options: PieceOptions & { ids: DataType }): AsyncIterable<RowFrame>;
  /** Finds rows by their index among those that are not blank. */
  locate: RowLocator;
}
