/**
 * Turns requests into histories: original ids → histories.
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { InputError, UnknownIdError } from "../../pipeline/contract/errors.ts";
import type { Histories } from "../recommender.ts";
import { pickedSequences, storedSequences } from "./stored.ts";
import type { StageContext } from "../../pipeline/contract/stage.ts";
import { idHint } from "../../pipeline/contract/dataset/original_ids.ts";
import { reasonWords } from "../../pipeline/contract/stage/dropped.ts";
import { countOf } from "../../pipeline/display/text/units.ts";
import { shortened } from "../../pipeline/display/text/shortened.ts";
import type { Progress } from "../../pipeline/contract/progress.ts";
import { leftOutWords } from "../../pipeline/contract/dataset/left_out.ts";
import type { DroppedUser, droppedUsers, SourcesSay } from "../../pipeline/dropped_users.ts";

/** Histories and names of n users. An unknown user has an empty history. */
interface Requests {
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

/**
 * What happens for an id that is not in the dataset: an error, a warning only, or, for a user, popular items. `onUnknown` of
 * {@link recommend} takes it.
 */
export type OnUnknown = "error" | "skip" | "popular";
/** All values of `OnUnknown`. */
export const ON_UNKNOWN = ["error", "skip", "popular"] as const satisfies readonly OnUnknown[];

/** Histories of new users: original ids of items, oldest first. `histories` of {@link recommend} takes them. */
export type GivenHistories =
  | readonly (readonly string[])[]
  | ReadonlyMap<string, readonly string[]>
  | Readonly<Record<string, readonly string[]>>;

/** The options that say whom to recommend to; see `RecommendOptions`. */
export interface RequestOptions extends StageContext {
  users?: string | readonly string[];
  histories?: GivenHistories;
  onUnknown?: OnUnknown;
  searchSources?: boolean;
}

/** One user to recommend to: a slice of the dataset's sequences, or a given history. */
interface Request {
  name: string;
  /** The user in the dataset; 0 for a new user. */
  user: number;
  /** The history of a new user: dense ids, oldest first. Omitted: empty. */
  items?: readonly number[];
}

/**
 * Determines which of the named users to recommend to.
 *
 * @throws {UnknownIdError} for an unknown user, if `onUnknown` is `error`.
 */
async function askedUsers(
  dataset: SequenceDataset,
  { users: given, histories, onUnknown = "error", searchSources = true, ...context }: RequestOptions,
): Promise<Request[]> {
  const { progress } = context, names = given && [...new Set([given].flat())]; // one list each, however often named
  if (!names) {
    const all = histories ? 0 : dataset.users, without = leftOut(dataset);
    if (all > 0 && without.length > 0) {
      progress?.remark?.(
        `Every user of the dataset gets a list; the dataset left out ${
          without.join("; ")
        }. To serve these, too, name them with --users`,
      );
    }
    return Array.from({ length: all }, (_, i) => ({ name: dataset.userId(i + 1), user: i + 1 }));
  }
  const absent = names.filter((id) => !dataset.hasUser(id));
  const found = absent.length > 0
    ? await fromSources(dataset, absent, { searchSources, ...context })
    : undefined;
  const strangers = new Set(absent.filter((id) => !found!.histories.has(id)));
  if (strangers.size > 0) {
    const who = someOf([...strangers]), where = dataset.folder + found!.others;
    if (onUnknown === "error") {
      const [id] = strangers, ids = dataset.table("users").getColumn("id").toArray() as string[];
      const { meant, such } = idHint(id, ids, "user", found!.searched);
      throw new UnknownIdError(
        `Cannot find user "${
          shortened(id)
        }"${meant} in the dataset ${where}${such}; recommend by a history (--histories FILE), or popular items ` +
          "(--on-unknown popular)",
        "user",
        [...strangers],
      );
    }
    const done = onUnknown === "skip" ? "Left out" : "Recommended popular items to";
    const are = strangers.size === 1 ? "is" : "are";
    progress?.warn(`${done} ${countOf(strangers.size, "user")} (${who}) who ${are} not in ${where}`);
  }
  return names.filter((id) => onUnknown !== "skip" || !strangers.has(id)).map((name) => ({
    name,
    user: dataset.hasUser(name) ? dataset.userIndex(name) : 0,
    items: found?.histories.get(name),
  }));
}

/** Describes the users that were left out of the dataset. */
const leftOut = ({ manifest: { stages } }: SequenceDataset): string[] =>
  stages.flatMap(({ dropped }) =>
    dropped.filter(({ ids }) => ids?.of === "users").map((rows) => reasonWords(rows))
  );

/** Returns the items that are in the dataset; for the others, a warning only says how many there were. */
export function knownItems(
  dataset: SequenceDataset,
  lists: readonly (readonly string[])[],
  progress?: Progress,
): string[][] {
  let left = 0;
  const kept = lists.map((ids) => ids.filter((id) => dataset.hasItem(id)));
  lists.forEach((ids, i) => left += ids.length - kept[i].length);
  if (left > 0) progress?.warn(`Left out ${countOf(left, "id")} that no item of ${dataset.folder} has`);
  return kept;
}

/**
 * Returns the dense ids of lists of items.
 *
 * @throws {UnknownIdError} for items that are not in the dataset.
 */
export function denseItems(dataset: SequenceDataset, lists: readonly (readonly string[])[]): number[][] {
  const absent = [...new Set(lists.flatMap((ids) => ids.filter((id) => !dataset.hasItem(id))))];
  if (absent.length === 0) return lists.map((ids) => ids.map((id) => dataset.itemIndex(id)));
  const [id] = absent, all = dataset.table("items").getColumn("id").toArray() as string[];
  const { meant, such } = idHint(id, all, "item", true);
  throw new UnknownIdError(
    `Cannot find item "${
      shortened(id)
    }"${meant} in the dataset ${dataset.folder}${such}; --on-unknown skip leaves out others`,
    "item",
    absent,
  );
}

/** The first few names. */
const someOf = (names: readonly string[]): string =>
  names.slice(0, 5).map(shortened).join(", ") + (names.length > 5 ? " …" : "");

/** What the sources of a dataset say about users that it does not have. */
interface FromSources {
  /** Histories of the dropped users: dense ids of the items that the dataset has, oldest first. */
  histories: ReadonlyMap<string, readonly number[]>;
  /** Whether it is known that all other users are in none of the sources; a dropped user may have an id similar to that of another. */
  searched: boolean;
  /** Text to follow the dataset's name: where else the other users are not found, or why that is not known. */
  others: string;
}

/** Looks for users in the files that the dataset was made from, and says who was dropped and why. */
async function fromSources(
  dataset: SequenceDataset,
  users: readonly string[],
  { searchSources, progress, signal }: StageContext & { searchSources: boolean },
): Promise<FromSources> {
  const { config } = dataset.manifest;
  const found = searchSources
    ? await searched(dataset, users, { progress, signal })
    : { reason: "searchSources is false" };
  if ("reason" in found) {
    const leftOut = leftOutWords(config) ?? "it may have dropped users";
    return {
      histories: new Map(),
      searched: false,
      others: `: ${leftOut}, and its source files were not searched (${found.reason})`,
    };
  }
  if (found.users.size > 0) progress?.warn(told([...found.users]));
  return {
    histories: new Map([...found.users].map(([name, { items }]) => [name, items])),
    searched: true,
    others: `, nor in ${someOf(found.files)}, which it was made from`,
  };
}

/** Searches the sources. The readers are loaded only when they are needed. */
async function searched(...request: Parameters<typeof droppedUsers>): Promise<SourcesSay> {
  const { droppedUsers } = await import("../../pipeline/dropped_users.ts");
  return await droppedUsers(...request);
}

/** As in `3 users were dropped when the dataset was prepared (u1, u7, u9): recommendations use 6 of their 13 interactions, …`. */
function told(users: readonly [name: string, user: DroppedUser][]): string {
  const sum = (of: (user: DroppedUser) => number) => users.reduce((total, [, user]) => total + of(user), 0);
  const interactions = sum((user) => user.interactions), known = sum(({ items }) => items.length);
  const popular = users.filter(([, { items }]) => items.length === 0).length;
  const by = known === interactions ? "their" : `${known} of their`;
  return `${countOf(users.length, "user")} ${
    users.length === 1 ? "was" : "were"
  } dropped when the dataset was prepared (${
    someOf(users.map(([name]) => name))
  }): recommendations use ${by} ${countOf(interactions, "interaction")}${
    known === interactions ? "" : ", those with items in the dataset"
  }${popular === 0 ? "" : `; ${countOf(popular, "user")} without any of these: popular items`}`;
}
