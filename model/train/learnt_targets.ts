/**
 * Whether a model evaluated on one dataset has already learnt the answers from another.
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import type { DatasetPart } from "../../pipeline/contract/dataset/users_part.ts";
import { yieldToEventLoop } from "../../pipeline/contract/machine/event_loop.ts";
import { HELD_OUT, SPLITS } from "../../pipeline/contract/stage.ts";
import { itemRows, userRows } from "../vocabularies.ts";

/** Result of {@link learntTargets}. */
export interface LearntTargets {
  /** Number of validation and test interactions of users that both datasets have. */
  targets: number;
  /** Number of these that the earlier dataset has in its training part. */
  learnt: number;
}

/**
 * Counts the validation and test interactions of a dataset that are in the training part of an earlier one: same
 * user, same item, by original ids. If the user takes the item for the n-th time, the training part must have it n
 * times.
 */
export async function learntTargets(earlier: SequenceDataset, now: SequenceDataset): Promise<LearntTargets> {
  const isSame = earlier === now || earlier.manifest.hash === now.manifest.hash;
  if (isSame && earlier.heldOut.length === HELD_OUT.length) return { targets: 0, learnt: 0 };
  const items = itemRows(earlier, now), users = userRows(earlier, now);
  /** By user of the earlier dataset: the held-out items, as items of the earlier dataset, and how often the user has taken each by then. */
  const held = new Map<number, { item: number; time: number }[]>();
  let targets = 0, learnt = 0;
  for await (const { user, items: own, isTrain } of histories(now)) {
    const before = users[user];
    if (before < 0) continue;
    const times = new Map<number, number>(), asked: { item: number; time: number }[] = [];
    own.forEach((item, i) => {
      const time = counted(times, item);
      if (isTrain(i)) return;
      targets++;
      if (items[item] >= 0) asked.push({ item: items[item], time });
    });
    if (asked.length > 0) held.set(before, asked);
  }
  for await (const { user, items: own, isTrain } of histories(earlier)) {
    const asked = held.get(user);
    if (!asked) continue;
    const times = new Map<number, number>();
    own.forEach((item, i) => {
      if (isTrain(i)) counted(times, item);
    });
    learnt += asked.filter(({ item, time }) => (times.get(item) ?? 0) >= time).length;
  }
  return { targets, learnt };
}

/** Counts an item once more and returns its new count. */
function counted(times: Map<number, number>, item: number): number {
  const time = (times.get(item) ?? 0) + 1;
  times.set(item, time);
  return time;
}

/** One user's interactions, oldest first. */
interface History {
  user: number;
  items: Uint32Array;
  /** Whether the i-th interaction is in the training part. */
  isTrain(i: number): boolean;
}

/** The histories of all users, one part of the dataset after the other. */
async function* histories(dataset: SequenceDataset): AsyncGenerator<History> {
  for (const part of dataset.parts) {
    yield* historiesOf(part);
    if (dataset.parts.length > 1) await yieldToEventLoop(); // lets the memory of finished frames be freed
  }
}

function* historiesOf(part: DatasetPart): Generator<History> {
  const { offsets, items, splits } = part.sequences(), train = SPLITS.indexOf("train");
  for (let own = 1; own <= part.users; own++) {
    const [start, end] = [offsets[own], offsets[own + 1]];
    yield {
      user: part.firstUser + own - 1,
      items: items.subarray(start, end),
      isTrain: (i) => splits[start + i] === train,
    };
  }
}
