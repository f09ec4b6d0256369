/**
 * The contract of layer norm and feed-forward block on every backend.
 *
 * @module
 */
import type { FeedForwardWeights, LayerNormWeights } from "../../../model/backend/feed_forward.ts";
import type { Engine } from "../../../model/backend/types.ts";
import { checkTrial } from "./gradient_check.ts";
import type { Register } from "./register.ts";
import * as reference from "./sequence_reference.ts";

/** Positions, sequences, channels in, hidden units, channels out. */
const SIZES = [
  [1, 1, 2, 1, 1],
  [1, 3, 4, 2, 4],
  [7, 13, 20, 33, 20],
  [11, 41, 64, 17, 5],
];

export function feedForwardContract(test: Register): void {
  for (const [length, batch, dim, hidden, out] of SIZES) {
    test(`layer norm with gain and bias: ${length} × ${batch}, ${dim}`, (engine) =>
      norm(engine, [length, batch, dim]));
    for (const activation of ["gelu", "relu"] as const) {
      test(
        `feed-forward: ${length} × ${batch}, ${dim} → ${hidden} → ${out}, ${activation}`,
        (engine) => block(engine, [length, batch, dim], hidden, out, activation),
      );
    }
  }
}

async function norm(engine: Engine, shape: number[]) {
  const dim = shape[2];
  await checkTrial(engine, "affineLayerNorm", {
    shapes: { x: shape, gain: [dim], bias: [dim] },
    output: shape,
    exact: (numbers) => reference.affineLayerNorm(numbers, 1e-2),
    run: ({ x, ...weights }, dy) => {
      const w = weights as LayerNormWeights, { kernels } = engine;
      const { dx, ...d } = kernels.affineLayerNormGrad(dy, x, w, 1e-2);
      return { y: kernels.affineLayerNorm(x, w, 1e-2), gradients: { x: dx, ...d } };
    },
  });
}

async function block(
  engine: Engine,
  shape: number[],
  hidden: number,
  out: number,
  activation: "gelu" | "relu",
) {
  const [length, batch, dim] = shape;
  await checkTrial(engine, "feedForward", {
    shapes: { x: shape, w1: [hidden, dim], b1: [hidden], w2: [out, hidden], b2: [out] },
    deviations: { w1: 1 / Math.sqrt(dim), w2: 1 / Math.sqrt(hidden) },
    output: [length, batch, out],
    exact: (numbers) => reference.feedForward(numbers, activation),
    run: ({ x, ...weights }, dy) => {
      const w = weights as unknown as FeedForwardWeights, { kernels } = engine;
      const { dx, ...d } = kernels.feedForwardGrad(dy, x, w, activation);
      return { y: kernels.feedForward(x, w, activation), gradients: { x: dx, ...d } };
    },
  });
}
