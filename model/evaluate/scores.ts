/**
 * Scores in batches, checked before they are used for ranking.
 *
 * @module
 */
import { InputError, RunError } from "../../pipeline/contract/errors.ts";
import { found } from "../../pipeline/contract/options/arguments.ts";
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { popularityScores } from "../popularity.ts";
import type { Histories, Recommender } from "../recommender.ts";
import { strangeTo } from "../trained_on.ts";

/** Maximum number of scores in a batch: 64 MiB. */
const SCORES_AT_ONCE = 2 ** 24;
/** This many scores fit into the processor's caches, which matters because each is read several times … */
const SCORES_NEARBY = 2 ** 22;
/** … but a batch should have at least this many histories: with fewer, scoring them together hardly helps. */
const HISTORIES_TOGETHER = 64;
const HISTORIES_AT_ONCE = 1024;
/** Maximum number of history items in a batch: a network has several numbers for each of them at once. */
const PLACES_AT_ONCE = 2 ** 18;

/**
 * Default number of histories that are scored at once, at least one.
 *
 * @param width Number of scores for each history.
 * @param length Maximum number of items of a history that count.
 */
export function historiesAtOnce(width: number, length = 1): number {
  const nearby = Math.max(SCORES_NEARBY / width, HISTORIES_TOGETHER);
  const most = Math.min(nearby, SCORES_AT_ONCE / width, PLACES_AT_ONCE / length, HISTORIES_AT_ONCE);
  return Math.max(1, Math.floor(most));
}

/** Histories `from` … `to − 1`, without copying. */
export function sliceHistories(histories: Histories, from: number, to: number): Histories {
  return {
    items: histories.items,
    starts: histories.starts.subarray(from, to),
    ends: histories.ends.subarray(from, to),
    users: histories.users?.subarray(from, to),
  };
}

/** Histories as copies, one after the other: a method that reverses one in place must not change the dataset. */
function copied({ items, starts, ends, users }: Histories): Histories {
  const n = starts.length, bounds = new Uint32Array(n + 1);
  for (let i = 0; i < n; i++) bounds[i + 1] = bounds[i] + ends[i] - starts[i];
  const own = new Uint32Array(bounds[n]);
  for (let i = 0; i < n; i++) own.set(items.subarray(starts[i], ends[i]), bounds[i]);
  return { items: own, starts: bounds.slice(0, n), ends: bounds.slice(1), users: users?.slice() };
}

/** @throws {InputError} if the method was trained on other items than the dataset has. */
export function checkItems(recommender: Recommender, dataset: SequenceDataset): void {
  const strange = strangeTo(recommender, dataset, recommender.items);
  if (strange !== undefined) {
    throw new InputError(
      `Cannot score the items of ${dataset.folder} with ${recommender.name}: ${strange}; use the dataset that it was trained on, or ` +
        "take it to this one: forDataset(model, before, now)",
    );
  }
}

/** Memory for scores that are processed in batches: each batch overwrites the previous one. */
export class ScoreRoom {
  #numbers = new Float32Array(0);

  /** Returns a copy of scores. */
  hold(scores: ArrayLike<number>): Float32Array {
    if (this.#numbers.length < scores.length) this.#numbers = new Float32Array(scores.length);
    this.#numbers.set(scores);
    return this.#numbers.subarray(0, scores.length);
  }
}

/**
 * Returns a recommender's scores, checked to be numbers, as a copy that may be changed.
 *
 * @param room Where the copy is stored. Default: newly allocated memory, which costs more than filling it if there
 * are many items.
 * @returns See {@link Recommender.score}.
 * @throws {RunError} if a score is NaN or the number of scores is wrong.
 */
export async function scoreChecked(
  recommender: Recommender,
  histories: Histories,
  candidates?: Uint32Array,
  room = new ScoreRoom(),
): Promise<Float32Array> {
  const given: ArrayLike<number> | undefined = await recommender.score(
    copied(histories),
    candidates?.slice(),
  );
  const n = histories.starts.length, expected = candidates?.length ?? n * (recommender.items + 1);
  if (given?.length !== expected) {
    throw new RunError(
      `Cannot rank by ${recommender.name}: it gave ${
        gaveWhat(given)
      } for ${n} histories, expected ${expected} scores`,
    );
  }
  // Items are masked and popularity is subtracted in place, and a method may keep the array that it returned.
  const scores = room.hold(given);
  if (scores.includes(NaN)) {
    const place = scores.findIndex(Number.isNaN),
      item = candidates?.[place] ?? place % (recommender.items + 1);
    throw new RunError(
      `Cannot rank by ${recommender.name}: its score of item ${item} is not a number (NaN); where it was trained, training has diverged: ` +
        "train it again with a lower learning rate",
    );
  }
  return scores;
}

/** What a method returned instead of scores. */
function gaveWhat(given: ArrayLike<number> | undefined): string {
  if (given === undefined) return "nothing";
  return given?.length === undefined ? found(given) : `${given.length} scores`;
}

/**
 * Returns a function that subtracts τ log q_j from the scores of all items, [n × (items + 1)], in place. Column 0
 * stays as it is. q_j is item j's share of the training part, with one added to each item's count.
 */
export function adjusterFor(dataset: SequenceDataset, tau: number): (scores: Float32Array) => void {
  if (tau === 0) return () => {};
  const off = popularityScores(dataset).map((value) => tau * value);
  return (scores) => {
    for (let row = 0; row < scores.length; row += off.length) {
      for (let item = 1; item < off.length; item++) scores[row + item] -= off[item];
    }
  };
}
