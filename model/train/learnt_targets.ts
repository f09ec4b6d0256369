/**
 * Whether what a model is judged by on one dataset is among what it learnt from on another.
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import type { DatasetPart } from "../../pipeline/contract/dataset/users_part.ts";
import { yieldToEventLoop } from "../../pipeline/contract/machine/event_loop.ts";
import { HELD_OUT, SPLITS } from "../../pipeline/contract/stage.ts";
import { itemRows, userRows } from "../vocabularies.ts";

/** What {@link learntTargets} found. */
export interface LearntTargets {
  /** Validation and test interactions of users that both datasets have. */
  targets: number;
  /** Of these, those that the earlier dataset has in its training part. */
  learnt: number;
}

/**
 * Counts the validation and test interactions of a dataset that are in the training part of an earlier one: same user, same item, by original ids. Where
 * it is the n-th time that the user takes the item, the training part has to have it n times.
 */
export async function learntTargets(earlier: SequenceDataset, now: SequenceDataset): Promise<LearntTargets> {
  const isSame = earlier === now || earlier.manifest.hash === now.manifest.hash;
  if (isSame && earlier.heldOut.length === HELD_OUT.length) return { targets: 0, learnt: 0 };
  const items = itemRows(earlier, now), users = userRows(earlier, now);
  /** By user of the earlier dataset: what is held out, in items of the earlier one, and which time it is that the user takes it. */
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

/** Counts an item once more; gives how often it is there now. */
function counted(times: Map<number, number>, item: number): number {
  const time = (times.get(item) ?? 0) + 1;
  times.set(item, time);
  return time;
}

/** One user's interactions, oldest first. */
interface History {
  user: number;
  items: Uint32Array;
  /** Whether the i-th is in the training part. */
  isTrain(i: number): boolean;
}

/** Of all users, one part of the dataset after the other. */
async function* histories(dataset: SequenceDataset): AsyncGenerator<History> {
  for (const part of dataset.parts) {
    yield* historiesOf(part);
    if (dataset.parts.length > 1) await yieldToEventLoop(); // the memory of frames that are done with goes
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
