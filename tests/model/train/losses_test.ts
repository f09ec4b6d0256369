import assert from "node:assert/strict";
import { openEngine } from "../../../model/backend/engine.ts";
import { crossEntropy } from "../../../model/train/losses.ts";

const engine = await openEngine();
const { tf } = engine;

/** The cross-entropy of one history of score 1 with all three items but the second, of which it is 2. */
function lossOf(adjustment?: Float32Array): { value: number; dh: number[] } {
  return tf.tidy(() => {
    const h = tf.tensor2d([[1, 0]]), vectors = tf.tensor2d([[9, 9], [1, 0], [2, 0], [1, 0]]);
    const { value, dh } = crossEntropy(engine, h, vectors, Int32Array.of(2), adjustment);
    return { value: value.dataSync()[0], dh: Array.from(dh.dataSync()) };
  });
}

Deno.test("cross-entropy: the softmax over all items, without the padding", () => {
  const p = Math.exp(2) / (Math.exp(2) + 2 * Math.E);
  const { value, dh } = lossOf();
  assert(Math.abs(value + Math.log(p)) < 1e-6);
  assert(Math.abs(dh[0] - (1 * (1 - p) + 2 * (p - 1))) < 1e-6);
});

Deno.test("cross-entropy: an adjustment is added within the softmax", () => {
  const adjustment = Float32Array.of(Math.log(0.5), Math.log(0.1), Math.log(0.4));
  const weights = [0.5 * Math.E, 0.1 * Math.exp(2), 0.4 * Math.E];
  const p = weights[1] / weights.reduce((a, b) => a + b);
  assert(Math.abs(lossOf(adjustment).value + Math.log(p)) < 1e-6);
});
