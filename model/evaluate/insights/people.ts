/**
 * A few people: what they did, and what they took next.
 *
 * @module
 */
import type { SequenceDataset } from "../../../pipeline/contract/dataset.ts";
import { RandomStream } from "../../../pipeline/contract/random.ts";
import type { Person } from "../../records/insights.ts";
import type { Positive, Positives } from "../positives.ts";

/** Number of history items that are shown. */
const NEWEST = 8;

/** Indices of a few positives, ascending: the same for every method. */
export function somePositives({ targets }: Positives, count: number): number[] {
  const random = new RandomStream(0, "gallery"), places = new Set<number>();
  while (places.size < Math.min(count, targets.length)) places.add(random.below(targets.length));
  return [...places].sort((a, b) => a - b);
}

/** The person of a positive, without the recommendations. */
export function personOf(
  dataset: SequenceDataset,
  { user, target, history }: Positive,
  title: (item: number) => string,
): Pick<Person, "user" | "history" | "earlier" | "took"> {
  const from = Math.max(0, history.length - NEWEST);
  return {
    user: dataset.userId(user),
    history: Array.from(history.subarray(from), title),
    earlier: from,
    took: title(target),
  };
}
