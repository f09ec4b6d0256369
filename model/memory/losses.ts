/**
 * The memory that a loss takes, regardless of the network: the items whose vectors it needs, their scores, and their step of Adam.
 *
 * @module
 */
import { rowsHeld } from "../backend/cross_entropy.ts";
import { lossOf } from "../train/losses/registry.ts";
import type { Layering, Learning } from "./estimate.ts";

/** A batch as a loss sees it. */
export interface AskedBatch {
  /** Number of sequences. */
  batch: number;
  /** Number of positions whose next item is predicted. */
  asked: number;
}

/** Counts the items whose vectors a step computes, including the padding: all of them for a loss over all items. */
export function encodedItems(
  { items, length }: { items: number; length: number },
  { loss, trainNegatives }: Learning["settings"],
  { batch, asked }: AskedBatch,
): number {
  const drawn = {
    "none": items,
    "each target": asked * trainNegatives,
    "shared": trainNegatives,
  }[lossOf(loss).negatives];
  return Math.min(items, batch * (length + 1) + drawn) + 1;
}

/** Counts the numbers in the scores that a loss is computed from, and in their gradients. */
export function scoreNumbers(
  { items, dim }: { items: number; dim: number },
  { loss, trainNegatives }: Learning["settings"],
  asked: number,
  layering: Layering,
): number {
  switch (lossOf(loss).negatives) {
    case "none":
      return Math.min(asked, rowsHeld(items, layering)) * items * (layering === "fused" ? 1 : 8);
    case "each target":
      return asked * (1 + trainNegatives) * (3 * dim + 6);
    case "shared":
      if (loss === "sampled-softmax" && layering === "fused") {
        return Math.min(asked, rowsHeld(trainNegatives, layering)) * trainNegatives + asked * 3 * dim;
      }
      return asked * trainNegatives * 8;
  }
}

/** Counts the numbers beyond the vectors and their gradients: if composed, Adam's step for some rows makes new whole tables. */
export const rowStepNumbers = (
  { items, dim }: { items: number; dim: number },
  encoded: number,
  layering: Layering,
): number => layering === "fused" ? 0 : dim * (9 * encoded + 3 * items);
