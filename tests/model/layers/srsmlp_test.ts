import assert from "node:assert/strict";
import { RandomStream } from "../../../pipeline/contract/random.ts";
import { openEngine } from "../../../model/backend/engine.ts";
import type { Tensor, Tensor2D, Tensor3D } from "../../../model/backend/tensor.ts";
import { initialValues } from "../../../model/layers/parameters.ts";
import { NO_DROPOUT } from "../../../model/layers/dropout.ts";
import { srsmlp } from "../../../model/layers/srsmlp.ts";
import type { TensorValue } from "../../../model/ops/tape.ts";
import { TensorPass } from "../../../model/train/pass.ts";

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
  const { tf } = engine, before = engine.memory().tensors;
  const values: Record<string, number[]> = {
    "sequence.gain": [2, 0.5],
    "sequence.bias": [0, 0.5],
    "sequence.w1": [1],
    "sequence.w2": [1],
  };
  const { y, dBias } = tf.tidy(() => {
    const weights = new Map<string, Tensor>(
      srsmlp(shape).parameters.map(({ name, shape }) => {
        const numbers = values[name.slice(2)];
        return [name, numbers ? tf.tensor(numbers, shape) : tf.zeros(shape)];
      }),
    );
    const pass = new TensorPass(engine, (name) => weights.get(name)!, NO_DROPOUT);
    const y = srsmlp(shape).apply(pass, pass.leaf(tf.tensor3d([[[3, 1]]]))) as TensorValue<Tensor3D>;
    const sum = pass.ops.record(tf.sum(y.tensor), [y], () => [tf.ones([1, 1, 2])]);
    return { y: y.tensor.dataSync(), dBias: pass.result(sum).gradients["l.sequence.bias"].dataSync() };
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

Deno.test("srsmlp: a gain begins at one, biases and what a channel mixer adds at zero, other matrices around their mean", () => {
  for (const spec of srsmlp({ ...shape, sequenceHidden: 50, length: 50, channelHidden: 50 }).parameters) {
    const values = initialValues(spec, 1), part = spec.name.split(".").at(-1)!;
    const mean = part === "w1" || part === "w2" ? 0.04 : 0; // √(4 / (50 · 50)), with alternating signs
    const along = part === "w1" ? Math.floor : (place: number) => Math.round(50 * (place % 1));
    if (part === "gain") assert.deepEqual(values, Float32Array.of(1, 1));
    else if (spec.shape.length === 1) assert.ok(values.every((value) => value === 0), spec.name);
    else if (part === "w4") assert.deepEqual(values, new Float32Array(values.length));
    else {
      const found = values.reduce((sum, value, i) => sum + value * (-1) ** along(i / 50), 0) / values.length;
      assert.ok(Math.abs(found - mean) < 4 * spec.deviation / 10 + 1e-6, spec.name);
    }
  }
});

for (const length of [1, 2, 3, 10, 50, 200]) {
  Deno.test(`srsmlp: over ${length} positions it begins by adding about twice the mean of what is normalised`, () => {
    const { tf } = engine, dim = 64, layer = { ...shape, length, dim, sequenceHidden: 64, channelHidden: 64 };
    const random = new RandomStream(5, "positions");
    // As in histories: vectors that are far smaller than one, with a common part.
    const common = Array.from({ length: dim }, () => random.float() - 0.5);
    const x = Float32Array.from(
      { length: length * dim },
      (_, i) => 0.02 * (random.float() - 0.5 + common[i % dim]),
    );
    const normal = tf.tidy(() =>
      engine.kernels.layerNorm(tf.tensor2d(x, [length, dim]) as Tensor2D, 1e-5).y.dataSync()
    );
    const wanted = common.map((_, d) => {
      let sum = 0;
      for (let t = 0; t < length; t++) sum += normal[t * dim + d];
      return 2 * sum / length;
    });
    const y = tf.tidy(() => {
      const weights = new Map<string, Tensor>(
        srsmlp(layer).parameters.map((spec) => [spec.name, tf.tensor(initialValues(spec, 1), spec.shape)]),
      );
      const pass = new TensorPass(engine, (name) => weights.get(name)!);
      const y = srsmlp(layer).apply(pass, pass.ops.constant(tf.tensor3d(x, [length, 1, dim])));
      return (y as TensorValue).tensor.dataSync();
    });
    for (let t = 0; t < length; t++) {
      const added = wanted.map((_, d) => y[t * dim + d] - x[t * dim + d]);
      const alike = cosine(added, wanted), size = Math.hypot(...added) / Math.hypot(...wanted);
      assert.ok(alike > 0.95 && size > 0.8 && size < 1.2, `position ${t}: ${alike}, ${size} times as large`);
    }
  });
}

/** Cosine of the angle between two vectors. */
function cosine(a: readonly number[], b: readonly number[]): number {
  const dot = a.reduce((sum, value, i) => sum + value * b[i], 0);
  return dot / Math.hypot(...a) / Math.hypot(...b);
}
