/**
 * The contract of recurrent layers on every backend.
 *
 * @module
 */
import { strict as assert } from "node:assert";
import type { RecurrentWeights } from "../../../model/backend/recurrent.ts";
import type { Tensor2D, Tensor3D } from "../../../model/backend/tensor.ts";
import type { Engine } from "../../../model/backend/types.ts";
import { checkTrial } from "./gradient_check.ts";
import { noise } from "./reference.ts";
import type { Register } from "./register.ts";
import * as reference from "./sequence_reference.ts";
import { frontPadding, scatteredPadding } from "./padding.ts";

const LAYERS = ["gru", "lstm"] as const;

/** Positions, sequences, channels, hidden units: one of each; full vectors or not; several pieces; long sums. */
const SIZES = [
  [1, 1, 1, 1],
  [1, 5, 3, 4],
  [7, 1, 4, 3],
  [5, 9, 20, 7],
  [3, 70, 6, 17],
  [40, 6, 3, 16],
];

export function recurrentContract(test: Register): void {
  for (const layer of LAYERS) {
    for (const [length, batch, dim, hidden] of SIZES) {
      const sizes = { length, batch, dim, hidden },
        title = `${layer}: ${length} × ${batch}, ${dim} → ${hidden}`;
      test(title, (engine) => check(engine, layer, sizes));
      test(`${title}, padding in front`, (engine) =>
        check(engine, layer, sizes, frontPadding(length, batch)));
    }
    const sizes = { length: 6, batch: 7, dim: 4, hidden: 5 };
    test(`${layer}: padding anywhere`, (engine) => check(engine, layer, sizes, scatteredPadding(6, 7)));
    test(`${layer}: padding does not touch the state, whatever is there`, (engine) => padded(engine, layer));
  }
}

async function check(engine: Engine, layer: "gru" | "lstm", sizes: reference.Sizes, ids?: Int32Array) {
  const { length, batch, dim, hidden } = sizes,
    rows = (layer === "gru" ? 3 : 4) * hidden,
    { tf, kernels } = engine;
  await checkTrial(engine, layer, {
    shapes: { x: [length, batch, dim], wx: [rows, dim], wh: [rows, hidden], bx: [rows], bh: [rows] },
    deviations: { wx: 1 / Math.sqrt(dim), wh: 1 / Math.sqrt(hidden), bx: 0.5, bh: 0.5 },
    output: [length, batch, hidden],
    exact: (numbers) => reference[layer](numbers, ids, sizes),
    run: ({ x, ...weights }, dy) => {
      const w = weights as unknown as RecurrentWeights, input = x as Tensor3D;
      const padding = ids && tf.tensor2d(ids, [length, batch], "int32");
      const recurred = kernels[layer](input, w, padding);
      const { dx, ...d } = kernels[`${layer}Grad`](dy as Tensor3D, input, w, recurred, padding);
      return { y: recurred.y, gradients: { x: dx, ...d } };
    },
  });
}

/** NaN at a padded position must reach neither the output nor the gradients. */
async function padded({ tf, kernels }: Engine, layer: "gru" | "lstm") {
  const hidden = 4, rows = (layer === "gru" ? 3 : 4) * hidden;
  const x = noise(3 * 2 * 3, 1);
  x.fill(NaN, 0, 3); // the first position of the first sequence
  const results = tf.tidy(() => {
    const input = tf.tensor3d(x, [3, 2, 3]),
      ids = tf.tensor2d([[0, 5], [6, 7], [8, 9]], [3, 2], "int32") as Tensor2D;
    const w = {
      wx: tf.tensor2d(noise(rows * 3, 2), [rows, 3]),
      wh: tf.tensor2d(noise(rows * hidden, 3), [rows, hidden]),
      bx: tf.tensor1d(noise(rows, 4)),
      bh: tf.tensor1d(noise(rows, 5)),
    };
    const recurred = kernels[layer](input, w, ids);
    const { dx } = kernels[`${layer}Grad`](tf.onesLike(recurred.y), input, w, recurred, ids);
    return { y: recurred.y, dx };
  });
  const y = await results.y.data(), dx = await results.dx.data();
  assert.deepEqual([...y.slice(0, hidden)], [0, 0, 0, 0], "the state is zero after padding");
  assert.ok(y.every((value) => Number.isFinite(value)), `NaN came out: ${y}`);
  assert.deepEqual([...dx.slice(0, 3)], [0, 0, 0], "no gradient at padding");
  assert.ok(dx.every((value) => Number.isFinite(value)), `NaN went back: ${dx}`);
  tf.dispose(results);
}
