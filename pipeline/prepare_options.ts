/**
 * The options of a preparation, as types. Their check, defaults and `--help` are in `config.ts`.
 *
 * @module
 */
import type { Decimal } from "./contract/values/decimals.ts";
import type { Filled } from "./contract/options/filled.ts";
import type { PointInTime } from "./times/point_in_time.ts";
import type { Protocol } from "./contract/dataset/protocols.ts";
import type { DatasetName } from "./readers/known/names.ts";
import type { Ties } from "./contract/values/ties.ts";
import type { ReadFormat, TextEncoding } from "./readers/types.ts";

/**
 * Marks options that were checked: there is no such key, and options that claim to have it are of the other type.
 *
 * @example
 * ```ts
 * import { type PrepareConfig, type PrepareInput, resolvePrepareConfig } from "automlp";
 *
 * const input: PrepareInput = { data: "ratings.csv", out: "data/mine" };
 * const checked: PrepareConfig = resolvePrepareConfig(input);
 * // const twice: PrepareInput = checked; the compiler refuses it: options are checked once
 * console.log(checked.minUser);
 * ```
 */
export declare const CHECKED: unique symbol;

/** What the columns of interactions are called: `columns` of {@link prepare}. */
export interface ColumnNames {
  /** The column of the users' ids. */
  user?: string;
  /** The column of the items' ids. */
  item?: string;
  /** The column of ratings. */
  rating?: string;
  /** The column of times. */
  timestamp?: string;
  /** The column that says what was done, as `view` or `purchase`: see `events`. */
  event?: string;
}

/**
 * What the columns of a table of items or users are called; others by the names that they are to have. `itemColumns` and `userColumns` of {@link prepare}.
 */
export interface TableColumnNames {
  /** The column of the ids. */
  id?: string;
  /** The column of titles, which lists show. */
  title?: string;
  /** Of any other column: the name that it is to have, and the one that it has. */
  [name: string]: string | undefined;
}

/**
 * The options of a preparation as a caller gives them: `out`, and `data` or `dataset`. Options that were checked are none: they are
 * parsed once. What {@link resolvePrepareConfig} takes.
 */
export interface PrepareInput {
  /** Files of interactions, or globs; plain or gzip; with `engine: "spark"` also a cluster's table, `table:database.name`. With `dataset`, one's own copy of the known data set. */
  data?: string | readonly string[];
  /** A known data set: `ml-100k`, `ml-1m`, `amazon-beauty` …, or `demo`. It is downloaded, or taken from `data`. */
  dataset?: DatasetName | (string & Record<never, never>);
  /** Format of the files of interactions. Default: `auto`, which finds it out. */
  format?: ReadFormat;
  /** What separates fields, as in `;` or `::`. Default: found out. */
  delimiter?: string;
  /** Whether the first line names the columns. Default: found out. */
  header?: boolean;
  /** Whether fields may be in quotes. Where they may not, quotes are text, as in many files with tabs. Default: true. */
  quotes?: boolean;
  /** Roles by position (`["user", "item", "_", "timestamp"]`; `_` skips one) or by name (`{ user: "reviewerID", item: "asin" }`). */
  columns?: string | readonly string[] | ColumnNames;
  /** Encoding of text files. Default: UTF-8. */
  encoding?: TextEncoding;
  /** How times are written, as in `%d.%m.%Y %H:%M`, in the words of `strptime`; of UTC without a zone. Default: numbers or ISO 8601. */
  timeFormat?: string;
  /** What stands before decimals, in ratings and in columns of `items` and `users`: `comma` as in `3,5`. Default: `point`. */
  decimal?: Decimal;
  /** With `format: "sequences"`: a file of the same lines that holds timestamps. */
  sequenceTimestamps?: string;
  /** File with a table of the items: id and more columns. */
  items?: string;
  /** What columns of `items` are called: `{ id: "article_no", title: "name" }`, or all of them by position. Default: by its header. */
  itemColumns?: string | readonly string[] | TableColumnNames;
  /** File with a table of the users: id and more columns. */
  users?: string;
  /** The same as `itemColumns` for `users`. */
  userColumns?: string | readonly string[] | TableColumnNames;
  /** Item features: `["genres:multi", "brand:categorical:min=5", "price:numeric:buckets=10", "published:date", "title:text"]`. Default: found out. */
  features?: string | readonly string[];
  /** Folder in which downloads are kept. Default: the user's cache folder. */
  cache?: string;
  /** What a row that cannot be read does: `error` (the default) stops the job, `skip` puts the row into `rejected.csv`. */
  onBadRow?: "error" | "skip";
  /**
   * Which interactions of the same user with the same item stay. Default: `keep`, all of them; `same-time`: of those at the same time one, as of a
   * log that was delivered twice.
   */
  duplicates?: "keep" | "same-time" | "first" | "last" | "error";
  /** Events that count as interactions, where `columns` names a column of events: `"purchase"`. Default: all. */
  events?: string | number | readonly (string | number)[];
  /**
   * Words that stand for no value: `["NULL", "\\N"]`. Rows whose user or item is one of them, or empty, are left out; in the tables of items and users
   * such a value is missing. Default: none, and an empty user or item is a bad row.
   */
  nullValues?: string | number | readonly (string | number)[];
  /** Interactions before this time are dropped: a date (`2024-05-01`) or a number in the data's unit. Default: none. */
  timeFrom?: PointInTime;
  /** Interactions at this time and later are dropped. See `timeFrom`. */
  timeBefore?: PointInTime;
  /** Ratings below it are dropped. Default: none. */
  minRating?: number;
  /** Users with fewer interactions are dropped. Default: 10. */
  minUser?: number;
  /** Users with more interactions are dropped, such as robots: before all others, and once. Default: none. */
  maxUser?: number;
  /** Items with fewer interactions are dropped. Default: 0. */
  minItem?: number;
  /** How `minUser` and `minItem` are applied: `once` (the default), or `k-core`, repeatedly until both hold. */
  filter?: "once" | "k-core";
  /** So many users, drawn at random among those with enough interactions: to try things on few. Default: all of them. */
  sampleUsers?: number;
  /** How interactions are split into training, validation and test. Default: `leave-one-out`. */
  split?: "leave-one-out" | "ratio" | "global-time";
  /** Shares of training, validation and test, for the splits `ratio` and `global-time`. Default: 0.8, 0.1, 0.1. */
  ratios?: readonly [train: number, validation: number, test: number];
  /** With `global-time`: first time of validation instead of shares, as a date (`2024-05-01`) or a number in the data's unit. */
  validFrom?: PointInTime;
  /** With `global-time`: first time of test. See `validFrom`. */
  testFrom?: PointInTime;
  /**
   * Order of one user's interactions at the same time: as in the `file` (the default), by `item` id, or the `reverse` of the file, for
   * one with the newest first.
   */
  ties?: Ties;
  /** Negatives for each validation and test positive. Default: 100, or 50, 20, 10, 5 or none where some user leaves fewer items to draw; a number that is given has to suffice. */
  evalNegatives?: number;
  /** How negatives are drawn. Default: all protocols. */
  protocols?: readonly Protocol[];
  /** Power of its popularity by which an item is drawn as a negative. Default: 1. */
  exponent?: number;
  /** Seed of the negatives, and of `sampleUsers`. Default: 2023. */
  seed?: number;
  /** Dataset folder to write; replaced in one step when all is done. */
  out: string;
  /** Name of the data set. Default: from the first file. */
  name?: string;
  /** Prepare again even if nothing changed. Default: false. */
  force?: boolean;
  /** Replace a dataset that was changed since, or an export of automlp's; files of others never. Default: false. */
  overwrite?: boolean;
  /** Never there. */
  readonly [CHECKED]?: never;
}

/** The options of a preparation with defaults filled in: what may be one text or several is a list. What is in a {@link PrepareConfig}. */
export interface PrepareValues extends
  Filled<
    Omit<
      PrepareInput,
      | "data"
      | "dataset"
      | "columns"
      | "itemColumns"
      | "userColumns"
      | "features"
      | "events"
      | "nullValues"
      | "ratios"
      | "protocols"
      | "timeFrom"
      | "timeBefore"
      | "validFrom"
      | "testFrom"
      | typeof CHECKED
    >,
    | "format"
    | "onBadRow"
    | "duplicates"
    | "minUser"
    | "minItem"
    | "filter"
    | "split"
    | "ties"
    | "exponent"
    | "seed"
    | "force"
    | "overwrite"
  > {
  /** Files of interactions, or globs. */
  data?: string[];
  /** A known data set. */
  dataset?: string;
  /** Roles of columns. */
  columns?: string[];
  /** What columns of the items' table are called. */
  itemColumns?: string[];
  /** What columns of the users' table are called. */
  userColumns?: string[];
  /** Item features. */
  features?: string[];
  /** Events that count as interactions. */
  events?: string[];
  /** Words that stand for no value. */
  nullValues?: string[];
  /** Shares of training, validation and test. */
  ratios?: [train: number, validation: number, test: number];
  /** How negatives are drawn. */
  protocols: Protocol[];
  /** The first time that is kept: a number in the data's unit, or a date in ISO 8601. */
  timeFrom?: number | string;
  /** The first time that is not kept any more. */
  timeBefore?: number | string;
  /** First time of validation: a number in the data's unit, or a date in ISO 8601. */
  validFrom?: number | string;
  /** First time of test. */
  testFrom?: number | string;
}

/** The options of a preparation, checked, with defaults filled in. Only {@link resolvePrepareConfig} makes it. */
export type PrepareConfig = PrepareValues & {
  /** Only in the type: that they were checked. */
  readonly [CHECKED]: true;
};
