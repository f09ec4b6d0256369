/**
 * Turns requests into histories: original ids → histories.
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { InputError } from "../../pipeline/contract/errors.ts";
import type { Histories } from "../recommender.ts";
import { askedUsers } from "./asked_users.ts";
import { denseItems, knownItems } from "./known_items.ts";
import type { GivenHistories, Request, RequestOptions } from "./request.ts";
import { someOf } from "./some_of.ts";
import { pickedSequences, storedSequences } from "./stored.ts";

/** Histories and names of n users. An unknown user has an empty history. */
export interface Requests {
  histories: Histories;
  /** [n] Names of the users. */
  names: string[];
}

/**
 * Reads ids of users, whose histories are their whole sequences, and histories of new users. If neither is given: all users of the
 * dataset.
 *
 * @throws {InputError} for an unknown user if `onUnknown` is `error`, and for an unknown item unless it is `skip`.
 */
export async function readRequests(dataset: SequenceDataset, options: RequestOptions): Promise<Requests> {
  const newcomers = givenUsers(dataset, options); // errors in these are reported before files are read
  const known = await askedUsers(dataset, options), requests = [...known, ...newcomers];
  refuseSameNames(known, newcomers);
  const named = [options.users ?? []].flat(); // a warning has been given for users that were named and left out
  if (requests.length === 0 && named.length === 0) {
    options.progress?.warn("Nobody is recommended anything: no user and no history was named");
  }
  const given = requests.map(({ items = [] }) => items), givenItems = given.flat(), n = requests.length;
  const asked = requests.map(({ user }) => user);
  const { items, placeOf } = givenItems.length === 0 && dataset.parts.length === 1
    ? storedSequences(dataset)
    : await pickedSequences(dataset, asked);
  // Given histories come after those of the dataset.
  let all = items;
  if (givenItems.length > 0) {
    all = new Uint32Array(items.length + givenItems.length);
    all.set(items);
    all.set(givenItems, items.length);
  }
  const starts = new Uint32Array(n), ends = new Uint32Array(n), users = new Uint32Array(n);
  let place = items.length;
  requests.forEach(({ user }, i) => {
    users[i] = user;
    [starts[i], ends[i]] = user ? placeOf(user) : [place, place += given[i].length];
  });
  return {
    histories: { items: all, starts, ends, users },
    names: requests.map(({ name }) => name),
  };
}

/** @throws {InputError} if a history has the name of a user who is asked for, because their lists could not be told apart. */
function refuseSameNames(users: readonly Request[], newcomers: readonly Request[]): void {
  const given = new Set(newcomers.map(({ name }) => name));
  const same = given.size === 0 ? undefined : users.find(({ name }) => given.has(name));
  if (same === undefined) return;
  throw new InputError(
    `Cannot recommend to the user "${same.name}" and by a history of that name: nobody could tell the two lists apart; call the ` +
      "history otherwise, or leave out one of them",
  );
}

function givenUsers(
  dataset: SequenceDataset,
  { histories = [], onUnknown, progress }: RequestOptions,
): Request[] {
  const entries = entriesOf(histories);
  const lists = entries.map(([, items]) => items);
  const kept = onUnknown === "skip" ? knownItems(dataset, lists, progress) : lists;
  const empty = entries.filter((_, i) => kept[i].length === 0).map(([name]) => name);
  if (empty.length > 0) {
    const [are, they] = empty.length === 1 ? ["is", "it gets"] : ["are", "they get"];
    progress?.warn(
      `${empty.length} of ${entries.length} histories ${are} empty (${someOf(empty)}): ${they} popular items`,
    );
  }
  const dense = denseItems(dataset, kept);
  return entries.map(([name], i) => ({ name, user: 0, items: dense[i] }));
}

/** The name and the items of each history. */
function entriesOf(histories: GivenHistories): (readonly [name: string, items: readonly string[]])[] {
  if (histories instanceof Map) return [...histories];
  if (Array.isArray(histories)) return histories.map((items, i) => [`#${i + 1}`, items]);
  return Object.entries(histories as Readonly<Record<string, readonly string[]>>);
}
