/**
 * A small network of every kernel (embedding, layer norm, GELU, dropout, softmax), trained by Adam: its loss after some
 * steps must be the same on every backend.
 *
 * @module
 */
import { ownVariable } from "../../../model/backend/kernels.ts";
import type { Tensor1D, Tensor2D } from "../../../model/backend/tensor.ts";
import type { Engine } from "../../../model/backend/types.ts";
import { noise } from "./reference.ts";

const ITEMS = 23, WIDTH = 8, HIDDEN = 12, EXAMPLES = 32;

/** Trains for `steps` steps; the mean loss before each of them, and after the last. */
export async function train({ tf, kernels: k }: Engine, steps: number): Promise<number[]> {
  const make = (rows: number, width: number, seed: number) => {
    const own = (values: Float32Array) => ownVariable(tf, values, width ? [rows, width] : [rows]);
    const size = rows * (width || 1), zeros = new Float32Array(size);
    const values = seed ? noise(size, seed, 0.5) : zeros;
    return { parameter: own(values), first: own(zeros), second: own(zeros) };
  };
  const table = make(ITEMS, WIDTH, 1),
    w1 = make(WIDTH, HIDDEN, 2),
    b1 = make(HIDDEN, 0, 0),
    w2 = make(HIDDEN, WIDTH, 3);
  const b2 = make(WIDTH, 0, 0), states = [table, w1, b1, w2, b2];
  const from = Int32Array.from({ length: EXAMPLES }, (_, i) => i * 7 % ITEMS);
  const to = Int32Array.from(from, (item) => (item * 3 + 1) % ITEMS);
  const ids = tf.tensor1d(from, "int32"), labels = tf.tensor1d(to, "int32");
  const all = tf.tensor1d(Int32Array.from({ length: ITEMS }, (_, i) => i), "int32");

  /** One pass; returns the loss, and the gradients where a step follows. */
  const pass = (seed: number) => {
    const embedding = table.parameter as unknown as Tensor2D, one = w1.parameter as unknown as Tensor2D;
    const two = w2.parameter as unknown as Tensor2D;
    const bias1 = b1.parameter as unknown as Tensor1D, bias2 = b2.parameter as unknown as Tensor1D;
    const x = k.gatherRows(embedding, ids) as Tensor2D;
    const norm = k.layerNorm(x, 1e-5);
    const hidden = k.gelu(k.matMul(norm.y, one), bias1, "last");
    const dropped = k.dropout(hidden.y, 0.1, seed);
    const out = k.biasAdd(k.matMul(dropped, two), bias2, "last", x);
    const { loss, dLogits } = k.softmaxCrossEntropy(
      k.matMul(out, embedding, false, true),
      labels,
      1 / EXAMPLES,
    );
    const dOut = k.matMul(dLogits, embedding), dTable = k.matMul(dLogits, out, true);
    const dHidden = k.dropout(k.matMul(dOut, two, false, true), 0.1, seed);
    const { dx, dBias } = k.geluGrad(dHidden, hidden.slope, "last");
    const dX = k.layerNormGrad(k.matMul(dx, one, false, true), norm.y, norm.scale, dOut);
    return {
      loss,
      gradients: [
        k.sum([dTable, k.segmentSum(dX, ids, ITEMS)]),
        k.matMul(norm.y, dx, true),
        dBias,
        k.matMul(dropped, dOut, true),
        k.biasGrad(dOut, "last"),
      ],
    };
  };

  const losses: number[] = [];
  for (let step = 1; step <= steps + 1; step++) {
    const loss = tf.tidy(() => {
      const { loss, gradients } = pass(step);
      const settings = { rate: 0.02, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, step };
      if (step <= steps) {
        k.adamRows(table, all, gradients[0] as Tensor2D, settings);
        for (let i = 1; i < states.length; i++) k.adam(states[i], gradients[i], settings);
      }
      return tf.mean(loss);
    });
    losses.push((await loss.data())[0]);
    loss.dispose();
  }
  tf.dispose([ids, labels, all]);
  for (const { parameter, first, second } of states) tf.dispose([parameter, first, second]);
  return losses;
}
