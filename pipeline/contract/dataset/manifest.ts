/**
 * `manifest.json`: the description of a dataset folder.
 *
 * @module
 */
import type { Protocol } from "./protocols.ts";
import type { StageFacts } from "../stage/report.ts";
import type { DateUnit } from "../values/date_units.ts";

/**
 * The version of the folder format that this program writes, and the newest that it reads.
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

/** A feature of the items in the tables `items` and `features`. {@link encodeFeatures} returns it, the {@link Manifest} keeps it. */
export interface FeatureInfo {
  /** The side column that it was made from. */
  name: string;
  /** One code, a list of codes, a number, or a date's number of days for each item. */
  kind: "categorical" | "multi" | "numeric" | "date";
  /** The column of `items` that holds its codes or values. */
  column: string;
  /** Number of distinct codes; they run from 1 to this, and 0 is a missing value. 0 for plain numbers. */
  values: number;
  /** Additional facts from newer versions. */
  [more: string]: unknown;
}

/**
 * Whether a feature is a number for each item, as dates are. Numbers in buckets have codes instead. A categorical feature may also have no
 * codes, if every value is too rare.
 */
export const isPlainNumber = ({ kind, values }: Pick<FeatureInfo, "kind" | "values">): boolean =>
  (kind === "numeric" || kind === "date") && values === 0;

/** A source that the dataset was made from, in its {@link Manifest}. */
export interface SourceInfo {
  /** The path as it was given. */
  path: string;
  /** Size in bytes. */
  bytes: number;
  /** SHA-256 of its content, in hexadecimal digits, if the file was read on this machine. */
  sha256?: string;
  /** When it was last written, as an ISO date, if it is a file that a cluster read. */
  modified?: string;
  /** A number computed from the rows, independent of their order, if it is a table that a cluster read. */
  digest?: string;
}

/** A Parquet file that holds a table or a part of one, in the {@link Manifest}. */
export interface TableFile {
  /** Path below the folder, with `/`: `users.parquet`, `interactions/part=00000/data.parquet`. */
  file: string;
  /** Number of rows. */
  rows: number;
  /** Size in bytes. */
  bytes: number;
  /** SHA-256 of its content, in hexadecimal digits. */
  sha256: string;
  /** For a table in parts: the first and the last user of this part. All rows of a user are in one part. */
  users?: [first: number, last: number];
  /** For negatives in parts: the protocol of all negatives in this file. */
  protocol?: string;
}

/** One of the dataset's tables, in its {@link Manifest}. */
export interface TableInfo {
  /** Number of rows. */
  rows: number;
  /** Total size of its files in bytes. */
  bytes: number;
  /** SHA-256 of the table as a single file, in hexadecimal digits: the same however the table is divided. */
  sha256: string;
  /** Its files: one, or one for each part, in the order of the table's rows; for negatives one for each protocol and part. */
  files: TableFile[];
}

/** The description of a dataset folder: configuration, seed, counts, hashes, versions. `manifest` of a {@link SequenceDataset}. */
export interface Manifest {
  /** Identifies the kind of folder. */
  format: "automlp-dataset";
  /** Version of the format, see {@link FORMAT_VERSION}. */
  version: number;
  /** Name of the data, as in "ml-1m" or the name of the source file. */
  name: string;
  /** The resolved configuration that made the dataset, under the current names of options. */
  config: Record<string, unknown>;
  /** Seed that the negatives were drawn with. */
  seed: number;
  /** The files that the dataset was made from. */
  sources: SourceInfo[];
  /** For generated data: the patterns that were planted in them, and the best result that can be reached. */
  truth?: string;
  /** The archive or download that the sources came from, for a known data set. */
  download?: {
    /** Address. */
    from: string;
    /** Size in bytes. */
    bytes: number;
    /** SHA-256 of its content, in hexadecimal digits. */
    sha256: string;
  };
  /** Number of users and items, and of interactions in total and in each part of the split. */
  counts: {
    /** Number of users; ids run from 1 to it. */
    users: number;
    /** Number of items; ids run from 1 to it. */
    items: number;
    /** Interactions in all parts. */
    interactions: number;
    /** Distinct pairs of a user and an item that interact. */
    pairs: number;
    /** Interactions in the training part. */
    train: number;
    /** Interactions in the validation part. */
    validation: number;
    /** Interactions in the test part. */
    test: number;
  };
  /** How the dataset was split. */
  split: {
    /** See `SplitOptions`. */
    kind: "leave-one-out" | "ratio" | "global-time";
    /** The points or shares of the split. */
    [more: string]: unknown;
  };
  /** How negatives were drawn. */
  negatives: {
    /** Names of the protocols that lists were drawn with, in the order in which they were requested. */
    protocols: Protocol[];
    /** Number of negatives of each positive. */
    count: number;
    /** Whether the number was not given, and there were too few items for the default number or for some protocols. */
    lowered?: boolean;
    /** Exponent of an item's popularity in the draw. */
    exponent: number;
  };
  /** Features of the items. */
  features: FeatureInfo[];
  /** Whether interactions have ratings. */
  hasRating: boolean;
  /** Unit of timestamps, since 1970, if the source had dates. If it had numbers, only their owner knows their unit. */
  timeUnit?: DateUnit;
  /** What each stage of the preparation did, in order. */
  stages: StageFacts[];
  /** The tables by name. */
  tables: Record<TableName, TableInfo>;
  /** SHA-256 over the tables' hashes: two datasets with the same hash hold the same data. */
  hash: string;
  /** Versions of this program and of the software that it computes with, by name. */
  versions: Record<string, string>;
}

/** Lists the files of all tables. */
export const filesOf = ({ tables }: Manifest): TableFile[] => TABLES.flatMap((name) => tables[name].files);
