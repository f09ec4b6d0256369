/**
 * A remark for users who have many items and did not choose a loss.
 *
 * @module
 */
import { type LossName, lossOf } from "../train/losses/registry.ts";

/** Number of items from which a step of the usual size spends nearly all its time on comparing targets with them. */
const MANY = 50_000;

/**
 * Returns a remark on a training that compares each target with very many items by default.
 *
 * @param named The options that the caller named.
 */
export function manyItemsRemark(items: number, loss: LossName, named: object): string | undefined {
  if (items < MANY || loss !== "ce" || "loss" in named) return undefined;
  return `Each training step compares its targets with all ${
    items.toLocaleString("en-US")
  } items, which is most of the work: ` +
    `with --loss sampled-softmax it is ${
      lossOf("sampled-softmax").defaultNegatives.toLocaleString("en-US")
    } that are drawn, and a step takes less than half of the time, though the network learns somewhat less in an epoch`;
}
