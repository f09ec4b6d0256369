/**
 * The share of targets that the training part does not have.
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { yieldToEventLoop } from "../../pipeline/contract/machine/event_loop.ts";
import { HELD_OUT, type HeldOut } from "../../pipeline/contract/stage.ts";
import { trainingCounts } from "../popularity.ts";
import { positiveBlocks } from "./positives.ts";

/** For each held-out part, the share of its targets that the training part does not have. */
export type NewShares = Partial<Record<HeldOut, number>>;

/** Computes the shares. Parts without targets, and those that are not held out, are left out. */
export async function newSharesOf(dataset: SequenceDataset): Promise<NewShares> {
  const counts = trainingCounts(dataset), shares: NewShares = {};
  for (const split of HELD_OUT.filter((split) => dataset.heldOut.includes(split))) {
    let all = 0, unknown = 0;
    for (const { targets } of positiveBlocks(dataset, split)) {
      all += targets.length;
      for (const item of targets) if (counts[item] === 0) unknown++;
      if (dataset.parts.length > 1) await yieldToEventLoop(); // lets the memory of finished frames be freed
    }
    if (all > 0) shares[split] = unknown / all;
  }
  return shares;
}
