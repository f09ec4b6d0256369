/**
 * Checks that training has not diverged.
 *
 * @module
 */
import { RunError } from "../../pipeline/contract/errors.ts";

/**
 * Returns a batch's loss after checking it.
 *
 * @param epoch The epoch, from 0.
 * @throws {RunError} if it is no longer a finite number.
 */
export function checkLoss(loss: number, epoch: number): number {
  if (Number.isFinite(loss)) return loss;
  throw new RunError(
    `Training diverged: the loss is ${loss} in epoch ${epoch + 1}; lower --rate, or raise --batch-size`,
  );
}
