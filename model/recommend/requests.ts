/**
 * Whom to recommend to: original ids → histories.
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import type { Progress } from "../../pipeline/contract/progress.ts";
import type { Histories } from "../recommender.ts";

/** What a caller asks for; see `RecommendOptions`. */
export interface RequestOptions {
  users?: readonly string[];
  histories?: readonly (readonly string[])[];
  onUnknown?: "error" | "skip";
  progress?: Progress;
}

/** Histories of n users, and what the users are called. */
export interface Requests {
  histories: Histories;
  /** [n] */
  names: string[];
}

/**
 * Reads the ids of users of the dataset, whose histories are their whole sequences, and histories of users never seen.
 * Neither given: all users.
 *
 * @throws {InputError} for an unknown id, unless `onUnknown` is `skip`.
 */
export function readRequests(dataset: SequenceDataset, options: RequestOptions): Requests {
  let { users: userIds, histories: itemIds = [] } = options;
  if (options.onUnknown === "skip") {
    if (userIds) [userIds] = known(dataset, "users", [userIds], options.progress);
    itemIds = known(dataset, "items", itemIds, options.progress);
  }
  const users = userIds
    ? userIds.map((id) => dataset.userIndex(id))
    : options.histories
    ? []
    : Array.from({ length: dataset.users }, (_, i) => i + 1);
  const given = itemIds.map((ids) => ids.map((id) => dataset.itemIndex(id)));

  const { items, offsets } = dataset.sequences();
  const n = users.length + given.length, givenItems = given.flat();
  // Sequences of the dataset are used where they are; only given histories need room of their own, behind them.
  let all = items;
  if (givenItems.length > 0) {
    all = new Uint32Array(items.length + givenItems.length);
    all.set(items);
    all.set(givenItems, items.length);
  }
  const starts = new Uint32Array(n), ends = new Uint32Array(n);
  users.forEach((user, i) => {
    starts[i] = offsets[user];
    ends[i] = offsets[user + 1];
  });
  let place = items.length;
  given.forEach((history, i) => {
    starts[users.length + i] = place;
    ends[users.length + i] = place += history.length;
  });
  const seen = new Uint32Array(n);
  seen.set(users);
  return {
    histories: { items: all, starts, ends, users: seen },
    names: [...users.map((user) => dataset.userId(user)), ...given.map((_, i) => `#${i + 1}`)],
  };
}

/** The ids that the dataset holds; of the others it is only said how many there were. */
function known(
  dataset: SequenceDataset,
  kind: "users" | "items",
  lists: readonly (readonly string[])[],
  progress?: Progress,
): string[][] {
  const held = new Set(dataset.table(kind).getColumn("id").toArray() as string[]);
  let left = 0;
  const kept = lists.map((ids) => ids.filter((id) => held.has(id)));
  lists.forEach((ids, i) => left += ids.length - kept[i].length);
  if (left > 0) progress?.warn(`Left out ${left} ids of ${kind} that are not in ${dataset.folder}`);
  return kept;
}
