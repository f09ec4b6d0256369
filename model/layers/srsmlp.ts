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
import type { Tensor3D } from "../backend/tensor.ts";
import type { Value } from "../ops/ops.ts";
import { bias, dense, gain, type Layer } from "./parameters.ts";
import type { Pass } from "./pass.ts";

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

/** The layer. */
export interface Srsmlp extends Layer {
  /**
   * @param x [T, B, D], T ≥ n; the layer uses its newest n positions.
   * @returns [n, B, D], or [1, B, D] if the layer outputs only its newest position.
   */
  apply(pass: Pass, x: Value<Tensor3D>): Value<Tensor3D>;
}

/**
 * The mean m of the initial W¹ and W² for which W² g(W¹ x) is about twice the mean of the n positions. Every second hidden unit has −m in
 * both: since g(a) − g(−a) = a, two neighbours together are linear. The R_s units weigh each position by R_s m² / 2, which must be 2 / n.
 */
const meanOf = ({ length, sequenceHidden }: SrsmlpShape): number => Math.sqrt(4 / (length * sequenceHidden));

/** Returns the layer of a shape. */
export function srsmlp(shape: SrsmlpShape): Srsmlp {
  const { name, length, dim, sequenceHidden, channelHidden, lastOnly } = shape;
  const outputs = lastOnly ? 1 : length, mean = meanOf(shape);
  const sequence = {
    gain: gain(`${name}.sequence.gain`, dim),
    bias: bias(`${name}.sequence.bias`, dim),
    w1: { ...dense(`${name}.sequence.w1`, sequenceHidden, length), mean, alternates: 0 as const },
    b1: bias(`${name}.sequence.b1`, sequenceHidden),
    w2: {
      ...dense(`${name}.sequence.w2`, outputs, sequenceHidden),
      deviation: 0,
      mean,
      alternates: 1 as const,
    },
    b2: bias(`${name}.sequence.b2`, outputs),
  };
  const channel = {
    w3: dense(`${name}.channel.w3`, channelHidden, dim),
    b3: bias(`${name}.channel.b3`, channelHidden),
    w4: { ...dense(`${name}.channel.w4`, dim, channelHidden), deviation: 0 },
    b4: bias(`${name}.channel.b4`, dim),
  };
  return {
    parameters: [...Object.values(sequence), ...Object.values(channel)],
    apply(pass, x) {
      const mixed = pass.ops.sequenceMixer(x, pass.weights(sequence), { length, outputs });
      return pass.ops.channelMixer(mixed, pass.weights(channel));
    },
  };
}
