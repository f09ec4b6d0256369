/**
 * A remark for users whose network memorizes its examples.
 *
 * @module
 */
import type { MetricName } from "../records/evaluation.ts";
import { isWhole } from "../records/epochs.ts";
import type { TrainRecord } from "../records/records.ts";

/** Number of epochs whose mean is compared with the best; none of them is in the half that contains the best. */
const LAST = 3;
/** A fall by less than this share of the best is only fluctuation, whatever the standard error. */
const FALL = 0.03;

/**
 * Returns a remark on a training that was best in the first half of its epochs and then got worse on validation while its loss
 * continued to fall. Worse means: the mean of the last three epochs is below the best by more than a standard error,
 * and by more than 3 %.
 *
 * @param metric The monitored metric, as in "NDCG@10".
 * @param dropout The network's dropout.
 */
export function byHeartRemark(
  history: readonly TrainRecord[],
  metric: MetricName,
  dropout: number,
): string | undefined {
  const epochs = history.filter((record) => isWhole(record) && metric in record.metrics);
  const best = epochs.findLast((record) => record.best), last = epochs.slice(-LAST);
  if (!best || 2 * best.epoch > epochs.length || epochs.length < 2 * LAST) return undefined;
  const value = best.metrics[metric], fell = value - mean(last.map(({ metrics }) => metrics[metric]));
  const isFall = fell > FALL * value && fell > (best.standardErrors?.[metric] ?? 0);
  if (!isFall || last.some(({ loss }) => loss >= best.loss)) return undefined;
  return `${metric} on validation fell by ${
    (100 * fell / value).toFixed(0)
  } % after epoch ${best.epoch}, while the loss went on falling: ` +
    `the network learns its examples by heart; with a --dropout above ${dropout} it may get better`;
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
