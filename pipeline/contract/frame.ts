/**
 * The table types of Polars, under the names that this library uses.
 *
 * @module
 */
import type * as polars from "nodejs-polars";

/**
 * A table in memory: a data frame of [Polars](https://pola-rs.github.io/nodejs-polars/). A {@link SequenceDataset} returns its tables as
 * such.
 */
export type DataFrame = polars.DataFrame;

/** A table that has not been read or computed yet: a lazy frame of Polars, which `collect` turns into a {@link DataFrame}. */
export type LazyDataFrame = polars.LazyDataFrame;

/** Rows that are in memory, such as those of a frame, or on disk until they are read. */
export interface Rows {
  readonly height: number;
  readonly columns: string[];
  /** Returns the rows as a lazy frame, read when it is used. */
  lazy(): LazyDataFrame;
}
