/**
 * The contract of convolution on every backend.
 *
 * @module
 */
import { strict as assert } from "node:assert";
import type { ConvolutionWeights } from "../../../model/backend/convolution.ts";
import type { Tensor3D } from "../../../model/backend/tensor.ts";
import type { Engine } from "../../../model/backend/types.ts";
import { checkTrial } from "./gradient_check.ts";
import { frontPadding, scatteredPadding } from "./padding.ts";
import type { Register } from "./register.ts";
import * as reference from "./sequence_reference.ts";

/** Positions, sequences, channels in and out, taps, dilation. */
const SIZES = [
  [1, 1, 1, 1, 1, 1],
  [1, 3, 4, 2, 3, 2],
  [9, 1, 3, 5, 2, 4],
  [7, 13, 20, 17, 3, 1],
  [40, 5, 6, 7, 3, 8],
  [4, 6, 3, 3, 3, 9], // reaches back beyond the first position
];

export function convolutionContract(test: Register): void {
  for (const [length, batch, dim, hidden, taps, dilation] of SIZES) {
    const sizes = { length, batch, dim, hidden };
    const title = `convolution: ${length} × ${batch}, ${dim} → ${hidden}, ${taps} taps, dilation ${dilation}`;
    test(title, (engine) => check(engine, sizes, taps, dilation));
    test(
      `${title}, padding in front`,
      (engine) => check(engine, sizes, taps, dilation, frontPadding(length, batch)),
    );
  }
  const sizes = { length: 8, batch: 9, dim: 4, hidden: 5 };
  test("convolution: padding anywhere", (engine) => check(engine, sizes, 3, 2, scatteredPadding(8, 9)));
  test("convolution: what is at padding counts for nothing", hidden);
}

async function check(
  engine: Engine,
  sizes: reference.Sizes,
  taps: number,
  dilation: number,
  padding?: Int32Array,
) {
  const { length, batch, dim, hidden } = sizes, { tf, kernels } = engine;
  await checkTrial(engine, "convolution", {
    shapes: { x: [length, batch, dim], w: [taps, hidden, dim], b: [hidden] },
    deviations: { w: 1 / Math.sqrt(dim * taps) },
    output: [length, batch, hidden],
    exact: (numbers) => reference.convolution(numbers, sizes, taps, dilation, padding),
    run: ({ x, ...weights }, dy) => {
      const input = x as Tensor3D, w = weights as unknown as ConvolutionWeights;
      const ids = padding && tf.tensor2d(padding, [length, batch], "int32");
      const { dx, ...d } = kernels.convolutionGrad(dy as Tensor3D, input, w, dilation, ids);
      return { y: kernels.convolution(input, w, dilation, ids), gradients: { x: dx, ...d } };
    },
  });
}

async function hidden({ tf, kernels }: Engine) {
  const results = tf.tidy(() => {
    const x = tf.tensor3d([NaN, 2, 3], [3, 1, 1]), ids = tf.tensor2d([0, 4, 5], [3, 1], "int32");
    const weights = { w: tf.ones([2, 1, 1]) as Tensor3D, b: tf.tensor1d([10]) };
    const { dx, w } = kernels.convolutionGrad(tf.tensor3d([NaN, 1, 1], [3, 1, 1]), x, weights, 1, ids);
    return { y: kernels.convolution(x, weights, 1, ids), dx, w };
  });
  assert.deepEqual([...await results.y.data()], [0, 12, 15]);
  assert.deepEqual([...await results.dx.data()], [0, 2, 1]);
  assert.deepEqual([...await results.w.data()], [2, 5]);
  tf.dispose(results);
}
