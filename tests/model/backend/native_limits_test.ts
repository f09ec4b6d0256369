/** The native engine's own operations, of what they cannot do: an error, not the end of the process. */
import { strict as assert } from "node:assert";
import type { Tensor1D, Tensor2D, Tensor3D } from "../../../model/backend/tensor.ts";
import type { Engine } from "../../../model/backend/types.ts";
import { registerFor } from "./register.ts";

const test = await registerFor("native");

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
