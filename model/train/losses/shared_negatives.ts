/**
 * What losses with negatives that the whole batch shares have in common: the scores of targets and negatives, some rows at a time,
 * and the way back from their gradients.
 *
 * @module
 */
import type { Engine } from "../../backend/types.ts";
import type { Scalar, Tensor1D, Tensor2D } from "../../backend/tensor.ts";
import type { Loss, LossInputs } from "./loss.ts";

/** Scores that are held at a time. */
const SCORES_HELD = 2 ** 22;

/** What is taken from the score of a negative that is the row's own target, so that its share of a softmax is zero. */
const HIDDEN = 1e9;

/** Some rows of a batch. */
export interface SharedScores {
  /** [c, 1], of the targets. */
  own: Tensor2D;
  /** [c, m], of the negatives. */
  others: Tensor2D;
  /** [c, m], to be added to the negatives' scores within a softmax: −10⁹ for a negative that is the row's own target, else 0. */
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
  { targets, negatives }: Pick<LossInputs, "targets" | "negatives">,
  part: (scores: SharedScores) => SharedLosses,
): Loss {
  const [batch, dim] = h.shape, m = negatives.length;
  const targetRows = tf.tensor1d(targets, "int32"), negativeRows = tf.tensor1d(negatives, "int32");
  const right = kernels.gatherRows(vectors, targetRows) as Tensor2D;
  const wrong = kernels.gatherRows(vectors, negativeRows) as Tensor2D;
  const step = Math.max(16, Math.floor(SCORES_HELD / m));
  const sums: Scalar[] = [], dh: Tensor2D[] = [], dRight: Tensor2D[] = [], dWrong: Tensor2D[] = [];
  for (let start = 0; start < batch; start += step) {
    const count = Math.min(step, batch - start);
    const found = tf.tidy(() => {
      const rows = tf.slice(h, [start, 0], [count, dim]), wanted = tf.slice(right, [start, 0], [count, dim]);
      const same = tf.equal(
        tf.expandDims(tf.slice(targetRows, start, count), 1),
        tf.expandDims(negativeRows, 0),
      );
      const { loss, dOwn, dOthers } = part({
        own: tf.sum(tf.mul(rows, wanted), 1, true),
        others: kernels.matMul(rows, wrong, false, true),
        hits: tf.mul(tf.cast(same, "float32"), -HIDDEN),
      });
      const own = tf.div(dOwn, batch), others = tf.div(dOthers, batch) as Tensor2D;
      return {
        sum: tf.sum(loss) as Scalar,
        dh: kernels.sum([tf.mul(own, wanted) as Tensor2D, kernels.matMul(others, wrong)]),
        dRight: tf.mul(own, rows) as Tensor2D,
        dWrong: kernels.matMul(others, rows, true),
      };
    });
    sums.push(found.sum);
    dh.push(found.dh);
    dRight.push(found.dRight);
    dWrong.push(found.dWrong);
  }
  return {
    value: tf.div(tf.addN(sums), batch) as Scalar,
    dh: tf.concat(dh, 0),
    dVectors: kernels.segmentSum(
      tf.concat([...dRight, kernels.sum(dWrong)], 0),
      tf.concat([targetRows, negativeRows]) as Tensor1D,
      vectors.shape[0],
    ),
  };
}
