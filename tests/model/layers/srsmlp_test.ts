import assert from "node:assert/strict";
import { openEngine } from "../../../model/backend/engine.ts";
import type { Tensor, Tensor3D } from "../../../model/backend/tensor.ts";
import { Gradients, initialValues } from "../../../model/layers/parameters.ts";
import { srsmlp, srsmlpParameters } from "../../../model/layers/srsmlp.ts";

const engine = await openEngine();
const shape = {
  name: "l",
  length: 1,
  dim: 2,
  sequenceHidden: 1,
  channelHidden: 1,
  lastOnly: false,
};

Deno.test("srsmlp: LayerNorm's gain and bias, by hand", () => {
  const { tf, kernels } = engine, before = engine.memory().tensors;
  const values: Record<string, number[]> = {
    "sequence.gain": [2, 0.5],
    "sequence.bias": [0, 0.5],
    "sequence.w1": [1],
    "sequence.w2": [1],
  };
  const { y, dBias } = tf.tidy(() => {
    const weights = new Map<string, Tensor>(
      srsmlpParameters(shape).map(({ name, shape }) => {
        const numbers = values[name.slice(2)];
        return [name, numbers ? tf.tensor(numbers, shape) : tf.zeros(shape)];
      }),
    );
    const x = tf.tensor3d([[[3, 1]]]);
    const pass = srsmlp(engine, (name) => weights.get(name)!, shape, x);
    const gradients = new Gradients(kernels);
    pass.backward(tf.ones([1, 1, 2]) as Tensor3D, gradients);
    return { y: pass.y.dataSync(), dBias: gradients.byName.get("l.sequence.bias")!.dataSync() };
  });
  // [3, 1] is normally [1, −1]; with gain and bias [2, 0]; GELU makes it [2 Φ(2), 0], and its slope is [Φ(2) + 2 φ(2), ½].
  const near = (found: number, expected: number) =>
    assert.ok(Math.abs(found - expected) < 1e-4, `${found}, not ${expected}`);
  near(y[0], 3 + 2 * 0.97724987);
  near(y[1], 1);
  near(dBias[0], 0.97724987 + 2 * 0.05399097);
  near(dBias[1], 0.5);
  assert.equal(engine.memory().tensors, before);
});

Deno.test("srsmlp: a gain begins at one, biases at zero, matrices around zero", () => {
  for (const spec of srsmlpParameters({ ...shape, sequenceHidden: 50, length: 50, channelHidden: 50 })) {
    const values = initialValues(spec, 1), part = spec.name.split(".").at(-1)!;
    if (part === "gain") assert.deepEqual(values, Float32Array.of(1, 1));
    else if (spec.shape.length === 1) assert.ok(values.every((value) => value === 0), spec.name);
    else assert.ok(Math.abs(values.reduce((a, b) => a + b) / values.length) < 4 * spec.deviation / 10);
  }
});
