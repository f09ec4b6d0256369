/**
 * The contract of Adam on every backend, including whole trainings with it.
 *
 * @module
 */
import { strict as assert } from "node:assert";
import { ownVariable } from "../../../model/backend/kernels.ts";
import type { Tensor1D, Tensor2D } from "../../../model/backend/tensor.ts";
import type { Engine } from "../../../model/backend/types.ts";
import { close } from "./close.ts";
import { train } from "./network.ts";
import { noise } from "./reference.ts";
import type { Register } from "./register.ts";

/** Settings of Adam in all its tests. */
export const SETTINGS = { rate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

/** Mean loss of the network in `network.ts` after 20 steps, computed in plain JavaScript. */
const LOSS_AFTER_20_STEPS = 1.49772;

export function adamContract(test: Register): void {
  test("Adam follows its definition, for all rows or some", adam);
  test("a network trained for 20 steps comes to the same loss", training);
}

async function adam({ tf, kernels: k }: Engine) {
  const [rows, width] = [6, 5], size = rows * width, start = noise(size, 1);
  const state = () => {
    const [parameter, first, second] = [start, new Float32Array(size), new Float32Array(size)]
      .map((values) => ownVariable(tf, values, [rows, width]));
    return { parameter, first, second };
  };
  const whole = state(), some = state(), chosen = [4, 1, 0];
  const p = Float64Array.from(start), m = new Float64Array(size), v = new Float64Array(size);
  for (let step = 1; step <= 3; step++) {
    const g = noise(size, 10 + step), G = tf.tensor2d(g, [rows, width]);
    const ids = tf.tensor1d(chosen, "int32"), part = tf.gather(G, ids) as Tensor2D;
    k.adam(whole, G, { ...SETTINGS, step });
    k.adamRows(some, ids as Tensor1D, part, { ...SETTINGS, step });
    tf.dispose([G, ids, part]);
    for (let i = 0; i < size; i++) {
      m[i] = 0.9 * m[i] + 0.1 * g[i];
      v[i] = 0.999 * v[i] + 0.001 * g[i] ** 2;
      p[i] -= 0.01 * (m[i] / (1 - 0.9 ** step)) / (Math.sqrt(v[i] / (1 - 0.999 ** step)) + 1e-8);
    }
  }
  close(await whole.parameter.data(), p, "adam");
  close(await whole.first.data(), m, "adam's first moment");
  close(await whole.second.data(), v, "adam's second moment");
  const part = (after: Float64Array, before: ArrayLike<number>) =>
    after.map((value, i) => chosen.includes(Math.floor(i / width)) ? value : before[i]);
  close(await some.parameter.data(), part(p, start), "adamRows");
  close(await some.second.data(), part(v, new Float64Array(size)), "adamRows' second moment");
  assert.deepEqual(start, noise(size, 1), "the initial values are the caller's");
  for (const { parameter, first, second } of [whole, some]) tf.dispose([parameter, first, second]);
}

async function training(engine: Engine) {
  const before = engine.memory().tensors;
  const losses = await train(engine, 20);
  assert.ok(
    losses[0] > 3 && losses[20] < losses[0] / 2,
    `the loss went from ${losses[0]} to ${losses[20]}`,
  );
  close([losses[20]], [LOSS_AFTER_20_STEPS], "loss", 1e-3);
  assert.equal(engine.memory().tensors, before);
}
