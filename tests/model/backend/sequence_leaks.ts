/**
 * Counts the tensors that the operations of sequence models leave behind.
 *
 * @module
 */
import { strict as assert } from "node:assert";
import type { AttentionGradients } from "../../../model/backend/attention.ts";
import type { SequenceKernels } from "../../../model/backend/types.ts";
import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from "../../../model/backend/tensor.ts";
import type { Engine } from "../../../model/backend/types.ts";
import { noise } from "./reference.ts";

/** All these operations, by name. */
export const SEQUENCE_OPERATIONS: readonly (keyof SequenceKernels)[] = [
  ...[
    "gru",
    "gruGrad",
    "lstm",
    "lstmGrad",
    "attention",
    "attentionGrad",
    "convolution",
    "convolutionGrad",
  ] as const,
  ...[
    "affineLayerNorm",
    "affineLayerNormGrad",
    "feedForward",
    "feedForwardGrad",
    "linearCrossEntropy",
    "linearCrossEntropyLoss",
    "sampledCrossEntropy",
  ] as const,
];

/** The result of an operation, one tensor or several. */
type Left = Tensor | Record<string, Tensor>;

export function leaks({ tf, kernels: k, memory }: Engine): void {
  const tensor = (...shape: number[]) => tf.tensor(noise(shape.reduce((a, b) => a * b), 1), shape);
  const x = tensor(3, 2, 4) as Tensor3D, ids = tf.tensor2d([0, 1, 2, 3, 4, 5], [3, 2], "int32");
  const weights = (rows: number) => ({
    wx: tensor(rows, 4) as Tensor2D,
    wh: tensor(rows, 4) as Tensor2D,
    bx: tensor(rows) as Tensor1D,
    bh: tensor(rows) as Tensor1D,
  });
  const three = weights(12), four = weights(16), one = k.gru(x, three, ids), two = k.lstm(x, four, ids);
  const settings = { heads: 2, causal: true, ids, dropout: { rate: 0.5, seed: 1 } };
  const filter = { w: tensor(2, 4, 4) as Tensor3D, b: tensor(4) as Tensor1D };
  const affine = { gain: filter.b, bias: filter.b };
  const block = {
    w1: tensor(5, 4) as Tensor2D,
    b1: tensor(5) as Tensor1D,
    w2: tensor(4, 5) as Tensor2D,
    b2: filter.b,
  };
  const h = tensor(3, 4) as Tensor2D,
    targets = tf.tensor1d([0, -1, 2], "int32"),
    bias = tensor(5) as Tensor1D;
  const shifted = { items: Int32Array.of(1, 3, 3), ends: Int32Array.of(2, 2, 3), by: -3 };
  const sampled = {
    own: h,
    shared: block.w1,
    ownIds: targets,
    sharedIds: tf.tensor1d([5, 2, 3, 5, 1], "int32"),
    ownShift: tensor(3) as Tensor1D,
    sharedShift: bias,
  };
  const [wq, wk, wv] = [0, 1, 2].map(() => tensor(4, 4) as Tensor2D), square = { wq, wk, wv };
  const present = ({ dQueries: _, ...others }: AttentionGradients) => others;
  const flat = ({ y, kept }: { y: Tensor; kept: Tensor[] }) => ({ y, ...Object.fromEntries(kept.entries()) });

  const operations: Record<keyof SequenceKernels, () => Left> = {
    gru: () => flat(k.gru(x, three, ids)),
    gruGrad: () => ({ ...k.gruGrad(x, x, three, one, ids) }),
    lstm: () => flat(k.lstm(x, four, ids)),
    lstmGrad: () => ({ ...k.lstmGrad(x, x, four, two, ids) }),
    attention: () => k.attention(x, x, square, settings),
    attentionGrad: () => present(k.attentionGrad(x, x, x, square, settings)),
    convolution: () => k.convolution(x, filter, 2, ids),
    convolutionGrad: () => ({ ...k.convolutionGrad(x, x, filter, 2, ids) }),
    affineLayerNorm: () => k.affineLayerNorm(x, affine, 1e-5),
    affineLayerNormGrad: () => ({ ...k.affineLayerNormGrad(x, x, affine, 1e-5) }),
    feedForward: () => k.feedForward(x, block, "relu"),
    feedForwardGrad: () => ({ ...k.feedForwardGrad(x, x, block, "gelu") }),
    linearCrossEntropy: () => ({ ...k.linearCrossEntropy(h, block.w1, targets, 1, { bias, shifted }) }),
    linearCrossEntropyLoss: () => k.linearCrossEntropyLoss(h, block.w1, targets, { bias, shifted }),
    sampledCrossEntropy: () => ({ ...k.sampledCrossEntropy(h, sampled, 1) }),
  };
  assert.deepEqual(Object.keys(operations), SEQUENCE_OPERATIONS);
  for (const [name, operation] of Object.entries(operations)) {
    const before = memory().tensors, left = operation();
    const tensors = "dataId" in left ? [left as Tensor] : Object.values(left);
    assert.equal(memory().tensors - before, tensors.length, name);
    tf.dispose(tensors);
  }
  tf.dispose(
    [
      x,
      ids,
      three,
      four,
      flat(one),
      flat(two),
      filter,
      affine,
      block,
      h,
      targets,
      bias,
      sampled,
      square,
    ] as never,
  );
}
