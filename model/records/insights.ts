/**
 * What an evaluation tells beside its means, as plain data: whom a method serves well, how sure it is, and what it recommends to a few people.
 *
 * @module
 */
import type { Estimate, MetricName } from "./evaluation.ts";

/** Some of the users, or of the positives, with the mean over users and its standard error: part of a {@link Grouping}. */
export interface Group extends Estimate {
  /** As in `10 – 24`, or a value of a column. */
  label: string;
  /** Positives in it. */
  size: number;
  /** Users who have them. Left out in runs of versions that did not know it. */
  users?: number;
  /**
   * What it counts in the mean over all users, of whom each counts the same: the share of their positives that are in it, on average. So the sum of
   * share × mean over the groups is the metric. Left out in runs of versions that did not know it.
   */
  share?: number;
}

/** The positives, divided by one thing that is known of them. Part of {@link Insights}. */
export interface Grouping {
  /** As in `length of the history`. */
  by: string;
  /** In their natural order. */
  groups: Group[];
}

/** The {@link Grouping} by whether the target is in the history, and its groups. */
export const HAD_BEFORE = "whether the user had the target before", IS_NEW = "no", REPEATED = "yes";

/** The {@link Grouping} by how often the target is taken in the training part, and its group of those that nobody took there. */
export const IN_TRAINING = "times the target occurs in training", NEVER = "0";

/** What a method says of the item that it takes for the likeliest, and how often that is the target. Part of {@link Insights}. */
export interface SureGroup extends Estimate {
  /** The mean of softmax(scores) at the first item, the items of the history left out. */
  said: number;
  /** Positives in it; `mean` is the share whose first item is the target. */
  size: number;
}

/** A user's history, what a method recommends after it, and what the user took. Items by title, or else by id. Part of {@link Insights}. */
export interface Person {
  /** Original id. */
  user: string;
  /** The newest items of the history, oldest first. */
  history: string[];
  /** Items before these. */
  earlier: number;
  /** Best first. */
  recommended: string[];
  /** The target. */
  took: string;
  /** The target's rank among all items. */
  rank: number;
}

/** What a method shows to everybody together, in lists of k. Part of {@link Insights}. */
export interface Lists {
  /** Items in a list. */
  k: number;
  /** The share of all items that are in at least one list: 0 … 1. */
  coverage: number;
  /** Mean popularity percentile of what is in the lists, 0 (the least popular item) … 1, and of the targets. */
  popularityPercentile: number;
  /** See `popularityPercentile`. */
  targetsPercentile: number;
  /** −log₂ of an item's share of the training part, on average: novelty, in bits. */
  novelty: number;
  /** Gini's coefficient of how often items are in lists: 0 where all are as often, 1 where one takes all. */
  gini: number;
}

/** Of one method, on the test part by protocol `full` with its τ. A {@link RunFolder} reads them. */
export interface Insights {
  /** Of the groups' means. */
  metric: MetricName;
  /** Whom it serves well. */
  groupings: Grouping[];
  /** How sure it is of the item that it takes for the likeliest, by its scores with τ = 0, and how often rightly. */
  sureness: SureGroup[];
  /** What it recommends to a few people. */
  people: Person[];
  /** What it shows to everybody together. */
  lists: Lists;
  /**
   * Where `sureness` and `lists` are of a sample of the positives, evenly spaced: how many, and out of how many. Left out where they are of all, and in
   * runs of versions that did not say it.
   */
  sample?: { size: number; of: number };
  /** Milliseconds that one history took to be scored against all items, of those scored together. */
  millisecondsPerHistory: number;
}
