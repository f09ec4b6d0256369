/**
 * The contract of losses and gradients on every backend.
 *
 * @module
 */
import type { Tensor, Tensor2D } from "../../../model/backend/tensor.ts";
import type { Engine } from "../../../model/backend/types.ts";
import { close } from "./close.ts";
import * as reference from "./reference.ts";
import type { Register } from "./register.ts";

const { noise } = reference;

export function gradientContract(test: Register): void {
  test("softmax cross-entropy and its gradient", crossEntropy);
  test("gradients agree with differences", gradients);
}

async function crossEntropy({ tf, kernels: k }: Engine) {
  const [rows, width] = [33, 1201], logits = noise(rows * width, 4, 3);
  logits[5] = 200; // its exponential overflows unless the maximum is subtracted first
  logits[6] = -200;
  const labels = Int32Array.from({ length: rows }, (_, i) => i * 37 % width);
  const LOGITS = tf.tensor2d(logits, [rows, width]), LABELS = tf.tensor1d(labels, "int32");
  const { loss, dLogits } = k.softmaxCrossEntropy(LOGITS, LABELS, 0.5);
  const expected = reference.softmaxCrossEntropy(logits, labels, width);
  close(await loss.data(), expected.loss, "loss");
  close(await dLogits.data(), expected.gradient.map((value) => value / 2), "dLogits");
  tf.dispose([LOGITS, LABELS, loss, dLogits]);
}

/** Compares each operation's gradient with central differences of its weighted sum. */
async function gradients({ tf, kernels: k }: Engine) {
  const [rows, width] = [3, 6], size = rows * width, step = 1e-2;
  const x = noise(size, 7), weights = noise(size, 8), labels = tf.tensor1d([1, 0, 5], "int32");
  const matrix = (values: Float32Array) => tf.tensor2d(values, [rows, width]);
  const sum = (y: Tensor, w: Tensor) => tf.sum(tf.mul(y, w));
  const cases: Record<string, [(x: Tensor2D, w: Tensor2D) => Tensor, (x: Tensor2D, w: Tensor2D) => Tensor]> =
    {
      layerNorm: [(x, w) => sum(k.layerNorm(x, 1e-5).y, w), (x, w) => {
        const { y, scale } = k.layerNorm(x, 1e-5);
        return k.layerNormGrad(w, y, scale);
      }],
      dropout: [(x, w) => sum(k.dropout(x, 0.4, 9), w), (_, w) => k.dropout(w, 0.4, 9)],
      matMul: [
        (x, w) => tf.sum(tf.square(k.matMul(x, w, true))),
        (x, w) => k.matMul(w, tf.mul(k.matMul(x, w, true), 2) as Tensor2D, false, true),
      ],
      softmaxCrossEntropy: [
        (x) => tf.sum(k.softmaxCrossEntropy(x, labels, 1).loss),
        (x) => k.softmaxCrossEntropy(x, labels, 1).dLogits,
      ],
    };
  for (const [name, [value, gradient]] of Object.entries(cases)) {
    const differences: number[] = [];
    for (let i = 0; i < size; i++) {
      const [up, down] = await Promise.all([step, -step].map(async (by) => {
        const moved = x.slice();
        moved[i] += by;
        const result = tf.tidy(() => value(matrix(moved), matrix(weights)));
        const [number] = await result.data();
        result.dispose();
        return number;
      }));
      differences.push((up - down) / (2 * step));
    }
    const slope = tf.tidy(() => gradient(matrix(x), matrix(weights)));
    close(await slope.data(), differences, name, 5e-3);
    slope.dispose();
  }
  labels.dispose();
}
