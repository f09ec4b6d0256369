/**
 * Users that the dataset dropped: a warning says so, and they get recommendations by their history all the same.
 *
 * @module
 */
import { leftOutWords } from "../../pipeline/contract/dataset/left_out.ts";
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import type { StageContext } from "../../pipeline/contract/stage.ts";
import { formatCell } from "../../pipeline/display/table.ts";
import { countOf } from "../../pipeline/display/text/units.ts";
import type { DroppedUser, droppedUsers, SourcesSay } from "../../pipeline/dropped_users.ts";
import { someOf } from "./some_of.ts";

/** What the sources of a dataset say about users that it does not have. */
export interface FromSources {
  /** Histories of the dropped users: dense ids of the items that the dataset has, oldest first. */
  histories: ReadonlyMap<string, readonly number[]>;
  /** Whether it is known that all other users are in none of the sources; a dropped user may have an id similar to that of another. */
  searched: boolean;
  /** Text to follow the dataset's name: where else the other users are not found, or why that is not known. */
  others: string;
}

/** Looks for users in the files that the dataset was made from, and says who was dropped and why. */
export async function fromSources(
  dataset: SequenceDataset,
  users: readonly string[],
  { searchSources, progress, signal }: StageContext & { searchSources: boolean },
): Promise<FromSources> {
  const { config } = dataset.manifest;
  const minUser = Number(config.minUser ?? 0), maxUser = Number(config.maxUser ?? Infinity);
  const isSample = config.sampleUsers !== undefined;
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
  for (const line of told([...found.users], { minUser, maxUser, isSample })) progress?.warn(line);
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

/** Up to this number of users, each gets a line of its own. */
const MOST_LINES = 5;

/** Why users are not in a dataset. */
interface Why {
  /** The minimum number of interactions a user needed. */
  minUser: number;
  /** The maximum number of interactions a user was allowed. */
  maxUser: number;
  /** Whether the dataset has only a random sample of the users with enough interactions. */
  isSample: boolean;
}

function told(users: readonly [name: string, user: DroppedUser][], why: Why): string[] {
  if (users.length <= MOST_LINES) return users.map(([name, user]) => lineOf(name, user, why));
  const sum = (of: (user: DroppedUser) => number) => users.reduce((total, [, user]) => total + of(user), 0);
  const interactions = sum((user) => user.interactions), known = sum(({ items }) => items.length);
  const nothing = users.filter(([, { items }]) => items.length === 0).length;
  const names = someOf(users.map(([name]) => name)), had = `their ${countOf(interactions, "interaction")}`;
  const by = known === interactions ? had : `${known} of ${had}, those with items in the dataset`;
  const [have, get] = nothing === 1 ? ["has", "gets"] : ["have", "get"];
  const popular = nothing === 0
    ? ""
    : `; ${formatCell(nothing)} of the users ${have} none of these and ${get} popular items`;
  return [
    `${
      countOf(users.length, "user")
    } were dropped when the dataset was prepared (${names}): recommendations use ${by}${popular}`,
  ];
}

/** As in `u17 was dropped when the dataset was prepared: 6 interactions, fewer than 10; recommendations use these`. */
function lineOf(
  name: string,
  { rows, interactions, items }: DroppedUser,
  { minUser, maxUser, isSample }: Why,
): string {
  const why = interactions < minUser
    ? `, fewer than ${minUser}`
    : interactions > maxUser
    ? `, more than ${maxUser}`
    : isSample
    ? ", but not drawn"
    : "";
  const what = interactions === 0
    ? `of ${countOf(rows, "row")} none counts as an interaction`
    : countOf(interactions, "interaction") + why;
  return `${name} was dropped when the dataset was prepared: ${what}; ${
    servedBy(interactions, items.length)
  }`;
}

function servedBy(interactions: number, known: number): string {
  if (known === interactions && known > 0) return `recommendations use ${known === 1 ? "it" : "these"}`;
  if (known > 0) return `recommendations use ${known} of these, with items in the dataset`;
  return `${interactions > 0 ? "none is with an item in the dataset; " : ""}gets popular items`;
}
