/**
 * Matrix products as a yardstick: how many operations a training step needs, and how many this machine does in a second.
 *
 * @module
 */
import type { NetworkConfig } from "../model/automlp/network_config.ts";
import { interestLayers } from "../model/automlp/interest.ts";
import type { Tensor2D } from "../model/backend/tensor.ts";
import type { Engine } from "../model/backend/types.ts";
import type { SrsmlpShape } from "../model/layers/srsmlp.ts";
import { type LossName, lossOf } from "../model/train/losses/registry.ts";

/** What a step's operations depend on besides the network. */
export interface StepSize {
  /** Targets, B. */
  batch: number;
  loss: LossName;
  /** As in `TrainingSettings`. */
  trainNegatives: number;
  /** Number of distinct items whose vectors the step computes. */
  encoded: number;
}

/**
 * Counts the floating-point operations of the matrix products of one training step: forward, and twice as many backward, because
 * each product has a gradient for both of its factors. A multiplication and an addition are two operations.
 *
 * What an interest module's last layer would compute for any but the newest position is not needed and not counted.
 */
export function stepFlops(config: NetworkConfig, { batch, loss, trainNegatives, encoded }: StepSize): number {
  const { dim, items, features, length, layers, longLayers, lengths } = config;
  const ofLayer = ({ length, sequenceHidden, channelHidden, lastOnly }: SrsmlpShape) => {
    const outputs = lastOnly ? 1 : length;
    return batch * dim * ((length + outputs) * sequenceHidden + 2 * outputs * channelHidden);
  };
  const modules = [
    interestLayers("long", length, longLayers, config),
    ...lengths.map((k) => interestLayers("short", k, layers, config)),
  ];
  const multiplications = [
    features.length > 0 ? encoded * (1 + features.length) * dim * dim : 0,
    ...modules.flat().map(ofLayer),
    lengths.length > 1 ? lengths.length * batch * dim : 0, // the mixture by softmax(α)
    batch * dim * (longLayers > 0 ? 2 * dim : dim), // the output layer
    batch * dim * (lossOf(loss).negatives === "none" ? items : 1 + trainNegatives),
  ];
  return 3 * 2 * multiplications.reduce((sum, n) => sum + n);
}

/** Rows and columns of the product that measures the machine's peak speed. */
const PEAK_SIZE = 1024;

/** Milliseconds after which no further product is begun: plain JavaScript takes seconds for one. */
const PATIENCE = 1000;

/**
 * Measures floating-point operations per second in a product of two matrices of 1024 × 1024, the best of several.
 *
 * @param runs Maximum number of timed products, after one that is not timed.
 */
export async function matMulPeak({ tf, kernels }: Engine, runs = 10): Promise<number> {
  const a = tf.ones([PEAK_SIZE, PEAK_SIZE]) as Tensor2D, b = tf.ones([PEAK_SIZE, PEAK_SIZE]) as Tensor2D;
  const product = async () => {
    const started = performance.now();
    // One number is read back, for an engine may go on computing after it has answered.
    const corner = tf.tidy(() => tf.slice(kernels.matMul(a, b), [0, 0], [1, 1]));
    await corner.data();
    corner.dispose();
    return performance.now() - started;
  };
  try {
    await product();
    const times: number[] = [], end = performance.now() + PATIENCE;
    do times.push(await product()); while (times.length < runs && performance.now() < end);
    return 2 * PEAK_SIZE ** 3 / (Math.min(...times) / 1000);
  } finally {
    a.dispose();
    b.dispose();
  }
}
