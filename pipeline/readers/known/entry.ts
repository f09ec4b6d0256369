/**
 * Types of the registry of public data sets.
 *
 * @module
 */
import type { SideTableOptions } from "../types.ts";
import type { ReadOptions } from "../types.ts";

/** Reading options for an interaction file of a {@link DatasetEntry}: a subset of the options of {@link readInteractions}. */
export type ReaderOptions = Pick<ReadOptions, "format" | "delimiter" | "header" | "columns" | "encoding">;

/** Reading options for a side table of a {@link DatasetEntry}: a subset of the options of {@link readSideTable}. */
export type SideReaderOptions = Pick<
  SideTableOptions,
  "format" | "delimiter" | "header" | "columns" | "encoding"
>;

/** A file of a data set in its {@link DatasetEntry}. */
export interface KnownFile<R = ReaderOptions | SideReaderOptions> {
  /** Path in the archive or the generated folder, or the name of the download if that is not an archive. */
  path: string;
  /** Options for reading the file. */
  read: R;
}

/** The side tables that a data set may have. */
export const SIDE_TABLES = ["items", "users"] as const;

/** A side table, one of {@link SIDE_TABLES}. */
export type SideTable = typeof SIDE_TABLES[number];

/** Expected checksum of a {@link DatasetEntry}'s download. */
export interface Checksum {
  /** The SHA-256 in hexadecimal. */
  sha256: string;
  /** Publisher of the checksum, for messages. */
  publisher: string;
}

/** Size of a data set's interactions, in its {@link DatasetEntry}. */
export interface KnownCounts {
  /** Number of users with an interaction. */
  users: number;
  /** Number of items with an interaction. */
  items: number;
  /** Number of rows. */
  interactions: number;
}

/** A data set that can be requested by name, as {@link findDataset} finds it. It has either a `url` or a `generate` function. */
export interface DatasetEntry {
  /** Name, as in `--dataset ml-1m`. */
  name: string;
  /** Title for display. */
  title: string;
  /** Web page with a description and the files to download by hand. */
  homepage: string;
  /** URL of a `.zip` archive, or of the interaction file itself. */
  url?: string;
  /** Checksum of the download from `url`. Undefined if none is published; the SHA-256 is then reported and recorded. */
  checksum?: Checksum;
  /** The interaction file. */
  interactions: KnownFile<ReaderOptions>;
  /** The side table of the items. */
  items?: KnownFile<SideReaderOptions>;
  /** The side table of the users. */
  users?: KnownFile<SideReaderOptions>;
  /** Size of the download in bytes, if known. */
  bytes?: number;
  /** Size of the interactions, if they have been counted. */
  counts?: KnownCounts;
  /** What the owners require of those who use the data, in a sentence. */
  licence: string;
  /** The license in a few words, for a table. */
  terms: string;
  /** The paper to cite. */
  citation: string;
  /** What was planted in the data, and the best result that can be reached: results are compared with it. */
  truth?: string;
  /** Generates the data set's files in an empty folder, instead of a download. */
  generate?: (folder: string, options: Record<string, unknown>) => Promise<void>;
}

/** Lists the files of an entry: interactions first, then items and users if it has them. */
export function filesOf(entry: DatasetEntry): KnownFile[] {
  return [entry.interactions, entry.items, entry.users].filter((file) => file !== undefined);
}
