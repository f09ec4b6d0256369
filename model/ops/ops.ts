/**
 * Operations on values, each with its gradient. With a tape they are recorded; without one they only compute, so that a network
 * is written once for both training and scoring.
 *
 * @module
 */
import type { Engine } from "../backend/types.ts";
import type { Tensor, Tensor1D, Tensor2D } from "../backend/tensor.ts";
import { type Backward, type Tape, Value } from "./tape.ts";

/** Number that LayerNorm adds to the variance. */
export const EPSILON = 1e-8;

/** The operations. They all run within the `tf.tidy` of the pass that they belong to. */
export class Ops {
  constructor(readonly engine: Engine, readonly tape?: Tape) {}

  /** Returns a value without gradient. */
  constant<T extends Tensor>(tensor: T): Value<T> {
    return new Value(tensor);
  }

  /** Records the output of an operation, given its gradient function. */
  record<T extends Tensor>(tensor: T, inputs: readonly Value[], backward: Backward<T>): Value<T> {
    return this.tape ? this.tape.record(tensor, inputs, backward) : new Value(tensor);
  }

  /** Multiplies two matrices, each transposed first if asked. */
  matMul(a: Value<Tensor2D>, b: Value<Tensor2D>, transposeA = false, transposeB = false): Value<Tensor2D> {
    const { kernels } = this.engine;
    const y = kernels.matMul(a.tensor, b.tensor, transposeA, transposeB);
    return this.record(y, [a, b], (dy) => [
      a.traced
        ? transposeA
          ? kernels.matMul(b.tensor, dy, transposeB, true)
          : kernels.matMul(dy, b.tensor, false, !transposeB)
        : undefined,
      b.traced
        ? transposeB
          ? kernels.matMul(dy, a.tensor, true, transposeA)
          : kernels.matMul(a.tensor, dy, !transposeA)
        : undefined,
    ]);
  }

  /** A fully connected layer: x Wᵀ + b, W [outputs, inputs]. */
  dense(x: Value<Tensor2D>, weights: Value<Tensor2D>, bias: Value<Tensor1D>): Value<Tensor2D> {
    const { kernels } = this.engine, product = this.matMul(x, weights, false, true);
    const y = kernels.biasAdd(product.tensor, bias.tensor, "last");
    return this.record(
      y,
      [product, bias],
      (dy) => [dy, bias.traced ? kernels.biasGrad(dy, "last") : undefined],
    );
  }

  /** Adds two values of the same shape. */
  add<T extends Tensor>(a: Value<T>, b: Value<T>): Value<T> {
    return this.record(this.engine.kernels.sum([a.tensor, b.tensor]), [a, b], (dy) => [dy, dy]);
  }

  /** Multiplies two values of the same shape element by element. */
  mul<T extends Tensor>(a: Value<T>, b: Value<T>): Value<T> {
    const { tf } = this.engine;
    return this.record(tf.mul(a.tensor, b.tensor) as T, [a, b], (dy) => [
      a.traced ? tf.mul(dy, b.tensor) : undefined,
      b.traced ? tf.mul(dy, a.tensor) : undefined,
    ]);
  }

  /** Multiplies a value by a number. */
  scale<T extends Tensor>(x: Value<T>, factor: number): Value<T> {
    const { tf } = this.engine;
    return this.record(tf.mul(x.tensor, factor) as T, [x], (dy) => [tf.mul(dy, factor)]);
  }

  /** LayerNorm over the last axis, with gain and bias. */
  layerNorm<T extends Tensor>(
    x: Value<T>,
    gain: Value<Tensor1D>,
    bias: Value<Tensor1D>,
    epsilon = EPSILON,
  ): Value<T> {
    const { kernels } = this.engine, weights = { gain: gain.tensor, bias: bias.tensor };
    return this.record(kernels.affineLayerNorm(x.tensor, weights, epsilon), [x, gain, bias], (dy) => {
      const d = kernels.affineLayerNormGrad(dy, x.tensor, weights, epsilon);
      return [d.dx, d.gain, d.bias];
    });
  }

  /** max(x, 0) */
  relu<T extends Tensor>(x: Value<T>): Value<T> {
    const { tf, kernels } = this.engine;
    return this.record(tf.relu(x.tensor) as T, [x], (dy) => [kernels.reluGrad(dy, x.tensor)]);
  }

  /** x·Φ(x) (Hendrycks and Gimpel 2016). */
  gelu<T extends Tensor>(x: Value<T>): Value<T> {
    const { tf } = this.engine;
    const phi = tf.mul(tf.add(tf.erf(tf.mul(x.tensor, Math.SQRT1_2)), 1), 0.5);
    return this.record(tf.mul(x.tensor, phi) as T, [x], (dy) => {
      const density = tf.mul(tf.exp(tf.mul(tf.square(x.tensor), -0.5)), 1 / Math.sqrt(2 * Math.PI));
      return [tf.mul(dy, tf.add(phi, tf.mul(x.tensor, density)))];
    });
  }

  /** Sets elements to zero at random; see the engine's kernel. */
  dropout<T extends Tensor>(x: Value<T>, rate: number, seed: number): Value<T> {
    if (rate === 0) return x;
    const { kernels } = this.engine;
    return this.record(kernels.dropout(x.tensor, rate, seed), [x], (dy) => [kernels.dropout(dy, rate, seed)]);
  }

  /** Gathers rows of a table [V, D] by their numbers, [n, D]. */
  gather(table: Value<Tensor2D>, rows: Int32Array): Value<Tensor2D> {
    const { kernels, tf } = this.engine, ids = tf.tensor1d(rows, "int32");
    return this.record(
      kernels.gatherRows(table.tensor, ids) as Tensor2D,
      [table],
      (dy) => [kernels.segmentSum(dy, ids, table.shape[0])],
    );
  }

  reshape<T extends Tensor>(x: Value, shape: number[]): Value<T> {
    const { tf } = this.engine;
    return this.record(tf.reshape(x.tensor, shape) as T, [x], (dy) => [tf.reshape(dy, x.shape)]);
  }

  /** Concatenates values along the last axis. */
  concat(values: readonly Value<Tensor2D>[]): Value<Tensor2D> {
    const { tf } = this.engine, sizes = values.map(({ shape }) => shape[1]);
    return this.record(
      tf.concat(values.map(({ tensor }) => tensor), 1) as Tensor2D,
      values,
      (dy) => tf.split(dy, sizes, 1),
    );
  }
}
