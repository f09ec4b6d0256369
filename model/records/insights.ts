/**
 * What an evaluation tells besides its means, as plain data: which users a method serves well, how sure it is, and what it recommends to a
 * few people.
 *
 * @module
 */
import type { Estimate, MetricName } from "./evaluation.ts";

/** A group of users or positives, with the mean over users and its standard error: part of a {@link Grouping}. */
export interface Group extends Estimate {
  /** Name of the group, as in `10 – 24`, or a value of a column. */
  label: string;
  /** Number of positives in the group. */
  size: number;
  /** Number of users who have these positives. */
  users: number;
  /**
   * Weight of the group in the mean over all users, each of whom counts the same: the mean share of a user's positives that are in the
   * group. So the sum of share × mean over the groups is the metric.
   */
  share: number;
}

/** The positives, grouped by one of their properties. Part of {@link Insights}. */
export interface Grouping {
  /** The property, as in `length of the history`. */
  by: string;
  /** The groups, in their natural order. */
  groups: Group[];
}

/** The {@link Grouping} by whether the target is in the history, and its groups. */
export const HAD_BEFORE = "whether the user had the target before", IS_NEW = "no", REPEATED = "yes";

/** The {@link Grouping} by how often the target occurs in the training part, and its group of targets that never occur there. */
export const IN_TRAINING = "times the target occurs in training", NEVER = "0";

/** How likely a method considers its first item, and how often that is the target. Part of {@link Insights}. */
export interface SureGroup extends Estimate {
  /** Mean of softmax(scores) at the first item, leaving out the items of the history. */
  said: number;
  /** Number of positives in the group; `mean` is the share whose first item is the target. */
  size: number;
}

/**
 * A user's history, what a method recommends after it, and what the user took. Items are named by title, or else by id. Part of
 * {@link Insights}.
 */
export interface Person {
  /** Original id of the user. */
  user: string;
  /** The most recent items of the history, oldest first. */
  history: string[];
  /** Number of items before those in `history`. */
  earlier: number;
  /** The recommended items, best first. */
  recommended: string[];
  /** The target. */
  took: string;
  /** The target's rank among all items. */
  rank: number;
}

/** Statistics over the lists of k items that a method shows to all users. Part of {@link Insights}. */
export interface Lists {
  /** Number of items in a list. */
  k: number;
  /** The share of all items that are in at least one list: 0 … 1. */
  coverage: number;
  /** Mean popularity percentile of the items in the lists, 0 (the least popular item) … 1. */
  popularityPercentile: number;
  /** Mean popularity percentile of the targets. */
  targetsPercentile: number;
  /** Mean of −log₂ of an item's share of the training part: novelty, in bits. */
  novelty: number;
  /** Gini coefficient of how often items are in lists: 0 if all are equally frequent, 1 if one item takes all. */
  gini: number;
}

/** Insights into one method, on the test part by protocol `full` with its τ. A {@link RunFolder} reads them. */
export interface Insights {
  /** The metric that the groups' means are of. */
  metric: MetricName;
  /** Which users it serves well. */
  groupings: Grouping[];
  /** How sure it is of the item it considers likeliest, by its scores with τ = 0, and how often it is right. */
  sureness: SureGroup[];
  /** What it recommends to a few people. */
  people: Person[];
  /** Statistics over the lists that it shows to all users. */
  lists: Lists;
  /**
   * If `sureness` and `lists` are based on an evenly spaced sample of the positives: its size, and the number of positives. Omitted if they
   * are based on all.
   */
  sample?: { size: number; of: number };
  /** Mean milliseconds to score one history against all items, when histories are scored in batches. */
  millisecondsPerHistory: number;
}
