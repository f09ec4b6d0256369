/** The native engine's own operations, of what they cannot do: an error, not the end of the process. */
import { strict as assert } from "node:assert";
import type { Tensor1D, Tensor2D, Tensor3D } from "../../../model/backend/tensor.ts";
import type { Engine } from "../../../model/backend/types.ts";
import { registerFor } from "./register.ts";

const test = await registerFor("native");

test("memory that an operation does not get is one line", ({ tf, kernels: k, memory }: Engine) => {
  const error = { name: "RunError", message: /^Cannot continue: out of memory/ }, before = memory().tensors;
  // 2^52 bytes for what comes out.
  const sum = () => k.segmentSum(tf.ones([1, 2 ** 20]) as Tensor2D, tf.tensor1d([0], "int32"), 2 ** 30);
  assert.throws(() => tf.tidy(sum), error);
  // 2^48 bytes to work with: for one sequence, and for two on several threads.
  for (const batch of [1, 2]) {
    const attend = () => {
      const x = tf.zeros([2 ** 23, batch, 1]) as Tensor3D, w = tf.ones([1, 1]) as Tensor2D;
      return k.attention(x, x, { wq: w, wk: w, wv: w }, { heads: 1, causal: true });
    };
    assert.throws(() => tf.tidy(attend), error);
  }
  assert.equal(memory().tensors, before);
  assert.deepEqual(
    tf.tidy(() => [...k.biasGrad(tf.ones([300, 100]), "last").dataSync()]),
    Array(100).fill(300),
  );
});

test("attention does not see what an earlier one left", async ({ tf, kernels: k }: Engine) => {
  const grad = (value: number, length: number, dim: number, heads: number) =>
    tf.tidy(() => {
      const x = tf.fill([length, 1, dim], value) as Tensor3D, w = tf.eye(dim);
      return k.attentionGrad(x, x, x, { wq: w, wk: w, wv: w }, { heads, causal: true }).dx;
    });
  const nan = grad(NaN, 32, 16, 1), dx = grad(1, 1, 4, 2);
  assert.deepEqual([...await dx.data()], [1, 1, 1, 1]);
  tf.dispose([nan, dx]);
});
