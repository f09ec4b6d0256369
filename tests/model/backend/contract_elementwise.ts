/**
 * The contract of operations on numbers and rows on every backend.
 *
 * @module
 */
import type { Axis } from "../../../model/backend/kernels.ts";
import type { Tensor } from "../../../model/backend/tensor.ts";
import type { Engine } from "../../../model/backend/types.ts";
import { close } from "./close.ts";
import * as reference from "./reference.ts";
import type { Register } from "./register.ts";

const { noise } = reference;

export function elementwiseContract(test: Register): void {
  for (const [rows, width] of [[1, 1], [5, 7], [3, 40_000], [700, 64]]) {
    test(`operations on [${rows}, ${width}] agree with double precision`, (engine) =>
      elementwise(engine, rows, width));
  }
}

async function elementwise({ tf, kernels: k }: Engine, rows: number, width: number) {
  const [x, dy, more] = [1, 2, 3].map((seed) => noise(rows * width, seed, 2));
  const [X, DY, MORE] = [x, dy, more].map((values) => tf.tensor2d(values, [rows, width]));
  const all: Tensor[] = [X, DY, MORE];
  const keep = <T extends Tensor>(tensor: T): T => (all.push(tensor), tensor);
  const check = async (tensor: Tensor, expected: ArrayLike<number>, what: string) =>
    close(await keep(tensor).data(), expected, what);

  const norm = k.layerNorm(X, 1e-5), expected = reference.layerNorm(x, width, 1e-5);
  // A row of one number equals its mean: the remaining rounding error divided by √ε is meaningless.
  if (width > 1) {
    await check(norm.y, expected.y, "layerNorm.y");
    const slopes = reference.toRows(dy, width).flatMap((row, r) => {
      const y = expected.y.slice(r * width, (r + 1) * width), mean = row.reduce((a, b) => a + b, 0) / width;
      const along = row.reduce((sum, value, i) => sum + value * y[i], 0) / width;
      return row.map((value, i) => expected.scale[r] * (value - mean - y[i] * along));
    });
    await check(k.layerNormGrad(DY, norm.y, norm.scale), slopes, "layerNormGrad");
    await check(
      k.layerNormGrad(DY, norm.y, norm.scale, MORE),
      slopes.map((value, i) => value + more[i]),
      "layerNormGrad + add",
    );
  } else keep(norm.y);
  await check(norm.scale, expected.scale, "layerNorm.scale");

  for (const axis of ["first", "last"] as Axis[]) {
    const bias = noise(axis === "first" ? rows : width, 5), BIAS = keep(tf.tensor1d(bias));
    const at = (i: number) => bias[axis === "first" ? Math.floor(i / width) : i % width];
    await check(k.biasAdd(X, BIAS, axis), Array.from(x, (value, i) => value + at(i)), `biasAdd, ${axis}`);
    await check(
      k.biasAdd(X, BIAS, axis, MORE),
      Array.from(x, (value, i) => value + at(i) + more[i]),
      `biasAdd + residual, ${axis}`,
    );
    await check(k.biasGrad(DY, axis), reference.sums(dy, rows, width, axis), `biasGrad, ${axis}`);
  }
  await check(k.reluGrad(DY, X), Array.from(x, (value, i) => value > 0 ? dy[i] : 0), "reluGrad");
  await check(k.sum([X, DY, MORE]), Array.from(x, (value, i) => value + dy[i] + more[i]), "sum");

  const bias = noise(width, 5), direction = noise(width, 6);
  const [BIAS, DIRECTION] = [bias, direction].map((values) => keep(tf.tensor1d(values)));
  const [moved, shifted] = k.addScaled([X, BIAS], [DY, DIRECTION], -0.3);
  await check(moved, Array.from(x, (value, i) => value - 0.3 * dy[i]), "addScaled, of the first");
  await check(
    shifted,
    Array.from(bias, (value, i) => value - 0.3 * direction[i]),
    "addScaled, of the second",
  );
  const squares = [...x, ...bias].reduce((sum, value) => sum + value ** 2, 0);
  await check(k.sumOfSquares([X, BIAS]), [squares], "sumOfSquares");
  tf.dispose(all);
}
