/**
 * The SRSMLP layer: a sequence mixer and a channel mixer, each a residual block.
 *
 * Source: AutoMLP (WWW 2023), "Long-term Interest Module":
 * - sequence mixer, for each channel d: x̂ᵈ = xᵈ + W² g(W¹ LayerNorm(xᵈ)), W¹ [R_s, n], W² [n, R_s]
 * - channel mixer, for each position t: x̂ᵗ = xᵗ + W⁴ g(W³ LayerNorm(xᵗ)), W³ [R_c, D], W⁴ [D, R_c]
 *
 * g is GELU, each product has a bias, and LayerNorm runs over the channels of a position, as in MLP-Mixer. In the
 * sequence mixer it has a gain and a bias for each channel; in the channel mixer these would be the same as other W³ and b³.
 *
 * The paper does not say how the weights are initialised. Here a sequence mixer initially adds about twice the mean of the normalised
 * positions, and a channel mixer adds nothing, so that a history starts as the average of its items, whatever its length. With random
 * weights alone, chance decides whether recent items start with a positive or a negative weight; on sparse data that makes up to 8 % of
 * NDCG@10 (`docs/levers.md`).
 *
 * Activations are time-major, [n, B, D]: the newest positions lie together.
 *
 * @module
 */
import type { Engine } from "../backend/types.ts";
import type { Tensor1D, Tensor2D, Tensor3D } from "../backend/tensor.ts";
import { bias, dense, gain, type Gradients, type ParameterSpec, type Weights } from "./parameters.ts";

/** Number that LayerNorm adds to the variance. */
export const EPSILON = 1e-5;

/** A layer, given by its place and sizes. */
export interface SrsmlpShape {
  /** Prefix of its parameters' names, as in `long.0`. */
  name: string;
  /** Number of positions that it mixes, n. */
  length: number;
  /** Channels, D. */
  dim: number;
  /** Hidden size of the sequence mixer, R_s. */
  sequenceHidden: number;
  /** Hidden size of the channel mixer, R_c. */
  channelHidden: number;
  /**
   * Whether the layer outputs only its newest position, [1, B, D]. What an interest module's last layer computes for the others is
   * never used; leaving it out gives the same result for less work, and W² then has a single row, [1, R_s].
   */
  lastOnly: boolean;
}

/** The result of a pass: its output, and the backward pass. */
export interface SrsmlpPass {
  y: Tensor3D;
  /**
   * Turns the gradient of `y` into that of x's newest n positions, [n, B, D]; gradients of weights are added to `gradients`.
   * May be called at most once.
   *
   * @param add Another gradient of at most n newest positions of x, added to the result.
   */
  backward(dy: Tensor3D, gradients: Gradients, add?: Tensor3D): Tensor3D;
}

/** Returns the layer's parameters. */
export function srsmlpParameters(shape: SrsmlpShape): ParameterSpec[] {
  const { name, length, dim, sequenceHidden, channelHidden, lastOnly } = shape;
  const outputs = lastOnly ? 1 : length, mean = meanOf(shape);
  return [
    gain(`${name}.sequence.gain`, dim),
    bias(`${name}.sequence.bias`, dim),
    { ...dense(`${name}.sequence.w1`, sequenceHidden, length), mean, alternates: 0 },
    bias(`${name}.sequence.b1`, sequenceHidden),
    { name: `${name}.sequence.w2`, shape: [outputs, sequenceHidden], mean, alternates: 1, deviation: 0 },
    bias(`${name}.sequence.b2`, outputs),
    dense(`${name}.channel.w3`, channelHidden, dim),
    bias(`${name}.channel.b3`, channelHidden),
    { name: `${name}.channel.w4`, shape: [dim, channelHidden], deviation: 0 },
    bias(`${name}.channel.b4`, dim),
  ];
}

/**
 * The mean m of the initial W¹ and W² for which W² g(W¹ x) is about twice the mean of the n positions. Every second hidden unit has −m in
 * both: since g(a) − g(−a) = a, two neighbours together are linear. The R_s units weigh each position by R_s m² / 2, which must be 2 / n.
 */
const meanOf = ({ length, sequenceHidden }: SrsmlpShape): number => Math.sqrt(4 / (length * sequenceHidden));

/**
 * Runs one pass through the layer.
 *
 * @param x [T, B, D], T ≥ n; the layer uses its newest n positions.
 * @returns [n, B, D], or [1, B, D] if the layer outputs only its newest position.
 */
export function srsmlp(
  { kernels }: Engine,
  weights: Weights,
  { name }: SrsmlpShape,
  x: Tensor3D,
): SrsmlpPass {
  const matrix = (part: string) => weights(`${name}.${part}`) as Tensor2D;
  const vector = (part: string) => weights(`${name}.${part}`) as Tensor1D;
  const sequence = {
    gain: vector("sequence.gain"),
    bias: vector("sequence.bias"),
    w1: matrix("sequence.w1"),
    b1: vector("sequence.b1"),
    w2: matrix("sequence.w2"),
    b2: vector("sequence.b2"),
  };
  const channel = {
    w3: matrix("channel.w3"),
    b3: vector("channel.b3"),
    w4: matrix("channel.w4"),
    b4: vector("channel.b4"),
  };
  const mixed = kernels.sequenceMixer(x, sequence, EPSILON);
  const { y, kept } = kernels.channelMixer(mixed.y, channel, EPSILON);

  return {
    y,
    backward(dy, gradients, add) {
      const keep = (mixer: string, byPart: object) => {
        for (const [part, gradient] of Object.entries(byPart)) {
          gradients.add(`${name}.${mixer}.${part}`, gradient);
        }
      };
      const { dx: dMixed, ...dChannel } = kernels.channelMixerGrad(dy, mixed.y, channel, kept, EPSILON);
      keep("channel", dChannel);
      const { dx, ...dSequence } = kernels.sequenceMixerGrad(dMixed, x, sequence, mixed.kept, EPSILON, add);
      keep("sequence", dSequence);
      return dx;
    },
  };
}
