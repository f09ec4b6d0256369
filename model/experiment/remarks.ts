/**
 * Remarks on data and trainings that a reader of the results should know.
 *
 * @module
 */
import type { MetricName } from "../records/evaluation.ts";
import { isWhole } from "../records/epochs.ts";
import type { TrainRecord } from "../records/records.ts";
import { type LossName, lossOf } from "../train/losses/registry.ts";
import { HELD_OUT } from "../../pipeline/contract/stage.ts";
import type { Manifest } from "../../pipeline/contract/dataset/manifest.ts";
import type { NewShares } from "../evaluate/new_targets.ts";

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

/** Number of items from which a step of the usual size spends nearly all its time on comparing targets with them. */
const MANY_ITEMS = 50_000;

/**
 * Returns a remark on a training that compares each target with very many items by default.
 *
 * @param named The options that the caller named.
 */
export function manyItemsRemark(items: number, loss: LossName, named: object): string | undefined {
  if (items < MANY_ITEMS || loss !== "ce" || "loss" in named) return undefined;
  return `Each training step compares its targets with all ${
    items.toLocaleString("en-US")
  } items, which is most of the work: ` +
    `with --loss sampled-softmax it is ${
      lossOf("sampled-softmax").defaultNegatives.toLocaleString("en-US")
    } that are drawn, and a step takes less than half of the time, though the network learns somewhat less in an epoch`;
}

/** Share of new items from which the remark is made, because the figures, and the epoch chosen by them, depend on it. */
const MANY_NEW = 0.1;

/**
 * Returns a remark on data in which many targets of validation or test are items that the training part does not have.
 *
 * @param split How the parts were split, which determines the advice.
 */
export function newItemsRemark(shares: NewShares, split: Manifest["split"]["kind"]): string | undefined {
  const many = HELD_OUT.filter((part) => (shares[part] ?? 0) >= MANY_NEW);
  if (many.length === 0) return undefined;
  const said = many.map((part) => `${(100 * shares[part]!).toFixed(0)} % of the ${part} targets`).join(
    " and ",
  );
  const wish = split === "global-time"
    ? "the closer to each other --valid-from, --test-from and the end of the data, the fewer are new"
    : "--min-item drops rare ones";
  return `${said} are items that nobody took in the training part: with any method hardly any of these get into a list, ` +
    `and figures are low for that reason alone; ${wish}`;
}

/** Share of repeats from which the figures for the other targets are not what matters. */
const MANY_REPEATS = 0.25;

/**
 * Returns a remark on data in which many targets are repeats, for runs that do not recommend seen items.
 *
 * @param share Share of the training targets that their users had before.
 */
export function repeatsRemark(share: number): string | undefined {
  if (share < MANY_REPEATS) return undefined;
  return `${
    (100 * share).toFixed(0)
  } % of the training targets are items that the user had before: protocol full ranks such an item among ` +
    "those that are new to the user only, which is easy, and recommend leaves it out; a run that is begun with --keep-seen ranks and recommends all items";
}
