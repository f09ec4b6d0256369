/**
 * The losses that a network can be trained with: one file and one line each.
 *
 * @module
 */
import { binaryCrossEntropy } from "./binary_cross_entropy.ts";
import { bpr } from "./bpr.ts";
import { bprMax } from "./bpr_max.ts";
import { crossEntropy } from "./cross_entropy.ts";
import type { LossDefinition } from "./loss.ts";
import { sampledSoftmax } from "./sampled_softmax.ts";
import { top1Max } from "./top1_max.ts";

/** A loss, as in `--loss`. */
export type LossName = "ce" | "bce" | "bpr" | "sampled-softmax" | "bpr-max" | "top1-max";

const losses: Record<LossName, LossDefinition> = {
  "ce": crossEntropy,
  "bce": binaryCrossEntropy,
  "bpr": bpr,
  "sampled-softmax": sampledSoftmax,
  "bpr-max": bprMax,
  "top1-max": top1Max,
};

/** The losses by name. */
export const LOSSES: readonly [LossName, ...LossName[]] = Object.keys(losses) as [LossName, ...LossName[]];

/** The loss of a name. */
export const lossOf = (name: LossName): LossDefinition => losses[name];
