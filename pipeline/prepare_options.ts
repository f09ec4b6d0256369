/**
 * The options of a preparation, as types. Their checks, defaults and `--help` texts are in `config.ts`.
 *
 * @module
 */
import type { Decimal } from "./contract/values/decimals.ts";
import type { Filled } from "./contract/options/shapes.ts";
import type { PointInTime } from "./times/point_in_time.ts";
import type { Protocol } from "./contract/dataset/protocols.ts";
import type { DatasetName } from "./readers/known/names.ts";
import type { Ties } from "./contract/values/ties.ts";
import type { ReadFormat, TextEncoding } from "./readers/types.ts";

/**
 * Marks options that were checked. The key exists only in the type: it keeps checked options from being passed where unchecked ones are
 * expected.
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

/** Names of the columns of interactions: `columns` of {@link prepare}. */
export interface ColumnNames {
  /** The column of the users' ids. */
  user?: string;
  /** The column of the items' ids. */
  item?: string;
  /** The column of ratings. */
  rating?: string;
  /** The column of times. */
  timestamp?: string;
  /** The column with the kind of event, such as `view` or `purchase`: see `events`. */
  event?: string;
}

/**
 * Names of the columns of a table of items or users: `itemColumns` and `userColumns` of {@link prepare}. Other columns can be renamed.
 */
export interface TableColumnNames {
  /** The column of the ids. */
  id?: string;
  /** The column of titles, shown in lists of items. */
  title?: string;
  /** Any other column: the key is its new name, the value its name in the table. */
  [name: string]: string | undefined;
}

/**
 * The options of a preparation as a caller passes them to {@link resolvePrepareConfig}: `out`, and `data` or `dataset`. Options that were
 * already checked are not accepted, because options are parsed only once.
 */
export interface PrepareInput {
  /**
   * Files of interactions, or globs; plain or gzip; with `engine: "spark"` also a cluster's table, `table:database.name`. With `dataset`,
   * a local copy of the known data set.
   */
  data?: string | readonly string[];
  /** A known data set: `ml-100k`, `ml-1m`, `amazon-beauty` …, or `demo`. It is downloaded, or taken from `data`. */
  dataset?: DatasetName | (string & Record<never, never>);
  /** Format of the files of interactions. Default: `auto`, which detects it. */
  format?: ReadFormat;
  /** Text that separates fields, such as `;` or `::`. Default: detected. */
  delimiter?: string;
  /** Whether the first line names the columns. Default: detected. */
  header?: boolean;
  /** Whether fields may be in quotes. If not, quotes are part of the text, as in many files with tabs. Default: true. */
  quotes?: boolean;
  /** Roles by position (`["user", "item", "_", "timestamp"]`; `_` skips one) or by name (`{ user: "reviewerID", item: "asin" }`). */
  columns?: string | readonly string[] | ColumnNames;
  /** Encoding of text files. Default: UTF-8. */
  encoding?: TextEncoding;
  /** Format of times in the codes of `strptime`, such as `%d.%m.%Y %H:%M`; UTC if there is no zone. Default: numbers or ISO 8601. */
  timeFormat?: string;
  /** Decimal separator in ratings and in columns of `items` and `users`: `comma` as in `3,5`. Default: `point`. */
  decimal?: Decimal;
  /** With `format: "sequences"`: a file with the same lines that holds the timestamps. */
  sequenceTimestamps?: string;
  /** File with a table of the items: id and more columns. */
  items?: string;
  /** Names of columns of `items`: `{ id: "article_no", title: "name" }`, or all of them by position. Default: from its header. */
  itemColumns?: string | readonly string[] | TableColumnNames;
  /** File with a table of the users: id and more columns. */
  users?: string;
  /** The same as `itemColumns` for `users`. */
  userColumns?: string | readonly string[] | TableColumnNames;
  /**
   * Item features: `["genres:multi", "brand:categorical:min=5", "price:numeric:buckets=10", "published:date", "title:text"]`. Default:
   * detected.
   */
  features?: string | readonly string[];
  /** Folder in which downloads are kept. Default: the user's cache folder. */
  cache?: string;
  /** What to do with a row that cannot be read: `error` (the default) stops the job, `skip` writes the row to `rejected.csv`. */
  onBadRow?: "error" | "skip";
  /**
   * Which interactions of the same user with the same item to keep. Default: `keep`, all of them. `same-time` keeps one of those at the
   * same time, for a log that was delivered twice.
   */
  duplicates?: "keep" | "same-time" | "first" | "last" | "error";
  /** Events that count as interactions, if `columns` names a column of events: `"purchase"`. Default: all. */
  events?: string | number | readonly (string | number)[];
  /**
   * Words that mean no value: `["NULL", "\\N"]`. Rows whose user or item is one of them, or empty, are left out; in the tables of items and
   * users such a value is missing. Default: none, and an empty user or item makes a bad row.
   */
  nullValues?: string | number | readonly (string | number)[];
  /** Interactions before this time are dropped: a date (`2024-05-01`) or a number in the data's unit. Default: none. */
  timeFrom?: PointInTime;
  /** Interactions at this time and later are dropped. See `timeFrom`. */
  timeBefore?: PointInTime;
  /** Interactions with a rating below it are dropped. Default: no minimum. */
  minRating?: number;
  /** Users with fewer interactions are dropped. Default: 10. */
  minUser?: number;
  /** Users with more interactions, such as robots, are dropped; this is applied first, and once. Default: no maximum. */
  maxUser?: number;
  /** Items with fewer interactions are dropped. Default: 0. */
  minItem?: number;
  /** How `minUser` and `minItem` are applied: `once` (the default), or `k-core`, repeatedly until both hold. */
  filter?: "once" | "k-core";
  /** Number of users to keep, drawn at random from those with enough interactions, for quick trials. Default: all of them. */
  sampleUsers?: number;
  /** How interactions are split into training, validation and test. Default: `leave-one-out`. */
  split?: "leave-one-out" | "ratio" | "global-time";
  /** Shares of training, validation and test, for the splits `ratio` and `global-time`. Default: 0.8, 0.1, 0.1. */
  ratios?: readonly [train: number, validation: number, test: number];
  /** With `global-time`: start time of validation, instead of shares, as a date (`2024-05-01`) or a number in the data's unit. */
  validFrom?: PointInTime;
  /** With `global-time`: start time of test. See `validFrom`. */
  testFrom?: PointInTime;
  /**
   * Order of a user's interactions at the same time: as in the `file` (the default), by `item` id, or the `reverse` of the file, for
   * files with the newest first.
   */
  ties?: Ties;
  /**
   * Number of negatives for each validation and test positive. Default: 100, or 50, 20, 10, 5 or none if some user leaves fewer items to
   * draw from. A number given here is never lowered: too few items are an error.
   */
  evalNegatives?: number;
  /** How negatives are drawn. Default: all protocols. */
  protocols?: readonly Protocol[];
  /** Exponent of an item's popularity when negatives are drawn. Default: 1. */
  exponent?: number;
  /** Seed of the negatives, and of `sampleUsers`. Default: 2023. */
  seed?: number;
  /** Dataset folder to write; replaced in one step when everything is done. */
  out: string;
  /** Name of the data set. Default: from the first file. */
  name?: string;
  /** Whether to prepare again even if nothing changed. Default: false. */
  force?: boolean;
  /** Whether to replace a dataset that was changed since it was written, or an automlp export; never other files. Default: false. */
  overwrite?: boolean;
  /** Never present. */
  readonly [CHECKED]?: never;
}

/**
 * The options of a preparation with defaults filled in, as in a {@link PrepareConfig}. Options that may be one text or several are lists.
 */
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
  /** Names of the columns of the table of items. */
  itemColumns?: string[];
  /** Names of the columns of the table of users. */
  userColumns?: string[];
  /** Item features. */
  features?: string[];
  /** Events that count as interactions. */
  events?: string[];
  /** Words that mean no value. */
  nullValues?: string[];
  /** Shares of training, validation and test. */
  ratios?: [train: number, validation: number, test: number];
  /** How negatives are drawn. */
  protocols: Protocol[];
  /** Interactions before this time are dropped: a number in the data's unit, or a date in ISO 8601. */
  timeFrom?: number | string;
  /** Interactions at this time and later are dropped. */
  timeBefore?: number | string;
  /** Start time of validation: a number in the data's unit, or a date in ISO 8601. */
  validFrom?: number | string;
  /** Start time of test. */
  testFrom?: number | string;
}

/** The options of a preparation, checked and with defaults filled in. Only {@link resolvePrepareConfig} creates them. */
export type PrepareConfig = PrepareValues & {
  /** Exists only in the type: says that the options were checked. */
  readonly [CHECKED]: true;
};
