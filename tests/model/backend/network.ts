/**
 * A small network that uses most kernels (embedding, channel mixer, layer norm, dropout, softmax), trained by Adam: its loss after some
 * steps must be the same on every backend.
 *
 * @module
 */
import { ownVariable } from "../../../model/backend/kernels.ts";
import type { ChannelMixerWeights } from "../../../model/backend/mixers.ts";
import type { Tensor, Tensor2D, Tensor3D } from "../../../model/backend/tensor.ts";
import type { Engine } from "../../../model/backend/types.ts";
import { noise } from "./reference.ts";

const ITEMS = 23, WIDTH = 8, HIDDEN = 12, EXAMPLES = 32;

/** Trains for `steps` steps; returns the mean loss before each of them, and after the last. */
export async function train({ tf, kernels: k }: Engine, steps: number): Promise<number[]> {
  const make = (rows: number, width: number, seed: number) => {
    const own = (values: Float32Array) => ownVariable(tf, values, width ? [rows, width] : [rows]);
    const size = rows * (width || 1), zeros = new Float32Array(size);
    const values = seed ? noise(size, seed, 0.5) : zeros;
    return { parameter: own(values), first: own(zeros), second: own(zeros) };
  };
  const table = make(ITEMS, WIDTH, 1);
  const mixer = [make(HIDDEN, WIDTH, 2), make(HIDDEN, 0, 0), make(WIDTH, HIDDEN, 3), make(WIDTH, 0, 0)];
  const states = [table, ...mixer];
  const from = Int32Array.from({ length: EXAMPLES }, (_, i) => i * 7 % ITEMS);
  const to = Int32Array.from(from, (item) => (item * 3 + 1) % ITEMS);
  const ids = tf.tensor1d(from, "int32"), labels = tf.tensor1d(to, "int32");
  const all = tf.tensor1d(Int32Array.from({ length: ITEMS }, (_, i) => i), "int32");

  /** One pass; returns the loss, and the gradients if a step follows. */
  const pass = (seed: number) => {
    const embedding = table.parameter as unknown as Tensor2D;
    const [w3, b3, w4, b4] = mixer.map(({ parameter }) => parameter as Tensor);
    const weights = { w3, b3, w4, b4 } as ChannelMixerWeights;
    const x = tf.reshape(k.gatherRows(embedding, ids), [1, EXAMPLES, WIDTH]) as Tensor3D;
    const mixed = k.channelMixer(x, weights, 1e-5);
    const norm = k.layerNorm(tf.reshape(mixed.y, [EXAMPLES, WIDTH]) as Tensor2D, 1e-5);
    const out = k.dropout(norm.y, 0.1, seed);
    const { loss, dLogits } = k.softmaxCrossEntropy(
      k.matMul(out, embedding, false, true),
      labels,
      1 / EXAMPLES,
    );
    const dTable = k.matMul(dLogits, out, true), dNorm = k.dropout(k.matMul(dLogits, embedding), 0.1, seed);
    const dMixed = tf.reshape(k.layerNormGrad(dNorm, norm.y, norm.scale), x.shape) as Tensor3D;
    const { dx, ...d } = k.channelMixerGrad(dMixed, x, weights, mixed.kept, 1e-5);
    const dRows = k.segmentSum(tf.reshape(dx, [EXAMPLES, WIDTH]), ids, ITEMS);
    return { loss, gradients: [k.sum([dTable, dRows]), d.w3, d.b3, d.w4, d.b4] };
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
