/**
 * Types shared by all files of an export.
 *
 * @module
 */
import type { DataFrame } from "nodejs-polars";

/** Compression of files that {@link exportDataset} writes. `snappy` and `lz4` are for Parquet only. */
export type Compression = "none" | "gzip" | "zstd" | "snappy" | "lz4";

/** A file written by {@link exportDataset}. */
export interface ExportedFile {
  /** Path relative to the export's folder, with `/` between parts. */
  path: string;
  /** Number of data rows, without a header; 0 for files that are not tables. */
  rows: number;
  /** Size in bytes. */
  bytes: number;
}

/** Converts a frame to bytes; `first` is true for the first frame of a file, which adds the header. */
export type Encode = (frame: DataFrame, first: boolean) => Uint8Array;

/** How a table is written: as text, or as Parquet. */
export type Encoding = Encode | "parquet";

/** A table that grows by frames with the same columns. */
export interface TableFile {
  /** Appends rows. The first frame, even one without rows, defines the columns. */
  append(frame: DataFrame): void;
  /** Completes the file, after the last frame. */
  finish(): Promise<void>;
  /** Closes the file, complete or not. */
  close(): void;
}
