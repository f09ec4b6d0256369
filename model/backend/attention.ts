/**
 * Self-attention over sequences, with its gradient, and its composition of smaller operations.
 *
 * @module
 */
import type { BasicKernels } from "./kernels.ts";
import type { Tensor, Tensor2D, Tensor3D, Tf } from "./tensor.ts";

/** Weights that turn vectors into queries, keys and values: [D, D] each, heads one after the other; each row is an output. */
export interface AttentionWeights {
  wq: Tensor2D;
  wk: Tensor2D;
  wv: Tensor2D;
}

/** How positions attend to each other. */
export interface AttentionSettings {
  /** Number of heads, each of D / heads channels. */
  heads: number;
  /** Whether a position sees only itself and older ones; otherwise it sees all. */
  causal: boolean;
  /** [T, B], int32: 0 is padding, which sees nothing and is not seen. Without ids nothing is padding. */
  ids?: Tensor2D;
  /** Dropout of the weights after the softmax; the choice is a function of the seed and of (sequence, head, query, key). */
  dropout?: { rate: number; seed: number };
}

/** The gradients of {@link AttentionKernels.attention}. */
export interface AttentionGradients extends AttentionWeights {
  /** Gradient of x, including that of the queries if they are computed from x. */
  dx: Tensor3D;
  /** Gradient of the tensor that queries are computed from, if it is not x. */
  dQueries?: Tensor3D;
}

/** Self-attention, and its gradient, which recomputes the weights. */
export interface AttentionKernels {
  /**
   * Computes softmax(q kᵀ / √(D / heads)) v for each head, q = queries wqᵀ, k = x wkᵀ, v = x wvᵀ; zero if a position sees none.
   *
   * @param queries Tensor that queries are computed from, [T, B, D], such as x.
   * @param x Tensor that keys and values are computed from, [T, B, D].
   * @returns [T, B, D], the heads side by side.
   */
  attention(queries: Tensor3D, x: Tensor3D, weights: AttentionWeights, settings: AttentionSettings): Tensor3D;

  /** Computes the gradient of {@link AttentionKernels.attention}. */
  attentionGrad(
    dy: Tensor3D,
    queries: Tensor3D,
    x: Tensor3D,
    weights: AttentionWeights,
    settings: AttentionSettings,
  ): AttentionGradients;
}

/** Composes attention from smaller operations. */
export function composedAttention(tf: Tf, k: BasicKernels): AttentionKernels {
  /** [T, B, D] → [B · heads, T, D / heads] */
  const apart = (x: Tensor3D, heads: number) => {
    const [length, batch, dim] = x.shape;
    return tf.transpose(tf.reshape(x, [length, batch * heads, dim / heads]), [1, 0, 2]) as Tensor3D;
  };
  const together = (x: Tensor3D, [length, batch, dim]: number[]) =>
    tf.reshape(tf.transpose(x, [1, 0, 2]), [length, batch, dim]) as Tensor3D;

  /** 1 where a query [T] sees a key [T], else 0: [1 or B, 1, T, T]. */
  const seen = (length: number, { causal, ids }: AttentionSettings): Tensor => {
    const positions = tf.range(0, length);
    const older = tf.lessEqual(positions, tf.expandDims(positions, 1));
    const all = causal ? tf.cast(older, "float32") : tf.ones([length, length]);
    if (!ids) return tf.reshape(all, [1, 1, length, length]);
    const real = tf.cast(tf.notEqual(tf.transpose(ids), 0), "float32"); // [B, T]
    const pairs = tf.mul(tf.expandDims(real, 1), tf.expandDims(real, 2));
    return tf.expandDims(tf.mul(pairs, all), 1);
  };

  /** Computes the softmax's weights, [B · heads, T, T]. */
  const weightsOf = (q: Tensor3D, keys: Tensor3D, batch: number, settings: AttentionSettings): Tensor3D => {
    const [, length, width] = q.shape, { heads } = settings;
    const mask = seen(length, settings);
    const scores = tf.reshape(tf.matMul(q, keys, false, true), [batch, heads, length, length]);
    const scaled = tf.add(tf.mul(scores, 1 / Math.sqrt(width)), tf.mul(tf.sub(mask, 1), 1e30));
    const powers = tf.mul(tf.exp(tf.sub(scaled, tf.max(scaled, -1, true))), mask);
    const total = tf.sum(powers, -1, true), none = tf.cast(tf.equal(total, 0), "float32");
    return tf.reshape(tf.div(powers, tf.add(total, none)), [batch * heads, length, length]) as Tensor3D;
  };
  const dropped = (weights: Tensor3D, { dropout }: AttentionSettings) =>
    dropout && dropout.rate > 0 ? k.dropout(weights, dropout.rate, dropout.seed) : weights;

  /** Multiplies the rows of x by wᵀ. */
  const project = (x: Tensor3D, w: Tensor2D) =>
    tf.reshape(k.matMul(flat(x), w, false, true), x.shape) as Tensor3D;
  const flat = (x: Tensor3D) => tf.reshape(x, [-1, x.shape[2]]) as Tensor2D;

  return {
    attention: (queries, x, { wq, wk, wv }, settings) =>
      tf.tidy(() => {
        const parts = [project(queries, wq), project(x, wk), project(x, wv)];
        const [one, two, three] = parts.map((part) => apart(part, settings.heads));
        const weights = weightsOf(one, two, x.shape[1], settings);
        return together(tf.matMul(dropped(weights, settings), three), x.shape);
      }),

    attentionGrad: (dy, queries, x, { wq, wk, wv }, settings) =>
      tf.tidy(() => {
        const parts = [dy, project(queries, wq), project(x, wk), project(x, wv)];
        const [dOut, one, two, three] = parts.map((part) => apart(part, settings.heads));
        const weights = weightsOf(one, two, x.shape[1], settings);
        const dWeights = dropped(tf.matMul(dOut, three, false, true), settings);
        const along = tf.sum(tf.mul(dWeights, weights), -1, true);
        const dScores = tf.mul(
          tf.mul(weights, tf.sub(dWeights, along)),
          1 / Math.sqrt(one.shape[2]),
        ) as Tensor3D;
        const [dq, dk, dv] = [
          tf.matMul(dScores, two),
          tf.matMul(dScores, one, true),
          tf.matMul(dropped(weights, settings), dOut, true),
        ].map((d) => flat(together(d as Tensor3D, x.shape)));
        const dQueries = k.matMul(dq, wq), dKeys = k.matMul(dk, wk), dValues = k.matMul(dv, wv);
        const same = queries === x;
        return {
          dx: tf.reshape(k.sum(same ? [dQueries, dKeys, dValues] : [dKeys, dValues]), x.shape) as Tensor3D,
          dQueries: same ? undefined : tf.reshape(dQueries, x.shape) as Tensor3D,
          wq: k.matMul(dq, flat(queries), true),
          wk: k.matMul(dk, flat(x), true),
          wv: k.matMul(dv, flat(x), true),
        };
      }),
  };
}
