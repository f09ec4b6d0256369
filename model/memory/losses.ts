/**
 * What a loss takes of memory, whatever the network: the items whose vectors it needs, their scores, and their step of Adam.
 *
 * @module
 */
import { rowsHeld } from "../backend/linear_cross_entropy.ts";
import { lossOf } from "../train/losses/registry.ts";
import type { Layering, Learning } from "./estimate.ts";

/** A batch as a loss sees it. */
export interface AskedBatch {
  /** Sequences. */
  batch: number;
  /** Places that are asked for their next item. */
  asked: number;
}

/** Items whose vectors a step computes, with the padding: with a loss over all items, all of them. */
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

/** The scores that a loss is made of, and their gradients. */
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

/** Beyond the vectors and their gradients: composed, Adam's step of some rows makes whole tables again. */
export const rowStepNumbers = (
  { items, dim }: { items: number; dim: number },
  encoded: number,
  layering: Layering,
): number => layering === "fused" ? 0 : dim * (9 * encoded + 3 * items);
