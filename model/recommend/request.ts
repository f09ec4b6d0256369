/**
 * The requests that `recommend` answers: users and histories.
 *
 * @module
 */
import type { StageContext } from "../../pipeline/contract/stage.ts";

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
export interface Request {
  name: string;
  /** The user in the dataset; 0 for a new user. */
  user: number;
  /** The history of a new user: dense ids, oldest first. Omitted: empty. */
  items?: readonly number[];
}
