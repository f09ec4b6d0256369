/**
 * Which targets their users had already had.
 *
 * @module
 */
import type { SequenceDataset } from "../../../pipeline/contract/dataset.ts";
import { yieldToEventLoop } from "../../../pipeline/contract/machine/event_loop.ts";
import type { HeldOut } from "../../../pipeline/contract/stage.ts";
import { positiveBlocks } from "../positives.ts";

/**
 * Tells for each positive whether its target is in its history.
 *
 * @param count Number of positives in the part of the split.
 * @returns [positives], 1 if it is.
 */
export async function repeatsAmong(
  dataset: SequenceDataset,
  split: HeldOut,
  count: number,
): Promise<Uint8Array> {
  const found = new Uint8Array(count);
  // For each item, the user last seen with it. A user's positives are adjacent and in order of time, so each history
  // is read once.
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
