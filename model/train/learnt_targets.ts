/**
 * Whether what a model is judged by on one dataset is among what it learnt from on another.
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import type { DatasetPart } from "../../pipeline/contract/dataset/users_part.ts";
import { yieldToEventLoop } from "../../pipeline/contract/machine/event_loop.ts";
import { SPLITS } from "../../pipeline/contract/stage.ts";
import { itemRows, userRows } from "../vocabularies.ts";

/** What {@link learntTargets} found. */
export interface LearntTargets {
  /** Validation and test interactions of users that both datasets have. */
  targets: number;
  /** Of these, those that the earlier dataset has in its training part. */
  learnt: number;
}

/**
 * Counts the validation and test interactions of a dataset that are in the training part of an earlier one: same user, same item, by original ids. An item
 * that the user had before the target, too, does not count: of that the training part may well know.
 */
export async function learntTargets(earlier: SequenceDataset, now: SequenceDataset): Promise<LearntTargets> {
  const isSame = earlier === now || earlier.manifest.hash === now.manifest.hash;
  if (isSame) return { targets: 0, learnt: 0 };
  const items = itemRows(earlier, now), users = userRows(earlier, now);
  /** By user of the earlier dataset: what comes as something new to them in the parts that are held out, in items of the earlier one. */
  const held = new Map<number, Set<number>>();
  let targets = 0, learnt = 0;
  for await (const { user, items: own, isTrain } of histories(now)) {
    const before = users[user];
    if (before < 0) continue;
    const had = new Set<number>(), fresh = new Set<number>();
    own.forEach((item, i) => {
      if (!isTrain(i)) {
        targets++;
        if (!had.has(item) && items[item] >= 0) fresh.add(items[item]);
      }
      had.add(item);
    });
    if (fresh.size > 0) held.set(before, fresh);
  }
  for await (const { user, items: own, isTrain } of histories(earlier)) {
    const fresh = held.get(user);
    if (!fresh) continue;
    own.forEach((item, i) => {
      if (isTrain(i) && fresh.delete(item)) learnt++;
    });
  }
  return { targets, learnt };
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
