/**
 * Shared code of losses with negatives that the whole batch shares: the scores of targets and negatives, some rows at
 * a time, and the backward pass from their gradients.
 *
 * @module
 */
import type { Engine } from "../../backend/types.ts";
import type { Scalar, Tensor1D, Tensor2D } from "../../backend/tensor.ts";
import type { Loss, LossInputs } from "./loss.ts";

/** Number of scores in memory at a time. */
const SCORES_HELD = 2 ** 22;

/** Subtracted from the score of a negative that is the row's own target, so that its share of a softmax is zero. */
const HIDDEN = 1e9;

/** Some rows of a batch. */
export interface SharedScores {
  /** Scores of the targets, [c, 1]. */
  own: Tensor2D;
  /** Scores of the negatives, [c, m]. */
  others: Tensor2D;
  /** Values to add to the negatives' scores within a softmax, [c, m]: −10⁹ for a negative that is the row's own target, otherwise 0. */
  hits: Tensor2D;
}

/** Losses of some rows, and the gradients of their sum. */
export interface SharedLosses {
  /** [c] or [c, 1] */
  loss: Tensor1D | Tensor2D;
  /** [c, 1] */
  dOwn: Tensor2D;
  /** [c, m] */
  dOthers: Tensor2D;
}

/** The mean of what `part` computes for each row. */
export function againstShared(
  { tf, kernels }: Engine,
  h: Tensor2D,
  vectors: Tensor2D,
  { targets, negatives, biases }: Pick<LossInputs, "targets" | "negatives" | "biases">,
  part: (scores: SharedScores) => SharedLosses,
): Loss {
  const [batch, dim] = h.shape, m = negatives.length;
  const plus = (x: Tensor2D, more?: Tensor2D): Tensor2D => more ? tf.add(x, more) : x;
  const targetRows = tf.tensor1d(targets, "int32"), negativeRows = tf.tensor1d(negatives, "int32");
  const right = kernels.gatherRows(vectors, targetRows) as Tensor2D;
  const wrong = kernels.gatherRows(vectors, negativeRows) as Tensor2D;
  const biasOf = (rows: Tensor1D) => biases && kernels.gatherRows(tf.expandDims(biases, 1), rows) as Tensor2D;
  const rightBias = biasOf(targetRows), wrongBias = biasOf(negativeRows);
  const step = Math.max(16, Math.floor(SCORES_HELD / m));
  const sums: Scalar[] = [], dh: Tensor2D[] = [], dRight: Tensor2D[] = [], dWrong: Tensor2D[] = [];
  const dOwns: Tensor2D[] = [], dSums: Tensor1D[] = [];
  for (let start = 0; start < batch; start += step) {
    const count = Math.min(step, batch - start);
    const found = tf.tidy(() => {
      const rows = tf.slice(h, [start, 0], [count, dim]), wanted = tf.slice(right, [start, 0], [count, dim]);
      const same = tf.equal(
        tf.expandDims(tf.slice(targetRows, start, count), 1),
        tf.expandDims(negativeRows, 0),
      );
      const { loss, dOwn, dOthers } = part({
        own: plus(tf.sum(tf.mul(rows, wanted), 1, true), rightBias && tf.slice(rightBias, start, count)),
        others: plus(kernels.matMul(rows, wrong, false, true), wrongBias && tf.transpose(wrongBias)),
        hits: tf.mul(tf.cast(same, "float32"), -HIDDEN),
      });
      const own = tf.div(dOwn, batch), others = tf.div(dOthers, batch) as Tensor2D;
      return {
        sum: tf.sum(loss) as Scalar,
        dh: kernels.sum([tf.mul(own, wanted) as Tensor2D, kernels.matMul(others, wrong)]),
        dRight: tf.mul(own, rows) as Tensor2D,
        dWrong: kernels.matMul(others, rows, true),
        ofBiases: biases && { own: own as Tensor2D, others: tf.sum(others, 0) as Tensor1D },
      };
    });
    sums.push(found.sum);
    dh.push(found.dh);
    dRight.push(found.dRight);
    dWrong.push(found.dWrong);
    if (found.ofBiases) dOwns.push(found.ofBiases.own), dSums.push(found.ofBiases.others);
  }
  const rows = tf.concat([targetRows, negativeRows]) as Tensor1D;
  const sumOver = (values: Tensor2D[]) => kernels.segmentSum(tf.concat(values, 0), rows, vectors.shape[0]);
  return {
    value: tf.div(tf.addN(sums), batch) as Scalar,
    dh: tf.concat(dh, 0),
    dVectors: sumOver([...dRight, kernels.sum(dWrong)]),
    dBiases: biases &&
      tf.reshape(sumOver([...dOwns, tf.expandDims(kernels.sum(dSums), 1)]), biases.shape),
  };
}
