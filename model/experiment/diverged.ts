/**
 * A remark for users whose training learnt nothing.
 *
 * @module
 */
import type { TrainRecord } from "../records/records.ts";

/** Number of nats by which a loss may be above guessing at the beginning of a training. */
const ABOVE = 1;
/** A loss that fell below this share of what it was is on its way, if it is no farther above guessing than this. */
const FALLING = 0.9, FAR = 20;

/**
 * Returns a remark on a training by cross-entropy whose loss is above that of guessing and did not fall to where it should: its steps were
 * too long.
 *
 * @param items Number of items.
 */
export function divergedRemark(history: readonly TrainRecord[], items: number): string | undefined {
  const [first, ...others] = history, last = others.at(-1), guessing = Math.log(items);
  if (!last || last.loss <= guessing + ABOVE) return undefined;
  if (last.loss < FALLING * first.loss && last.loss < guessing + FAR) return undefined;
  return `The loss was ${last.loss.toFixed(2)} in the last epoch, and guessing has ${
    guessing.toFixed(2)
  }: nothing was learnt; lower --rate`;
}
