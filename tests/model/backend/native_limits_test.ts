/** The native engine's own operations, asked for what they cannot do: an error, not the end of the process. */
import { strict as assert } from "node:assert";
import type { ChannelMixerWeights } from "../../../model/backend/mixers.ts";
import type { Tensor1D, Tensor2D, Tensor3D } from "../../../model/backend/tensor.ts";
import type { Engine } from "../../../model/backend/types.ts";
import { registerFor } from "./register.ts";

const test = await registerFor("native");

test("memory that an operation does not get is one line", ({ tf, kernels: k, memory }: Engine) => {
  const error = { name: "RunError", message: /^Cannot continue: out of memory/ }, before = memory().tensors;
  // 2^52 bytes for the output.
  const sum = () => k.segmentSum(tf.ones([1, 2 ** 20]) as Tensor2D, tf.tensor1d([0], "int32"), 2 ** 30);
  assert.throws(() => tf.tidy(sum), error);
  // 2^48 bytes of working memory: for one sequence, and for two on several threads.
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

test("rows that are none of the table's are refused", ({ tf, kernels: k, memory }: Engine) => {
  const before = memory().tensors, ids = (...values: number[]) => tf.tensor1d(values, "int32");
  const bag = (id: number, bags: number) => () =>
    tf.tidy(() =>
      void k.embeddingBag(tf.ones([3, 4]), ids(0, id), ids(...Array(bags).fill(0)), tf.ones([2]), 1)
    );
  bag(2, 2)();
  for (const wrong of [bag(3, 2), bag(-1, 2), bag(2, 3)]) assert.throws(wrong, /embeddingBag: /);
  assert.equal(memory().tensors, before);
});

test("nothing at all is refused", ({ tf, kernels: k, memory }: Engine) => {
  const before = memory().tensors;
  const refused = (operation: () => unknown) =>
    assert.throws(() => tf.tidy(() => void operation()), /: the shapes do not fit, or /);
  const none = <T>(...shape: number[]) => tf.tensor([], shape) as T;
  const ones = <T>(...shape: number[]) => tf.ones(shape) as T;
  const ids = (...values: number[]) => tf.tensor1d(values, "int32");
  const mixer = (): ChannelMixerWeights => ({ w3: ones(6, 4), b3: ones(6), w4: ones(4, 6), b4: ones(4) });
  const block = () => ({
    w1: ones<Tensor2D>(6, 4),
    b1: ones<Tensor1D>(6),
    w2: ones<Tensor2D>(4, 6),
    b2: ones<Tensor1D>(4),
  });
  const nothing = () => none<Tensor3D>(3, 0, 4);
  refused(() => k.channelMixer(nothing(), mixer(), 1));
  refused(() => k.channelMixerGrad(nothing(), nothing(), mixer(), [], 1));
  refused(() => k.feedForward(nothing(), block(), "gelu"));
  refused(() => k.feedForwardGrad(nothing(), nothing(), block(), "gelu"));
  refused(() => k.linearCrossEntropy(none(0, 4), ones(5, 4), ids(), 1));
  const shared = { shared: ones<Tensor2D>(2, 4), sharedIds: ids(1, 2), sharedShift: ones<Tensor1D>(2) };
  const own = () => ({ own: none<Tensor2D>(0, 4), ownIds: ids(), ownShift: none<Tensor1D>(0) });
  refused(() => k.sampledCrossEntropy(none(0, 4), { ...shared, ...own() }, 1));
  tf.dispose(Object.values(shared));
  assert.equal(memory().tensors, before);
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
