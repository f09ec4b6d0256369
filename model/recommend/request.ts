/**
 * What is asked of `recommend`: for whom.
 *
 * @module
 */
import type { StageContext } from "../../pipeline/contract/stage.ts";

/**
 * What becomes of an id that the dataset does not hold: an error, nothing but a warning, or, for a user, what is popular. What `onUnknown` of {@link recommend} takes.
 */
export type OnUnknown = "error" | "skip" | "popular";
/** All of them. */
export const ON_UNKNOWN = ["error", "skip", "popular"] as const satisfies readonly OnUnknown[];

/** Histories of users never seen: original ids of items, oldest first. What `histories` of {@link recommend} takes. */
export type GivenHistories =
  | readonly (readonly string[])[]
  | ReadonlyMap<string, readonly string[]>
  | Readonly<Record<string, readonly string[]>>;

/** What a caller asks for; see `RecommendOptions`. */
export interface RequestOptions extends StageContext {
  users?: string | readonly string[];
  histories?: GivenHistories;
  onUnknown?: OnUnknown;
}

/** One of the users: a slice of the dataset's sequences, or a history of its own. */
export interface Request {
  name: string;
  /** The user in the dataset; 0 for one never seen. */
  user: number;
  /** Of one never seen: dense ids, oldest first; left out, none. */
  items?: readonly number[];
}
