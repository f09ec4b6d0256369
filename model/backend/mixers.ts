/**
 * The two mixers of the SRSMLP layer: the network's hot spots. Composed, they keep for the gradient what is expensive to compute.
 *
 * @module
 */
import { activate } from "./feed_forward.ts";
import type { BasicKernels } from "./kernels.ts";
import type { Tensor, Tensor1D, Tensor2D, Tensor3D, Tf } from "./tensor.ts";

/** Weights of a sequence mixer, or their gradients: R hidden units, n positions, of which the newest m are output. */
export interface SequenceMixerWeights {
  /** LayerNorm's gain, [D]. */
  gain: Tensor1D;
  /** LayerNorm's bias, [D]. */
  bias: Tensor1D;
  /** [R, n] */
  w1: Tensor2D;
  /** [R] */
  b1: Tensor1D;
  /** [m, R] */
  w2: Tensor2D;
  /** [m] */
  b2: Tensor1D;
}

/** Weights of a channel mixer, or their gradients. */
export interface ChannelMixerWeights {
  /** [R, D] */
  w3: Tensor2D;
  /** [R] */
  b3: Tensor1D;
  /** [D, R] */
  w4: Tensor2D;
  /** [D] */
  b4: Tensor1D;
}

/** The result of a mixer. */
export interface Mixed {
  y: Tensor3D;
  /** Tensors to keep for the gradient; none if the gradient recomputes them. */
  kept: Tensor[];
}

/** The mixers, each with its gradient. `epsilon` is the number that LayerNorm adds to the variance. */
export interface Mixers {
  /**
   * Computes x + W² g(W¹ LayerNorm(x) + b¹) + b² along the positions, g being GELU.
   *
   * @param x [T, B, D], T ≥ n; the newest n positions are mixed.
   * @returns `y` [m, B, D]
   */
  sequenceMixer(x: Tensor3D, weights: SequenceMixerWeights, epsilon: number): Mixed;

  /**
   * Computes the gradient of {@link Mixers.sequenceMixer} with respect to its weights and to the newest n positions of x: `dx` [n, B, D].
   *
   * @param kept Tensors that the forward pass kept.
   * @param add Another gradient of at most n newest positions of x, added to `dx`.
   */
  sequenceMixerGrad(
    dy: Tensor3D,
    x: Tensor3D,
    weights: SequenceMixerWeights,
    kept: Tensor[],
    epsilon: number,
    add?: Tensor3D,
  ): { dx: Tensor3D } & SequenceMixerWeights;

  /** Computes x + W⁴ g(W³ LayerNorm(x) + b³) + b⁴ along the channels, for x [n, B, D]. */
  channelMixer(x: Tensor3D, weights: ChannelMixerWeights, epsilon: number): Mixed;

  /** Computes the gradient of {@link Mixers.channelMixer} with respect to x and its weights. */
  channelMixerGrad(
    dy: Tensor3D,
    x: Tensor3D,
    weights: ChannelMixerWeights,
    kept: Tensor[],
    epsilon: number,
  ): { dx: Tensor3D } & ChannelMixerWeights;
}

/** Composes the mixers from smaller operations. */
export function composedMixers(tf: Tf, k: BasicKernels): Mixers {
  const flat = (x: Tensor, rows: number) => tf.reshape(x, [rows, x.size / rows]) as Tensor2D;
  const newest = (x: Tensor3D, n: number) => x.shape[0] === n ? x : tf.slice(x, [x.shape[0] - n, 0, 0], [n]);
  /** Pads the gradient of x's newest positions to n positions, with zeros for the older ones. */
  const widen = (gradient: Tensor3D, n: number) => {
    const [m, batch, dim] = gradient.shape;
    return m === n ? gradient : tf.concat([tf.zeros([n - m, batch, dim]), gradient], 0) as Tensor3D;
  };
  const gelu = (x: Tensor2D) => activate(tf, x, "gelu");

  return {
    sequenceMixer: (x, { gain, bias, w1, b1, w2, b2 }, epsilon) =>
      tf.tidy(() => {
        const [, batch, dim] = x.shape, n = w1.shape[1], m = w2.shape[0];
        const norm = k.layerNorm(newest(x, n), epsilon);
        const u = flat(tf.add(tf.mul(norm.y, gain), bias), n); // [n, B·D]
        const hidden = gelu(k.biasAdd(k.matMul(w1, u), b1, "first"));
        const y = k.biasAdd(k.matMul(w2, hidden.y), b2, "first", flat(newest(x, m), m));
        return {
          y: tf.reshape(y, [m, batch, dim]) as Tensor3D,
          kept: [norm.y, norm.scale, u, hidden.y, hidden.slope],
        };
      }),

    sequenceMixerGrad: (dy, _x, { gain, w1, w2 }, kept, _epsilon, add) =>
      tf.tidy(() => {
        const [normal, scale, u, hidden, slope] = kept as [Tensor3D, Tensor1D, Tensor2D, Tensor2D, Tensor2D];
        const n = w1.shape[1], dOut = flat(dy, w2.shape[0]);
        const dz = tf.mul(k.matMul(w2, dOut, true), slope) as Tensor2D;
        const du = tf.reshape(k.matMul(w1, dz, true), normal.shape) as Tensor3D;
        const around = widen(dy, n);
        return {
          dx: k.layerNormGrad(
            tf.mul(du, gain) as Tensor3D,
            normal,
            scale,
            add ? k.sum([around, widen(add, n)]) : around,
          ),
          gain: k.biasGrad(tf.mul(du, normal), "last"),
          bias: k.biasGrad(du, "last"),
          w1: k.matMul(dz, u, false, true),
          b1: k.biasGrad(dz, "first"),
          w2: k.matMul(dOut, hidden, false, true),
          b2: k.biasGrad(dOut, "first"),
        };
      }),

    channelMixer: (x, { w3, b3, w4, b4 }, epsilon) =>
      tf.tidy(() => {
        const [n, batch] = x.shape, positions = flat(x, n * batch); // [n·B, D]
        const norm = k.layerNorm(positions, epsilon);
        const hidden = gelu(k.biasAdd(k.matMul(norm.y, w3, false, true), b3, "last"));
        const y = k.biasAdd(k.matMul(hidden.y, w4, false, true), b4, "last", positions);
        return { y: tf.reshape(y, x.shape) as Tensor3D, kept: [norm.y, norm.scale, hidden.y, hidden.slope] };
      }),

    channelMixerGrad: (dy, x, { w3, w4 }, kept, _epsilon) =>
      tf.tidy(() => {
        const [normal, scale, hidden, slope] = kept as [Tensor2D, Tensor1D, Tensor2D, Tensor2D];
        const dOut = flat(dy, normal.shape[0]);
        const dz = tf.mul(k.matMul(dOut, w4), slope) as Tensor2D;
        return {
          dx: tf.reshape(k.layerNormGrad(k.matMul(dz, w3), normal, scale, dOut), x.shape) as Tensor3D,
          w3: k.matMul(dz, normal, true),
          b3: k.biasGrad(dz, "last"),
          w4: k.matMul(dOut, hidden, true),
          b4: k.biasGrad(dOut, "last"),
        };
      }),
  };
}
