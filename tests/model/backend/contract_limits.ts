/**
 * What no backend may do: hide NaN, leave tensors behind, or fail in any other way than with one line if memory does not suffice.
 *
 * @module
 */
import { strict as assert } from "node:assert";
import { ownVariable } from "../../../model/backend/kernels.ts";
import type { SequenceKernels } from "../../../model/backend/types.ts";
import type { Mixed } from "../../../model/backend/mixers.ts";
import type { Tensor, Tensor1D, Tensor2D } from "../../../model/backend/tensor.ts";
import type { Engine } from "../../../model/backend/types.ts";
import { SETTINGS } from "./contract_adam.ts";
import { noise } from "./reference.ts";
import type { Register } from "./register.ts";
import { SEQUENCE_OPERATIONS } from "./sequence_leaks.ts";

export function limitContract(test: Register): void {
  test("NaN is not hidden", notFinite);
  test("no operation leaves a tensor behind", leaks);
  test("more than any memory holds is one line", outOfMemory);
}

async function notFinite({ tf, kernels: k }: Engine) {
  const X = tf.tensor2d([[NaN, 1, 2], [1, 2, 3]]), RIGHT = tf.tensor1d([1, 1], "int32");
  const ones = tf.ones([3, 3]) as Tensor2D, row = tf.ones([3]) as Tensor1D;
  const outputs: Record<string, Tensor> = tf.tidy(() => ({
    layerNorm: k.layerNorm(X, 1e-5).y,
    channelMixer: k.channelMixer(tf.reshape(X, [2, 1, 3]), { w3: ones, b3: row, w4: ones, b4: row }, 1e-5).y,
    biasGrad: k.biasGrad(X, "first"),
    softmaxCrossEntropy: k.softmaxCrossEntropy(X, RIGHT, 1).loss,
  }));
  for (const [name, output] of Object.entries(outputs)) {
    const values = await output.data();
    assert.ok(Number.isNaN(values[0]), `${name} hides NaN: ${values}`);
    assert.ok(Number.isFinite(values[values.length - 1]), `${name} spreads NaN: ${values}`);
  }
  tf.dispose([X, RIGHT, ones, row, ...Object.values(outputs)]);
}

function leaks({ tf, kernels: k, memory }: Engine) {
  const x = tf.tensor2d(noise(12, 1), [3, 4]),
    bias = tf.tensor1d(noise(4, 2)),
    scale = tf.tensor1d(noise(3, 3));
  const ids = tf.tensor1d([0, 2, 1], "int32");
  const x3 = tf.tensor3d(noise(12, 1), [3, 1, 4]), square = tf.tensor2d(noise(9, 2), [3, 3]);
  const wide = tf.tensor2d(noise(12, 2), [4, 3]), high = tf.tensor2d(noise(12, 2), [3, 4]);
  const sequence = { gain: bias, bias, w1: square, b1: scale, w2: square, b2: scale };
  const channel = { w3: high, b3: scale, w4: wide, b4: bias };
  const flat = ({ y, kept }: Mixed): Record<string, Tensor> => ({ y, ...Object.fromEntries(kept.entries()) });
  const passes = [k.sequenceMixer(x3, sequence, 1), k.channelMixer(x3, channel, 1)];
  const kept = passes.map((pass) => pass.kept);
  const [a, b, c] = [1, 2, 3].map((seed) => ownVariable(tf, noise(12, seed), [3, 4]));
  const state = { parameter: a, first: b, second: c };
  const step = { ...SETTINGS, step: 1 };
  const operations: Record<string, () => Tensor | Record<string, Tensor> | void> = {
    matMul: () => k.matMul(x, x, false, true),
    sum: () => k.sum([x, x]),
    addScaled: () => Object.fromEntries(k.addScaled([x, bias], [x, bias], 2).entries()),
    sumOfSquares: () => k.sumOfSquares([x, bias]),
    layerNorm: () => k.layerNorm(x, 1e-5),
    layerNormGrad: () => k.layerNormGrad(x, x, scale, x),
    sequenceMixer: () => flat(k.sequenceMixer(x3, sequence, 1)),
    sequenceMixerGrad: () => ({ ...k.sequenceMixerGrad(x3, x3, sequence, kept[0], 1, x3) }),
    channelMixer: () => flat(k.channelMixer(x3, channel, 1)),
    channelMixerGrad: () => ({ ...k.channelMixerGrad(x3, x3, channel, kept[1], 1) }),
    biasAdd: () => k.biasAdd(x, bias, "last", x),
    biasGrad: () => k.biasGrad(x, "first"),
    reluGrad: () => k.reluGrad(x, x),
    dropout: () => k.dropout(x, 0.5, 1),
    gatherRows: () => k.gatherRows(x, ids),
    segmentSum: () => k.segmentSum(x, ids, 3),
    embeddingBag: () => k.embeddingBag(x, ids, ids, scale, 3),
    softmaxCrossEntropy: () => k.softmaxCrossEntropy(x, ids, 1),
    adam: () => k.adam(state, x, step),
    adamRows: () => k.adamRows(state, ids, x, step),
  };
  const here = Object.keys(k).filter((name) => !SEQUENCE_OPERATIONS.includes(name as keyof SequenceKernels));
  assert.deepEqual(Object.keys(operations).sort(), here.sort(), "every operation is counted here");
  for (const [name, operation] of Object.entries(operations)) {
    const before = memory().tensors, output = operation();
    const outputs = output === undefined
      ? []
      : "dataId" in output
      ? [output as Tensor]
      : Object.values(output);
    assert.equal(memory().tensors - before, outputs.length, name);
    tf.dispose(outputs);
  }
  tf.dispose([x, bias, scale, ids, x3, square, wide, high, a, b, c]);
  tf.dispose(passes.map(flat));
}

/** 2^50 bytes of zeros, beyond what a process can address. A product of this size takes libtensorflow ten seconds to give up. */
function outOfMemory({ tf, name, kernels: k }: Engine) {
  const size = 2 ** 24,
    error = { name: "RunError", message: /^Cannot continue: out of memory; free some, or lower / };
  const before = tf.memory().numTensors, column = tf.ones([size, 1]) as Tensor2D;
  assert.throws(() => tf.tidy(() => tf.zeros([size, size])), error);
  if (name !== "native") assert.throws(() => tf.tidy(() => k.matMul(column, column, false, true)), error);
  column.dispose();
  assert.equal(tf.memory().numTensors, before);
}
