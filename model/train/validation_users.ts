/**
 * Which users validate an epoch: in large data some of them, drawn at random, tell as well when to stop.
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { DEFAULT_SEED, RandomStream } from "../../pipeline/contract/random.ts";
import { type Positives, positivesOf, type Users } from "../evaluate/positives.ts";
import { FULL } from "../evaluate/rank_pass.ts";
import type { RankingProtocol } from "../records/evaluation.ts";

/**
 * Number of scores, of a positive and an item, up to which all users validate; they take some 20 seconds of the processor at D = 64. And the
 * smallest number of positives that are drawn: of 10,000, the standard error of a metric is .002 to .005.
 */
export const MOST_SCORES = 2e9, FEWEST_POSITIVES = 10_000;

/** The users that validate, and how many they are of those who could. */
export interface ValidationUsers {
  /** undefined: all. */
  among?: Users;
  users: number;
  all: number;
}

/**
 * Returns the users that validate. They are the same for every method, seed and epoch, so that figures can be compared.
 *
 * @param wanted Their number; undefined: all, or if all items are ranked, as many as make {@link MOST_SCORES}.
 * @throws {InputError} if the validation part has no positives.
 */
export async function chooseValidationUsers(
  dataset: SequenceDataset,
  protocol: RankingProtocol,
  wanted?: number,
): Promise<ValidationUsers> {
  const positives = await positivesOf(dataset, "validation"), all = positives.groups.length - 1;
  const users = Math.min(all, wanted ?? usualUsers(dataset, protocol, positives));
  return users === all ? { users, all } : { among: drawn(dataset.users, positives, users), users, all };
}

function usualUsers(dataset: SequenceDataset, protocol: RankingProtocol, positives: Positives): number {
  if (protocol !== FULL) return Infinity;
  const most = Math.max(FEWEST_POSITIVES, MOST_SCORES / dataset.items), n = positives.targets.length;
  return n <= most ? Infinity : Math.ceil(most * (positives.groups.length - 1) / n);
}

/** Draws some of the users who have positives, each with equal probability (selection sampling: Knuth, TAOCP 2, 3.4.2, algorithm S). */
function drawn(users: number, { users: of, groups }: Positives, wanted: number): Users {
  const random = new RandomStream(DEFAULT_SEED, "validation users"), chosen = new Uint8Array(users + 1);
  const all = groups.length - 1;
  for (let i = 0, left = wanted; left > 0; i++) {
    if (random.float() * (all - i) >= left) continue;
    chosen[of[groups[i]]] = 1;
    left--;
  }
  return chosen;
}
