/**
 * Training losses: each from representations and item vectors to the mean loss of a batch and its gradients.
 *
 * Source: AutoMLP (WWW 2023), "Training and Inference": L = −Σ [log σ(r_pos) + Σ_j log(1 − σ(r_j))], here `bce`. The
 * others are the usual ones in the field.
 *
 * @module
 */
import type { Engine } from "../backend/types.ts";
import type { Scalar, Tensor1D, Tensor2D } from "../backend/tensor.ts";

/** The losses by name. */
export const LOSSES = ["ce", "bce", "sampled-softmax"] as const;
export type LossName = (typeof LOSSES)[number];

/** The mean loss of a batch, and its gradients. */
export interface Loss {
  value: Scalar;
  /** [B, D] */
  dh: Tensor2D;
  /** [n, D], of the item vectors, row by row. */
  dVectors: Tensor2D;
}

/**
 * Cross-entropy of the softmax over all items.
 *
 * With `adjustment` = τ log q it learns scores to which τ log q, q being an item's share of the training targets, is added
 * within the softmax only (Menon et al., "Long-tail learning via logit adjustment", ICLR 2021): the score then stands for
 * log p(item | history) − τ log q(item), which for τ = 1 is what best tells a target from negatives drawn by popularity.
 *
 * @param h [B, D]
 * @param vectors [V + 1, D], row i is item i; row 0, the padding, takes no part.
 * @param targets [B], item ids.
 * @param adjustment [V], what is added to the score of items 1 … V; nothing where it is left out.
 */
export function crossEntropy(
  { tf, kernels }: Engine,
  h: Tensor2D,
  vectors: Tensor2D,
  targets: Int32Array,
  adjustment?: Float32Array,
): Loss {
  const [rows, dim] = vectors.shape;
  const candidates = tf.slice(vectors, [1, 0], [rows - 1, dim]) as Tensor2D;
  const labels = tf.tensor1d(targets.map((target) => target - 1), "int32");
  const scores = kernels.matMul(h, candidates, false, true);
  const { loss, dLogits } = kernels.softmaxCrossEntropy(
    adjustment ? kernels.biasAdd(scores, tf.tensor1d(adjustment), "last") : scores,
    labels,
    1 / targets.length,
  );
  return {
    value: tf.mean(loss),
    dh: kernels.matMul(dLogits, candidates),
    dVectors: tf.concat([tf.zeros([1, dim]), kernels.matMul(dLogits, h, true)], 0) as Tensor2D,
  };
}

/**
 * Binary cross-entropy of each target against its own negatives.
 *
 * @param h [B, D]
 * @param vectors [n, D]
 * @param targets [B], rows of `vectors`.
 * @param negatives [B × m], rows of `vectors`: m for each target in turn.
 */
export function binaryCrossEntropy(
  { tf, kernels }: Engine,
  h: Tensor2D,
  vectors: Tensor2D,
  targets: Int32Array,
  negatives: Int32Array,
): Loss {
  const [batch, dim] = h.shape, m = negatives.length / batch;
  const ids = new Int32Array(batch * (1 + m));
  for (let b = 0; b < batch; b++) {
    ids[b * (1 + m)] = targets[b];
    ids.set(negatives.subarray(b * m, (b + 1) * m), b * (1 + m) + 1);
  }
  const rows = tf.tensor1d(ids, "int32");
  const candidates = tf.reshape(kernels.gatherRows(vectors, rows), [batch, 1 + m, dim]);
  const scores = tf.squeeze(tf.matMul(candidates, tf.expandDims(h, 2)), [2]); // [B, 1 + m]
  const sign = tf.concat([tf.fill([1, 1], -1), tf.ones([1, m])], 1); // what is pushed down, negatives up to 0
  const value = tf.div(tf.sum(tf.softplus(tf.mul(scores, sign))), batch) as Scalar;
  const dScores = tf.div(tf.mul(tf.sigmoid(tf.mul(scores, sign)), sign), batch); // [B, 1 + m]
  const spread = tf.expandDims(dScores, 2);
  return {
    value,
    dh: tf.squeeze(tf.matMul(candidates, spread, true), [2]) as Tensor2D,
    dVectors: kernels.segmentSum(
      tf.reshape(tf.matMul(spread, tf.expandDims(h, 1)), [ids.length, dim]) as Tensor2D,
      rows,
      vectors.shape[0],
    ),
  };
}

/**
 * Cross-entropy of the softmax over the target and negatives that the whole batch shares, each score corrected by
 * −log q of its item's chance to be drawn (Bengio and Senécal 2008), so that it estimates the softmax over all items. A
 * negative that is a history's own target does not count against it.
 *
 * @param h [B, D]
 * @param vectors [n, D]
 * @param targets [B], rows of `vectors`.
 * @param negatives [m], rows of `vectors`.
 * @param logChance log q of each row of `vectors` used, by row.
 */
export function sampledSoftmax(
  { tf, kernels }: Engine,
  h: Tensor2D,
  vectors: Tensor2D,
  targets: Int32Array,
  negatives: Int32Array,
  logChance: Float32Array,
): Loss {
  const batch = h.shape[0], m = negatives.length;
  const targetRows = tf.tensor1d(targets, "int32"), negativeRows = tf.tensor1d(negatives, "int32");
  const right = kernels.gatherRows(vectors, targetRows) as Tensor2D;
  const wrong = kernels.gatherRows(vectors, negativeRows) as Tensor2D;
  const correction = (rows: Int32Array) => Float32Array.from(rows, (row) => logChance[row]);
  const hits = new Float32Array(batch * m);
  for (let b = 0; b < batch; b++) {
    for (let j = 0; j < m; j++) if (negatives[j] === targets[b]) hits[b * m + j] = 1e9;
  }
  const own = tf.sub(tf.sum(tf.mul(h, right), 1, true), tf.tensor2d(correction(targets), [batch, 1]));
  const others = tf.sub(
    tf.sub(kernels.matMul(h, wrong, false, true), tf.tensor1d(correction(negatives))),
    tf.tensor2d(hits, [batch, m]),
  );
  const logits = tf.concat([own, others], 1) as Tensor2D;
  const { loss, dLogits } = kernels.softmaxCrossEntropy(
    logits,
    tf.zeros([batch], "int32") as Tensor1D,
    1 / batch,
  );
  const dOwn = tf.slice(dLogits, [0, 0], [batch, 1]);
  const dOthers = tf.slice(dLogits, [0, 1], [batch, m]) as Tensor2D;
  return {
    value: tf.mean(loss),
    dh: kernels.sum([tf.mul(dOwn, right) as Tensor2D, kernels.matMul(dOthers, wrong)]),
    dVectors: kernels.segmentSum(
      tf.concat([tf.mul(dOwn, h), kernels.matMul(dOthers, h, true)], 0) as Tensor2D,
      tf.concat([targetRows, negativeRows]) as Tensor1D,
      vectors.shape[0],
    ),
  };
}
