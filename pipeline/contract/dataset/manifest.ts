/**
 * `manifest.json`: what a dataset folder says of itself.
 *
 * @module
 */
import type { Protocol } from "./protocols.ts";
import type { StageFacts } from "../stage/report.ts";
import type { DateUnit } from "../values/date_units.ts";

/**
 * The version of the folder's format that this program writes, and the newest that it reads.
 *
 * @example
 * ```ts
 * import { FORMAT_VERSION, prepare } from "automlp";
 * import assert from "node:assert/strict";
 *
 * const { dataset } = await prepare({ dataset: "demo", out: await Deno.makeTempDir() });
 * assert.equal(dataset.manifest.version, FORMAT_VERSION);
 * ```
 */
export const FORMAT_VERSION = 2;

/**
 * The tables of a dataset folder. `negatives` and `features` may have no rows, but are always there.
 *
 * @example
 * ```ts
 * import { prepare, TABLES } from "automlp";
 *
 * const { dataset } = await prepare({ dataset: "demo", out: await Deno.makeTempDir() });
 * for (const name of TABLES) console.log(name, dataset.table(name).height);
 * ```
 */
export const TABLES: readonly TableName[] = ["interactions", "users", "items", "features", "negatives"];
/** One of the {@link TABLES}. */
export type TableName = "interactions" | "users" | "items" | "features" | "negatives";

/** A feature of the items, as the tables `items` and `features` hold it. {@link encodeFeatures} says it, the {@link Manifest} keeps it. */
export interface FeatureInfo {
  /** The side column it was made of. */
  name: string;
  /** One code, a list of codes, a number, or a date's number of days for each item. */
  kind: "categorical" | "multi" | "numeric" | "date";
  /** The column of `items` that holds its codes or values. */
  column: string;
  /** Number of distinct codes; they run from 1 to this, and 0 is a missing value. 0 for plain numbers. */
  values: number;
  /** What newer versions say beside it. */
  [more: string]: unknown;
}

/** Whether a feature is a number for each item, as dates are; those in buckets have codes, and of a category every value may be too rare for one. */
export const isPlainNumber = ({ kind, values }: Pick<FeatureInfo, "kind" | "values">): boolean =>
  (kind === "numeric" || kind === "date") && values === 0;

/** A file that the dataset was made of, in its {@link Manifest}. */
export interface SourceInfo {
  /** As it was given. */
  path: string;
  /** Its size. */
  bytes: number;
  /** Of its content, in hexadecimal digits: of a file that was read on this machine. */
  sha256?: string;
  /** When it was last written, as an ISO date: of a file that a cluster read. */
  modified?: string;
  /** A number that follows from the rows, in any order: of a table that a cluster read. */
  digest?: string;
}

/** A Parquet file that holds a table, or a part of one. The {@link Manifest} lists them. */
export interface TableFile {
  /** Its path below the folder, with `/`: `users.parquet`, `interactions/part=00000/data.parquet`. */
  file: string;
  /** Its height. */
  rows: number;
  /** Its size. */
  bytes: number;
  /** Of its content, in hexadecimal digits. */
  sha256: string;
  /** Of a table in parts: the first and the last user of this part. All rows of a user are in one part. */
  users?: [first: number, last: number];
  /** Of negatives in parts: the protocol that all of these are of. */
  protocol?: string;
}

/** One of the dataset's tables, in its {@link Manifest}. */
export interface TableInfo {
  /** Its height. */
  rows: number;
  /** The size of its files together. */
  bytes: number;
  /** Of the table as a single file, in hexadecimal digits: the same however it is divided. */
  sha256: string;
  /** One, or one for each part, in the order of the table's rows; for negatives one for each protocol and part. */
  files: TableFile[];
}

/** What a dataset folder says of itself: configuration, seed, counts, hashes, versions. `manifest` of a {@link SequenceDataset}. */
export interface Manifest {
  /** The kind of folder. */
  format: "automlp-dataset";
  /** Of the format, see {@link FORMAT_VERSION}. */
  version: number;
  /** What the data is called, as in "ml-1m" or the name of the source file. */
  name: string;
  /** The resolved configuration that made the dataset, under the names that options have now. */
  config: Record<string, unknown>;
  /** That the negatives were drawn with. */
  seed: number;
  /** The files that it was made of. */
  sources: SourceInfo[];
  /** Of generated data: what was planted in them, and what can be reached at best. */
  truth?: string;
  /** The archive or download that the sources came from, for a known data set. */
  download?: {
    /** Its address. */
    from: string;
    /** Its size. */
    bytes: number;
    /** Of its content, in hexadecimal digits. */
    sha256: string;
  };
  /** How many users and items there are, and interactions in all and in each part of the split. */
  counts: {
    /** Ids run from 1 to it. */
    users: number;
    /** Ids run from 1 to it. */
    items: number;
    /** In all parts. */
    interactions: number;
    /** Of a user and an item that interact, however often. Folders of before do not say it. */
    pairs?: number;
    /** In the training part. */
    train: number;
    /** In the validation part. */
    validation: number;
    /** In the test part. */
    test: number;
  };
  /** How it was split. */
  split: {
    /** See `SplitOptions`. */
    kind: "leave-one-out" | "ratio" | "global-time";
    /** The points or shares of the split. */
    [more: string]: unknown;
  };
  /** How negatives were drawn. */
  negatives: {
    /** Those by which lists were drawn, by name, in the order they were asked for. */
    protocols: Protocol[];
    /** Negatives of each positive. */
    count: number;
    /** Whether nobody named that number, and it, or the protocols, are what items sufficed for. */
    lowered?: boolean;
    /** Power of its popularity by which an item is drawn. */
    exponent: number;
  };
  /** Of the items. */
  features: FeatureInfo[];
  /** Whether interactions have ratings. */
  hasRating: boolean;
  /** What timestamps are counted in, since 1970, where the source had dates. Of numbers nobody but their owner knows it. */
  timeUnit?: DateUnit;
  /** What each stage of the preparation did, in their order. */
  stages: StageFacts[];
  /** By name. */
  tables: Record<TableName, TableInfo>;
  /** SHA-256 over the tables' hashes: two datasets with the same hash hold the same data. */
  hash: string;
  /** Of this program and of what it computes with, by name. */
  versions: Record<string, string>;
}

/** The files of all tables. */
export const filesOf = ({ tables }: Manifest): TableFile[] => TABLES.flatMap((name) => tables[name].files);
