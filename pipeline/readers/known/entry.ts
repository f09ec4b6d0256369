/**
 * What the registry knows of a public data set.
 *
 * @module
 */
import type { SideTableOptions } from "../side/types.ts";
import type { ReadOptions } from "../types.ts";

/** How a file of a {@link DatasetEntry} is read: the matching options of {@link readInteractions}. */
export type ReaderOptions = Pick<ReadOptions, "format" | "delimiter" | "header" | "columns" | "encoding">;

/** How a side table of a {@link DatasetEntry} is read: the matching options of {@link readSideTable}. */
export type SideReaderOptions = Pick<
  SideTableOptions,
  "format" | "delimiter" | "header" | "columns" | "encoding"
>;

/** A file of a data set, in its {@link DatasetEntry}. */
export interface KnownFile<R = ReaderOptions | SideReaderOptions> {
  /** Its path in the archive, in the generated folder, or the name of the download where that is no archive. */
  path: string;
  /** How it is read. */
  read: R;
}

/** The tables that a data set may have beside its interactions. */
export const SIDE_TABLES = ["items", "users"] as const;

/** One of them. */
export type SideTable = typeof SIDE_TABLES[number];

/** What a download of a {@link DatasetEntry} is known by. */
export interface Checksum {
  /** In hexadecimal. */
  sha256: string;
  /** Who gives it, for messages. */
  publisher: string;
}

/** How much is in a data set's interactions, by its {@link DatasetEntry}. */
export interface KnownCounts {
  /** Users with an interaction. */
  users: number;
  /** Items with an interaction. */
  items: number;
  /** Rows. */
  interactions: number;
}

/** A data set that can be asked for by name. It has a `url`, or else `generate`. {@link findDataset} finds it. */
export interface DatasetEntry {
  /** As in `--dataset ml-1m`. */
  name: string;
  /** As people call it. */
  title: string;
  /** Where people read of it, and download it by hand. */
  homepage: string;
  /** A `.zip` archive, or the interactions themselves. */
  url?: string;
  /** Of what `url` gives. Undefined where none is published: the SHA-256 is then reported and recorded. */
  checksum?: Checksum;
  /** The file of interactions. */
  interactions: KnownFile<ReaderOptions>;
  /** The file with a table of the items. */
  items?: KnownFile<SideReaderOptions>;
  /** The file with a table of the users. */
  users?: KnownFile<SideReaderOptions>;
  /** Bytes that are downloaded, where somebody has said so. */
  bytes?: number;
  /** What is in its interactions, where somebody has counted. */
  counts?: KnownCounts;
  /** What its owners ask of those who use it, in a sentence. */
  licence: string;
  /** The same in a few words, for a table. */
  terms: string;
  /** The paper to cite. */
  citation: string;
  /** What was planted in it, and what can be reached at best: results are held against it. */
  truth?: string;
  /** Makes the data set's files in an empty folder, instead of a download. */
  generate?: (folder: string, options: Record<string, unknown>) => Promise<void>;
}

/** The files of an entry: interactions first, then items and users where it has them. */
export function filesOf(entry: DatasetEntry): KnownFile[] {
  return [entry.interactions, entry.items, entry.users].filter((file) => file !== undefined);
}
