/**
 * The contract of attention on every backend.
 *
 * @module
 */
import { strict as assert } from "node:assert";
import { dropoutMask } from "../../../model/backend/kernels_plain.ts";
import type { AttentionSettings, AttentionWeights } from "../../../model/backend/attention.ts";
import type { Tensor, Tensor3D } from "../../../model/backend/tensor.ts";
import type { Engine } from "../../../model/backend/types.ts";
import { checkTrial } from "./gradient_check.ts";
import { frontPadding, scatteredPadding } from "./padding.ts";
import { noise } from "./reference.ts";
import type { Register } from "./register.ts";
import * as reference from "./sequence_reference.ts";

/** Positions, sequences, channels, heads. */
const SIZES = [
  [1, 1, 1, 1],
  [1, 3, 4, 2],
  [6, 1, 6, 3],
  [5, 9, 20, 2],
  [19, 2, 34, 1],
  [33, 2, 8, 2],
];

type Settings = Omit<AttentionSettings, "ids"> & { padding?: Int32Array };

export function attentionContract(test: Register): void {
  for (const [length, batch, dim, heads] of SIZES) {
    const sizes = { length, batch, dim, hidden: dim };
    for (const causal of [true, false]) {
      const title = `attention: ${length} × ${batch}, ${dim} in ${heads}, ${causal ? "causal" : "full"}`;
      const dropout = { rate: 0.3, seed: -7 };
      test(title, (engine) => check(engine, sizes, { heads, causal }));
      test(
        `${title}, padding in front, dropout`,
        (engine) => check(engine, sizes, { heads, causal, dropout, padding: frontPadding(length, batch) }),
      );
    }
  }
  for (const causal of [true, false]) {
    const padding = scatteredPadding(6, 7);
    test(
      `attention: padding anywhere, ${causal ? "causal" : "full"}`,
      (engine) => check(engine, { length: 6, batch: 7, dim: 4, hidden: 4 }, { heads: 2, causal, padding }),
    );
  }
  test("attention: high scores do not overflow, and NaN stays in its sequence", extremes);
}

async function check(engine: Engine, sizes: reference.Sizes, { padding, ...settings }: Settings) {
  const { length, batch, dim } = sizes, { heads, dropout } = settings, shape = [length, batch, dim];
  const keep = dropout && dropoutMask(batch * heads * length * length, dropout.rate, dropout.seed);
  const { tf, kernels } = engine, square = [dim, dim];
  const deviation = 1 / Math.sqrt(dim), all = { ...settings, ids: padding };
  const shapes = { queries: shape, x: shape, wq: square, wk: square, wv: square };
  type Given = Record<keyof typeof shapes, Tensor>;
  const run = ({ queries, x, ...rest }: Given, dy: Tensor) => {
    const ids = padding && tf.tensor2d(padding, [length, batch], "int32");
    const [asking, from] = [queries, x] as Tensor3D[], weights = rest as unknown as AttentionWeights;
    const y = kernels.attention(asking, from, weights, { ...all, ids });
    const { dx, dQueries, ...gradients } = kernels.attentionGrad(dy as Tensor3D, asking, from, weights, {
      ...all,
      ids,
    });
    return { y, gradients: { x: dx, ...(dQueries && { queries: dQueries }), ...gradients } };
  };
  const trial = {
    deviations: { wq: 2 * deviation, wk: 2 * deviation, wv: deviation },
    output: shape,
  };
  await checkTrial(engine, "attention", {
    ...trial,
    shapes,
    exact: (numbers) => reference.attention(numbers, sizes, { ...all, keep }),
    run,
  });
  const { queries: _, ...others } = shapes;
  await checkTrial(engine, "attention, queries of x too", {
    ...trial,
    shapes: others,
    exact: (numbers) => reference.attention({ ...numbers, queries: numbers.x }, sizes, { ...all, keep }),
    run: (tensors, dy) => run({ ...tensors, queries: tensors.x }, dy),
  });
}

async function extremes({ tf, kernels }: Engine) {
  const x = noise(5 * 2 * 4, 1, 40);
  x[4] = NaN; // in the second sequence
  const results = tf.tidy(() => {
    const input = tf.tensor3d(x, [5, 2, 4]), settings = { heads: 1, causal: true }, eye = tf.eye(4);
    const weights = { wq: eye, wk: eye, wv: eye };
    const { dx } = kernels.attentionGrad(tf.onesLike(input), input, input, weights, settings);
    return [kernels.attention(input, input, weights, settings), dx];
  });
  for (const result of results) {
    const values = await result.data();
    values.forEach((value, i) => {
      if (i % 8 < 4) assert.ok(Number.isFinite(value), `[${i}] is ${value}`);
    });
    assert.ok(values.some((value) => Number.isNaN(value)), "NaN is hidden");
  }
  tf.dispose(results);
}
