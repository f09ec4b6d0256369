/**
 * The losses that a network can be trained with, each with one file and one line here.
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

/** A loss, as in `--loss`: the name of one of the {@link LOSSES}. */
export type LossName = "ce" | "bce" | "bpr" | "sampled-softmax" | "bpr-max" | "top1-max";

const losses: Record<LossName, LossDefinition> = {
  "ce": crossEntropy,
  "bce": binaryCrossEntropy,
  "bpr": bpr,
  "sampled-softmax": sampledSoftmax,
  "bpr-max": bprMax,
  "top1-max": top1Max,
};

/**
 * Names of the losses.
 *
 * @example
 * ```ts
 * import { LOSSES, planOf } from "automlp";
 *
 * const methods = LOSSES.map((loss) => ({ method: "gru4rec" as const, label: loss, loss }));
 * console.log(planOf({ name: "losses", methods, seeds: [1], common: { epochs: 5 } }));
 * ```
 */
export const LOSSES: readonly [LossName, ...LossName[]] = Object.keys(losses) as [LossName, ...LossName[]];

/** The loss with a given name. */
export const lossOf = (name: LossName): LossDefinition => losses[name];
