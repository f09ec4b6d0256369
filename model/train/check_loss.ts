/**
 * Whether training goes well.
 *
 * @module
 */
import { RunError } from "../../pipeline/contract/errors.ts";

/**
 * A batch's loss.
 *
 * @param epoch From 0.
 * @throws {RunError} if it is not a finite number any more.
 */
export function checkLoss(loss: number, epoch: number): number {
  if (Number.isFinite(loss)) return loss;
  throw new RunError(
    `Training diverged: the loss is ${loss} in epoch ${epoch + 1}; lower --rate, or raise --batch-size`,
  );
}
