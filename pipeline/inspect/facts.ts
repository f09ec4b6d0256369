/**
 * The findings of an inspection: plain data, ready for JSON.
 *
 * @module
 */
import type { Manifest } from "../contract/dataset/manifest.ts";
import type { StageFacts } from "../contract/stage/report.ts";
import type { Split } from "../contract/stage.ts";

/** Distribution of the number of interactions per user (or item); part of a {@link DatasetProfile}. */
export interface CountDistribution {
  /** Number of users or items. */
  count: number;
  /** The smallest number of interactions. */
  min: number;
  /** First quartile. Quartiles are interpolated linearly, as in numpy and pandas. */
  q1: number;
  /** Second quartile. */
  median: number;
  /** The mean number of interactions. */
  mean: number;
  /** Third quartile. */
  q3: number;
  /** The largest number of interactions. */
  max: number;
  /** `log`: bins grow by a constant factor. `linear`: bins are equally wide, used if the range is small. */
  scale: "linear" | "log";
  /** Histogram: `count` users or items have at least `from` and fewer than `to` interactions; bins are contiguous. */
  bins: { from: number; to: number; count: number }[];
}

/** How unevenly interactions are distributed over items; part of a {@link DatasetProfile}. */
export interface Concentration {
  /** Gini coefficient: 0 if all items are equally popular, close to 1 if one item has all interactions. */
  gini: number;
  /** Share of the `interactions` that the most popular `items` (a share of all) have: for the top 1, 10 and 20 %. */
  top: { items: number; interactions: number }[];
  /** The same for shares from 0 to 1 in steps of 0.01: a Lorenz curve, most popular items first. */
  curve: { items: number; interactions: number }[];
}

/** Figures of one part of the split; {@link inspectDataset} returns them. */
export interface PartFacts {
  /** Which part of the split. */
  split: Split;
  /** Number of interactions in this part. */
  interactions: number;
  /** Interactions with a history: all but the first of each user's sequence. */
  targets: number;
  /** Number of users with an interaction in this part. */
  users: number;
  /** Number of items with an interaction in this part. */
  items: number;
  /** Items that are targets here and never occur in `train`, so no model can have learned them. 0 for `train`. */
  coldItems: number;
  /** Targets whose item is cold. */
  coldTargets: number;
}

/** The time span of a {@link DatasetProfile}. */
export interface TimeFacts {
  /** The earliest timestamp, in the data's unit. */
  first: number;
  /** The latest timestamp, in the data's unit. */
  last: number;
  /** Unit of the timestamps. `order`: they are not times but, for example, positions in a sequence. */
  unit: "seconds" | "milliseconds" | "microseconds" | "nanoseconds" | "order";
  /** Date of the earliest timestamp (ISO 8601, UTC), if the unit is one of time. */
  firstDate?: string;
  /** Date of the latest timestamp; see `firstDate`. */
  lastDate?: string;
  /** Days from the first timestamp to the last, if the unit is one of time. */
  days?: number;
}

/** Number of interactions in each period of time; part of a {@link DatasetProfile}. */
export interface InteractionsOverTime {
  /** Length of each bin: `1 day`, `1 week`, `4 weeks` … */
  every: string;
  /** `count` interactions from `from` to before `to`, in milliseconds since 1970 (UTC); bins are contiguous and equally long. */
  bins: { from: number; to: number; count: number }[];
}

/** Distribution of a dataset's interactions over users, items and time; {@link inspectDataset} returns it. */
export interface DatasetProfile {
  /** Distribution of interactions per user. */
  sequenceLength: CountDistribution;
  /** Distribution of interactions per item. */
  popularity: CountDistribution;
  /** How unevenly interactions are distributed over items. */
  concentration: Concentration;
  /** Time span from the first interaction to the last. */
  time: TimeFacts;
  /** Interactions over time; omitted if timestamps are not times. */
  overTime?: InteractionsOverTime;
}

/** Figures of one item feature; {@link inspectDataset} returns them. */
export interface FeatureFacts {
  /** Name of the feature, as in the manifest. */
  name: string;
  /** Kind of value each item has: one code, a list of codes, a number, or a date. */
  kind: Manifest["features"][number]["kind"];
  /** Number of distinct values; 0 for plain numbers. */
  values: number;
  /** Number of items that have a value. */
  items: number;
  /** The most frequent values. */
  top: { value: string; items: number }[];
}

/** Figures of the frozen negatives of one protocol and one part of the split; {@link inspectDataset} returns them. */
export interface NegativesFacts {
  /** The protocol by which they were drawn. */
  protocol: string;
  /** Which part of the split. */
  split: Split;
  /** Number of positives for which negatives were drawn. */
  positives: number;
  /** Average number of negatives drawn for each positive. */
  drawn: number;
  /** Average number of distinct items among the negatives of a positive. */
  distinct: number;
}

/** Numbers of users (or items) in a dataset and an earlier one; part of {@link ChangesSince}. */
export interface Turnover {
  /** Number in the earlier dataset. */
  before: number;
  /** Number in this dataset. */
  now: number;
  /** Number that the earlier dataset did not have. */
  added: number;
  /** Number that only the earlier dataset has. */
  gone: number;
  /** Share of the current interactions that belong to the added users (or items). */
  ofAdded: number;
}

/** An item whose share of the interactions has changed; part of {@link ChangesSince}. */
export interface ItemMove {
  /** Id of the item, as in the source. */
  id: string;
  /** Title of the item; omitted if it has none. */
  title?: string;
  /** Its share of the interactions before, 0 to 1. */
  before: number;
  /** Its share of the interactions now, 0 to 1. */
  now: number;
}

/** An option of the preparation that has changed; part of {@link ChangesSince}. */
export interface ChangedOption {
  /** Name of the option, as in code. */
  name: string;
  /** Its value before; undefined if it was not given. */
  before?: unknown;
  /** Its value now; see `before`. */
  now?: unknown;
}

/** What has changed in a dataset since an earlier one; {@link inspectDataset} returns it if `since` is given. */
export interface ChangesSince {
  /** Name of the earlier dataset, as in its manifest. */
  name: string;
  /** SHA-256 of the earlier dataset's tables. */
  hash: string;
  /** Number of interactions. */
  interactions: { before: number; now: number };
  /** Changes of users, compared by their ids. */
  users: Turnover;
  /** Changes of items, compared by their ids. */
  items: Turnover;
  /** Share of the interactions that must move to other items to restore the earlier popularity: 0 if nothing moved, 1 if all did. */
  moved: number;
  /** The items whose share grew the most. */
  gained: ItemMove[];
  /** The items whose share shrank the most. */
  lost: ItemMove[];
  /** Time spans from the first interaction to the last. */
  time: { before: TimeFacts; now: TimeFacts };
  /** Names of item features that are new or gone. */
  features: { added: string[]; gone: string[] };
  /** Options of the preparation that have changed. */
  options: ChangedOption[];
}

/** Everything that {@link inspectDataset} finds; {@link inspectionText} and {@link inspectionHtml} show it. */
export interface InspectionFacts extends DatasetProfile {
  /** Name of the dataset, as in the manifest. */
  name: string;
  /** SHA-256 of the tables. */
  hash: string;
  /** Numbers of users, items and interactions. */
  counts: Manifest["counts"];
  /** Share of all user–item pairs with at least one interaction. */
  density: number;
  /** The split, as in the manifest. */
  split: Manifest["split"];
  /** Figures of each part of the split, in order of time. */
  parts: PartFacts[];
  /** Share of interactions whose user had interacted with the same item before. */
  repeats: number;
  /**
   * Share of the interactions that have the same timestamp as the same user's previous interaction, among those that have a previous one.
   * This happens in baskets or if times are whole days; the order of such interactions does not say which came first.
   */
  ties: number;
  /** The most popular items, with their titles if they have any. */
  popularItems: { id: string; title?: string; interactions: number }[];
  /** Figures of each item feature. */
  features: FeatureFacts[];
  /** Figures of the frozen negatives, by protocol and part of the split. */
  negatives: NegativesFacts[];
  /** What each stage of the preparation did. */
  stages: StageFacts[];
  /** Changes since an earlier dataset, if it was compared with one. */
  since?: ChangesSince;
}
