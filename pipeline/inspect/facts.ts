/**
 * What an inspection finds: plain data, ready for JSON.
 *
 * @module
 */
import { objectWith, type Wanted } from "../contract/options/arguments.ts";
import type { Manifest } from "../contract/dataset/manifest.ts";
import type { StageFacts } from "../contract/stage/report.ts";
import type { Split } from "../contract/stage.ts";

/** How many users (or items) have how many interactions: part of a {@link DatasetProfile}. */
export interface CountDistribution {
  /** Number of users or items. */
  count: number;
  /** The smallest number. */
  min: number;
  /** Quartiles by linear interpolation, as numpy and pandas compute them. */
  q1: number;
  /** The second quartile. */
  median: number;
  /** The sum over the number. */
  mean: number;
  /** The third quartile. */
  q3: number;
  /** The largest number. */
  max: number;
  /** `log`: bins grow by a constant factor. `linear`: they are equally wide, where the range is small. */
  scale: "linear" | "log";
  /** `count` users or items have from `from` to below `to` interactions; the bins lie edge to edge. */
  bins: { from: number; to: number; count: number }[];
}

/** How unevenly the interactions fall on the items. Part of a {@link DatasetProfile}. */
export interface Concentration {
  /** 0: every item is equally popular; towards 1: one item has them all. */
  gini: number;
  /** The `items` (a share) that are most popular have this share of the `interactions`: the top 1, 10 and 20 %. */
  top: { items: number; interactions: number }[];
  /** The same from 0 to 1 in hundredths: a Lorenz curve, most popular first. */
  curve: { items: number; interactions: number }[];
}

/** One part of the split, as {@link inspectDataset} finds it. */
export interface PartFacts {
  /** Which part of the split. */
  split: Split;
  /** In this part. */
  interactions: number;
  /** Interactions with a history: all but the first of each user's sequence. */
  targets: number;
  /** That have an interaction in it. */
  users: number;
  /** That have an interaction in it. */
  items: number;
  /** Items that are targets here and never occur in `train`: no model can have learnt them. 0 for `train`. */
  coldItems: number;
  /** Targets with such an item. */
  coldTargets: number;
}

/** The span of time of a {@link DatasetProfile}. */
export interface TimeFacts {
  /** The earliest, in the data's unit. */
  first: number;
  /** The latest, in the data's unit. */
  last: number;
  /** `order`: the numbers are no dates, such as positions in a sequence. */
  unit: "seconds" | "milliseconds" | "microseconds" | "nanoseconds" | "order";
  /** ISO 8601, UTC; where the unit is one of time. */
  firstDate?: string;
  /** See `firstDate`. */
  lastDate?: string;
  /** From the first to the last; where the unit is one of time. */
  days?: number;
}

/** How many interactions fall into which piece of time: part of a {@link DatasetProfile}. */
export interface InteractionsOverTime {
  /** How long each bin is: `1 day`, `1 week`, `4 weeks` … */
  every: string;
  /** `count` interactions from `from` to below `to`, in milliseconds since 1970 (UTC); the bins lie edge to edge and are equally long. */
  bins: { from: number; to: number; count: number }[];
}

/** How the interactions of a dataset are distributed over users, items and time. {@link inspectDataset} finds it. */
export interface DatasetProfile {
  /** Interactions of a user. */
  sequenceLength: CountDistribution;
  /** Interactions of an item. */
  popularity: CountDistribution;
  /** How unevenly interactions fall on items. */
  concentration: Concentration;
  /** From the first interaction to the last. */
  time: TimeFacts;
  /** Left out where timestamps are no times. */
  overTime?: InteractionsOverTime;
}

/** One item feature, as {@link inspectDataset} finds it. */
export interface FeatureFacts {
  /** As in the manifest. */
  name: string;
  /** One code, a list of codes, a number, or a date for each item. */
  kind: Manifest["features"][number]["kind"];
  /** Number of distinct values; 0 for plain numbers. */
  values: number;
  /** Items that have a value. */
  items: number;
  /** The most frequent values. */
  top: { value: string; items: number }[];
}

/** The frozen negatives of one protocol and one part of the split, as {@link inspectDataset} finds them. */
export interface NegativesFacts {
  /** How they were drawn. */
  protocol: string;
  /** Which part of the split. */
  split: Split;
  /** That negatives were drawn for. */
  positives: number;
  /** Negatives drawn for each positive. */
  drawn: number;
  /** Distinct items among them, on average. */
  distinct: number;
}

/** How many users (or items) a dataset and an earlier one have: part of {@link ChangesSince}. */
export interface Turnover {
  /** In the earlier one. */
  before: number;
  /** In this one. */
  now: number;
  /** That were not there before. */
  added: number;
  /** That are not there any more. */
  gone: number;
  /** Share of the interactions now that are of those. */
  ofAdded: number;
}

/** An item whose share of the interactions is another than before: part of {@link ChangesSince}. */
export interface ItemMove {
  /** As in the source. */
  id: string;
  /** Left out where there is none. */
  title?: string;
  /** Its share of the interactions before, 0 to 1. */
  before: number;
  /** And now. */
  now: number;
}

/** An option of the preparation that is not what it was: part of {@link ChangesSince}. */
export interface ChangedOption {
  /** As in code. */
  name: string;
  /** Undefined where it was not given. */
  before?: unknown;
  /** See `before`. */
  now?: unknown;
}

/** What has changed in a dataset since an earlier one. {@link inspectDataset} finds it with `since`. */
export interface ChangesSince {
  /** Of the earlier one, as in its manifest. */
  name: string;
  /** SHA-256 of its tables. */
  hash: string;
  /** How many there are. */
  interactions: { before: number; now: number };
  /** By their ids. */
  users: Turnover;
  /** By their ids. */
  items: Turnover;
  /** Share of the interactions that would have to be of other items for all to be as popular as before: 0 nothing moved, 1 all did. */
  moved: number;
  /** The items whose share grew the most. */
  gained: ItemMove[];
  /** The items whose share shrank the most. */
  lost: ItemMove[];
  /** From the first interaction to the last. */
  time: { before: TimeFacts; now: TimeFacts };
  /** Item features that are new or gone, by name. */
  features: { added: string[]; gone: string[] };
  /** How it was prepared otherwise. */
  options: ChangedOption[];
}

/** All that {@link inspectDataset} finds; {@link inspectionText} and {@link inspectionHtml} show it. */
export interface InspectionFacts extends DatasetProfile {
  /** As in the manifest. */
  name: string;
  /** SHA-256 of the tables. */
  hash: string;
  /** How many users, items and interactions there are. */
  counts: Manifest["counts"];
  /** Share of all user–item pairs that interact, however often. */
  density: number;
  /** Which part of the split. */
  split: Manifest["split"];
  /** Of the split, in the order of time. */
  parts: PartFacts[];
  /** Share of interactions whose user had the same item before. */
  repeats: number;
  /**
   * Share of the interactions with one of the same user before them that are at the same time as that one, as in a basket, or where times are days: their
   * order says nothing of what came first.
   */
  ties: number;
  /** The most popular items, with their titles where they have one. */
  popularItems: { id: string; title?: string; interactions: number }[];
  /** Of the items. */
  features: FeatureFacts[];
  /** By protocol and part. */
  negatives: NegativesFacts[];
  /** What each stage of the preparation did. */
  stages: StageFacts[];
  /** Where it was compared with an earlier dataset. */
  since?: ChangesSince;
}

/** The figures of a dataset, as an argument. */
export const INSPECTION: Wanted = objectWith(
  "an inspection, as await inspectDataset(dataset) gives it",
  "counts",
  "sequenceLength",
);
