/**
 * What all files of an export have in common, whatever is in them.
 *
 * @module
 */
import type { DataFrame } from "nodejs-polars";

/** How {@link exportDataset} compresses files. `snappy` and `lz4` are for Parquet only. */
export type Compression = "none" | "gzip" | "zstd" | "snappy" | "lz4";

/** One file that {@link exportDataset} wrote. */
export interface ExportedFile {
  /** Relative to the export's folder, with `/` between parts. */
  path: string;
  /** Rows of data, a header not counted; 0 for files that hold no table. */
  rows: number;
  /** Its size. */
  bytes: number;
}

/** Turns a frame into bytes; `first` is true for the first frame of a file, which brings the header. */
export type Encode = (frame: DataFrame, first: boolean) => Uint8Array;

/** How a table is written: as text, or as Parquet. */
export type Encoding = Encode | "parquet";

/** A table that grows by frames of the same columns. */
export interface TableFile {
  /** Adds rows behind those before. The first frame, even one without rows, brings the columns. */
  append(frame: DataFrame): void;
  /** To be called behind the last frame. */
  finish(): Promise<void>;
  /** Closes the file, finished or not. */
  close(): void;
}
