/**
 * Recurrent layers over whole sequences, each with its gradient. Composed, they loop over the positions; the products with the input, and all
 * those for the gradients of the weights, are computed for all positions at once.
 *
 * @module
 */
import type { BasicKernels } from "./kernels.ts";
import type { Tensor, Tensor1D, Tensor2D, Tensor3D, Tf } from "./tensor.ts";

/**
 * Weights of a recurrent layer, or their gradients, as in PyTorch: the rows of the gates one after the other, r, z, n for
 * a GRU (G = 3), i, f, g, o for an LSTM (G = 4).
 */
export interface RecurrentWeights {
  /** Weights of the input, [G·H, D]. */
  wx: Tensor2D;
  /** Weights of the state, [G·H, H]. */
  wh: Tensor2D;
  /** Added to the input's product, [G·H]. */
  bx: Tensor1D;
  /** Added to the state's product, [G·H]. */
  bh: Tensor1D;
}

/** The result of a recurrent layer. */
export interface Recurred {
  /** The state after each position, [T, B, H]. */
  y: Tensor3D;
  /** Tensors to keep for the gradient, in the engine's own form. */
  kept: Tensor[];
}

/**
 * Recurrent layers. The state before the first position is zero. `ids` [T, B], int32, are the items at the positions: 0
 * is padding, which leaves the state unchanged and gets no gradient; without ids nothing is padding.
 */
export interface RecurrentKernels {
  /**
   * Computes r = σ(Wr x + Ur h), z = σ(Wz x + Uz h), n = tanh(Wn x + r ⊙ (Un h)), h' = (1 − z) ⊙ n + z ⊙ h; biases are left
   * out here. The same as PyTorch's `nn.GRU`.
   *
   * @param x [T, B, D]
   */
  gru(x: Tensor3D, weights: RecurrentWeights, ids?: Tensor2D): Recurred;

  /**
   * Computes the gradient of {@link RecurrentKernels.gru} with respect to its input and weights.
   *
   * @param dy [T, B, H]
   * @param recurred The result of the forward pass.
   */
  gruGrad(
    dy: Tensor3D,
    x: Tensor3D,
    weights: RecurrentWeights,
    recurred: Recurred,
    ids?: Tensor2D,
  ): { dx: Tensor3D } & RecurrentWeights;

  /** Computes i, f, o = σ(W x + U h), g = tanh(Wg x + Ug h), c' = f ⊙ c + i ⊙ g, h' = o ⊙ tanh(c'), as PyTorch's `nn.LSTM` does. */
  lstm(x: Tensor3D, weights: RecurrentWeights, ids?: Tensor2D): Recurred;

  /** Computes the gradient of {@link RecurrentKernels.lstm} with respect to its input and weights. */
  lstmGrad(
    dy: Tensor3D,
    x: Tensor3D,
    weights: RecurrentWeights,
    recurred: Recurred,
    ids?: Tensor2D,
  ): { dx: Tensor3D } & RecurrentWeights;
}

/** A step of a cell: from the products of input and state to the new state, its memory, and what the gradient needs. */
interface Cell {
  /** Number of arrays that a step keeps. */
  kept: number;
  /** Whether the last of them is a memory that the next step uses. */
  remembers: boolean;
  step(ofX: Tensor2D, ofH: Tensor2D, h: Tensor2D, memory: Tensor2D): { h: Tensor2D; kept: Tensor2D[] };
  /** Computes the gradients of both products, and of state and memory except for what comes through the products. */
  back(
    dh: Tensor2D,
    dMemory: Tensor2D,
    kept: Tensor2D[],
    h: Tensor2D,
    memory: Tensor2D,
  ): Record<"dOfX" | "dOfH" | "dh" | "dMemory", Tensor2D>;
}

/** Composes both from smaller operations. */
export function composedRecurrent(tf: Tf, k: BasicKernels): RecurrentKernels {
  const mul = (...factors: Tensor2D[]) => factors.reduce((a, b) => tf.mul(a, b));
  const less = (x: Tensor2D) => tf.sub(1, x) as Tensor2D; // 1 − x
  const slope = (share: Tensor2D) => mul(share, less(share)); // the slope of σ, from its value
  const bend = (level: Tensor2D) => less(tf.square(level)); // the slope of tanh, from its value
  const parts = (x: Tensor2D, count: number) => tf.split(x, count, 1) as Tensor2D[];

  const gru: Cell = {
    kept: 4,
    remembers: false,
    step(ofX, ofH, h) {
      const [xr, xz, xn] = parts(ofX, 3), [hr, hz, hn] = parts(ofH, 3);
      const r = tf.sigmoid(tf.add(xr, hr)), z = tf.sigmoid(tf.add(xz, hz)) as Tensor2D;
      const n = tf.tanh(tf.add(xn, tf.mul(r, hn))) as Tensor2D;
      return { h: tf.add(n, mul(z, tf.sub(h, n))), kept: [r as Tensor2D, z, n, hn] };
    },
    back(dh, dMemory, [r, z, n, hn], h) {
      const dn = mul(dh, less(z), bend(n)), dr = mul(dn, hn, slope(r)), dz = mul(dh, tf.sub(h, n), slope(z));
      return {
        dOfX: tf.concat([dr, dz, dn], 1),
        dOfH: tf.concat([dr, dz, mul(dn, r)], 1),
        dh: mul(dh, z),
        dMemory,
      };
    },
  };

  const lstm: Cell = {
    kept: 5,
    remembers: true,
    step(ofX, ofH, _h, memory) {
      const [xi, xf, xg, xo] = parts(tf.add(ofX, ofH), 4);
      const [i, f, o] = [xi, xf, xo].map((x) => tf.sigmoid(x)), g = tf.tanh(xg);
      const c = tf.add(mul(f, memory), mul(i, g)) as Tensor2D;
      return { h: mul(o, tf.tanh(c)), kept: [i, f, g, o, c] };
    },
    back(dh, dMemory, [i, f, g, o, c], _h, memory) {
      const level = tf.tanh(c), dc = tf.add(dMemory, mul(dh, o, bend(level))) as Tensor2D;
      const both = tf.concat([
        mul(dc, g, slope(i)),
        mul(dc, memory, slope(f)),
        mul(dc, i, bend(g)),
        mul(dh, level, slope(o)),
      ], 1);
      return { dOfX: both, dOfH: both, dh: tf.zerosLike(dh), dMemory: mul(dc, f) };
    },
  };

  const flat = (x: Tensor3D) => tf.reshape(x, [x.shape[0] * x.shape[1], x.shape[2]]) as Tensor2D;
  const at = (x: Tensor2D, t: number, batch: number) => tf.slice(x, [t * batch, 0], [batch, x.shape[1]]);
  /** Returns which sequences have an item at a position, [B, 1]; undefined if all have one. */
  const realOf = (ids: Tensor2D | undefined, t: number) =>
    ids && tf.notEqual(tf.reshape(tf.slice(ids, [t, 0], [1, -1]), [-1, 1]), 0) as Tensor2D;
  /** Returns `one` where there is an item, `other` where there is padding. */
  const choose = (real: Tensor2D | undefined, one: Tensor2D, other: Tensor2D) =>
    real ? tf.where(real, one, other) as Tensor2D : one;

  const forward =
    (cell: Cell) => (x: Tensor3D, { wx, wh, bx, bh }: RecurrentWeights, ids?: Tensor2D): Recurred =>
      tf.tidy(() => {
        const [length, batch] = x.shape, ofX = k.biasAdd(k.matMul(flat(x), wx, false, true), bx, "last");
        let h = tf.zeros([batch, wh.shape[1]]) as Tensor2D, memory = h;
        const states: Tensor2D[] = [], kept: Tensor2D[] = [];
        for (let t = 0; t < length; t++) {
          const real = realOf(ids, t), ofH = k.biasAdd(k.matMul(h, wh, false, true), bh, "last");
          const next = cell.step(at(ofX, t, batch), ofH, h, memory);
          h = choose(real, next.h, h);
          if (cell.remembers) {
            memory = next.kept[cell.kept - 1] = choose(real, next.kept[cell.kept - 1], memory);
          }
          states.push(h);
          kept.push(...next.kept);
        }
        return { y: tf.stack(states) as Tensor3D, kept };
      });

  const backward =
    (cell: Cell) =>
    (dy: Tensor3D, x: Tensor3D, { wx, wh }: RecurrentWeights, recurred: Recurred, ids?: Tensor2D) =>
      tf.tidy(() => {
        const [length, batch] = x.shape, states = flat(recurred.y), dStates = flat(dy);
        const kept = recurred.kept as Tensor2D[], zeros = tf.zeros([batch, wh.shape[1]]) as Tensor2D;
        let dh = zeros, dMemory = zeros;
        const ofX: Tensor[] = [], ofH: Tensor[] = [];
        for (let t = length - 1; t >= 0; t--) {
          const real = realOf(ids, t), first = t * cell.kept;
          dh = tf.add(dh, at(dStates, t, batch));
          const d = cell.back(
            dh,
            dMemory,
            kept.slice(first, first + cell.kept),
            t > 0 ? at(states, t - 1, batch) : zeros,
            cell.remembers && t > 0 ? kept[first - 1] : zeros,
          );
          const [dOfX, dOfH] = [d.dOfX, d.dOfH].map((one) => choose(real, one, tf.zerosLike(one)));
          dh = choose(real, k.sum([d.dh, k.matMul(dOfH, wh)]), dh);
          dMemory = choose(real, d.dMemory, dMemory);
          ofX.unshift(dOfX);
          ofH.unshift(dOfH);
        }
        const dOfX = tf.concat(ofX, 0) as Tensor2D, dOfH = tf.concat(ofH, 0) as Tensor2D;
        const before = tf.slice(tf.concat([zeros, states], 0), [0, 0], states.shape) as Tensor2D;
        return {
          dx: tf.reshape(k.matMul(dOfX, wx), x.shape) as Tensor3D,
          wx: k.matMul(dOfX, flat(x), true),
          wh: k.matMul(dOfH, before, true),
          bx: k.biasGrad(dOfX, "last"),
          bh: k.biasGrad(dOfH, "last"),
        };
      });

  return { gru: forward(gru), gruGrad: backward(gru), lstm: forward(lstm), lstmGrad: backward(lstm) };
}
