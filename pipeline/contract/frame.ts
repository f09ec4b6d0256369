/**
 * The tables of Polars, as our types name them.
 *
 * @module
 */
import type * as polars from "nodejs-polars";

/**
 * A table in memory: a data frame of [Polars](https://pola-rs.github.io/nodejs-polars/). A {@link SequenceDataset} has its tables as these.
 */
export type DataFrame = polars.DataFrame;

/** A table that is yet to be read or computed: a lazy frame of Polars, whose `collect` makes it a {@link DataFrame}. */
export type LazyDataFrame = polars.LazyDataFrame;

/** Rows that are in memory, as those of a frame, or that lie on disk until they are read. */
export interface Rows {
  readonly height: number;
  readonly columns: string[];
  /** They, to be read when they are used. */
  lazy(): LazyDataFrame;
}
