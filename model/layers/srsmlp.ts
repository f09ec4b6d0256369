/**
 * The SRSMLP layer: a sequence mixer and a channel mixer, each a residual block.
 *
 * Source: AutoMLP (WWW 2023), "Long-term Interest Module":
 * - sequence mixer, for each channel d: x̂ᵈ = xᵈ + W² g(W¹ LayerNorm(xᵈ)), W¹ [R_s, n], W² [n, R_s]
 * - channel mixer, for each position t: x̂ᵗ = xᵗ + W⁴ g(W³ LayerNorm(xᵗ)), W³ [R_c, D], W⁴ [D, R_c]
 *
 * g is GELU, each product has a bias, and LayerNorm runs over the channels of a position, as in MLP-Mixer. LayerNorm
 * has no gain and bias of its own: those of the channel mixer would be the same as other W³ and b³.
 *
 * Activations are time-major, [n, B, D]: then both mixers are plain products of two matrices without a transpose, and the
 * newest positions lie together.
 *
 * @module
 */
import type { Engine } from "../backend/types.ts";
import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from "../backend/tensor.ts";
import { bias, dense, type Gradients, type ParameterSpec, type Pass, type Weights } from "./parameters.ts";

/** What LayerNorm adds to the variance. */
export const EPSILON = 1e-5;

/** One layer, by its place and sizes. */
export interface SrsmlpShape {
  /** Prefix of its parameters' names, as in `long.0`. */
  name: string;
  /** Positions it mixes, n. */
  length: number;
  /** Channels, D. */
  dim: number;
  /** Hidden size of the sequence mixer, R_s. */
  sequenceHidden: number;
  /** Hidden size of the channel mixer, R_c. */
  channelHidden: number;
  /**
   * The layer gives its newest position only, [1, B, D]. What an interest module's last layer computes for the others is
   * never used; leaving it out gives the same result for less work, and W² has the one row [1, R_s].
   */
  lastOnly: boolean;
}

/** The layer's parameters. */
export function srsmlpParameters(shape: SrsmlpShape): ParameterSpec[] {
  const { name, length, dim, sequenceHidden, channelHidden, lastOnly } = shape;
  const outputs = lastOnly ? 1 : length;
  return [
    dense(`${name}.sequence.w1`, sequenceHidden, length),
    bias(`${name}.sequence.b1`, sequenceHidden),
    { ...dense(`${name}.sequence.w2`, length, sequenceHidden), shape: [outputs, sequenceHidden] },
    bias(`${name}.sequence.b2`, outputs),
    dense(`${name}.channel.w3`, channelHidden, dim),
    bias(`${name}.channel.b3`, channelHidden),
    dense(`${name}.channel.w4`, dim, channelHidden),
    bias(`${name}.channel.b4`, dim),
  ];
}

/**
 * One pass through the layer.
 *
 * @param x [n, B, D]
 * @returns [n, B, D], or [1, B, D] where the layer gives its newest position only.
 */
export function srsmlp(
  { tf, kernels }: Engine,
  weights: Weights,
  shape: SrsmlpShape,
  x: Tensor3D,
): Pass<Tensor3D> {
  const { name, length, dim, lastOnly } = shape;
  const batch = x.shape[1], width = batch * dim, outputs = lastOnly ? 1 : length;
  const matrix = (part: string) => weights(`${name}.${part}`) as Tensor2D;
  const vector = (part: string) => weights(`${name}.${part}`) as Tensor1D;
  const flat = (tensor: Tensor, rows: number) => tf.reshape(tensor, [rows, tensor.size / rows]) as Tensor2D;

  // Sequence mixer: [n, B·D] from the left.
  const norm1 = kernels.layerNorm(x, EPSILON);
  const u = flat(norm1.y, length);
  const hidden1 = kernels.gelu(kernels.matMul(matrix("sequence.w1"), u), vector("sequence.b1"), "first");
  const residual = lastOnly ? tf.slice(flat(x, length), [length - 1, 0], [1, width]) : flat(x, length);
  const mixed = kernels.biasAdd(
    kernels.matMul(matrix("sequence.w2"), hidden1.y),
    vector("sequence.b2"),
    "first",
    residual as Tensor2D,
  );
  // Channel mixer: [outputs·B, D] from the right.
  const positions = flat(mixed, outputs * batch);
  const norm2 = kernels.layerNorm(positions, EPSILON);
  const hidden2 = kernels.gelu(
    kernels.matMul(norm2.y, matrix("channel.w3"), false, true),
    vector("channel.b3"),
    "last",
  );
  const y = kernels.biasAdd(
    kernels.matMul(hidden2.y, matrix("channel.w4"), false, true),
    vector("channel.b4"),
    "last",
    positions,
  );

  return {
    y: tf.reshape(y, [outputs, batch, dim]),
    backward(dy: Tensor3D, gradients: Gradients): Tensor3D {
      const add = (part: string, gradient: Tensor) => gradients.add(`${name}.${part}`, gradient);
      const dOut = flat(dy, outputs * batch);
      add("channel.b4", kernels.biasGrad(dOut, "last"));
      add("channel.w4", kernels.matMul(dOut, hidden2.y, true));
      const back2 = kernels.geluGrad(kernels.matMul(dOut, matrix("channel.w4")), hidden2.slope, "last");
      add("channel.b3", back2.dBias);
      add("channel.w3", kernels.matMul(back2.dx, norm2.y, true));
      const dPositions = kernels.layerNormGrad(
        kernels.matMul(back2.dx, matrix("channel.w3")),
        norm2.y,
        norm2.scale,
        dOut,
      );

      const dMixed = flat(dPositions, outputs);
      add("sequence.b2", kernels.biasGrad(dMixed, "first"));
      add("sequence.w2", kernels.matMul(dMixed, hidden1.y, false, true));
      const back1 = kernels.geluGrad(
        kernels.matMul(matrix("sequence.w2"), dMixed, true),
        hidden1.slope,
        "first",
      );
      add("sequence.b1", back1.dBias);
      add("sequence.w1", kernels.matMul(back1.dx, u, false, true));
      const dResidual = lastOnly && length > 1
        ? tf.concat([tf.zeros([length - 1, width]), dMixed], 0) as Tensor2D
        : dMixed;
      const dNorm = kernels.matMul(matrix("sequence.w1"), back1.dx, true);
      return kernels.layerNormGrad(
        tf.reshape(dNorm, x.shape),
        norm1.y,
        norm1.scale,
        tf.reshape(dResidual, x.shape),
      ) as Tensor3D;
    },
  };
}
