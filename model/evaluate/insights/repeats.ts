/**
 * Which targets their users had before.
 *
 * @module
 */
import type { SequenceDataset } from "../../../pipeline/contract/dataset.ts";
import { yieldToEventLoop } from "../../../pipeline/contract/machine/event_loop.ts";
import type { HeldOut } from "../../../pipeline/contract/stage.ts";
import { positiveBlocks } from "../positives.ts";

/**
 * Whether the target of each positive is in its history.
 *
 * @param count Positives of the part of the split.
 * @returns [positives], 1 where it is.
 */
export async function repeatsAmong(
  dataset: SequenceDataset,
  split: HeldOut,
  count: number,
): Promise<Uint8Array> {
  const found = new Uint8Array(count);
  // By item, the user who was last seen with it. Positives of a user follow each other in time: each history is gone through once.
  const holder = new Uint32Array(dataset.items + 1);
  for (
    const { start, targets, histories: { items, starts, ends, users } } of positiveBlocks(dataset, split)
  ) {
    for (let i = 0, place = 0; i < targets.length; i++) {
      place = Math.max(place, starts[i]);
      for (; place < ends[i]; place++) holder[items[place]] = users[i];
      if (holder[targets[i]] === users[i]) found[start + i] = 1;
    }
    await yieldToEventLoop();
  }
  return found;
}
