/**
 * The operations of sequence models in double precision, one element at a time, as a reference for every backend.
 *
 * @module
 */
import { gelu, layerNorm as normal, type Numbers, toRows } from "./reference.ts";

/** Sizes of a batch of sequences. */
export interface Sizes {
  length: number;
  batch: number;
  dim: number;
  hidden: number;
}
/** Items at the positions, [T, B]; 0 is padding. Undefined if nothing is padded. */
export type Ids = ArrayLike<number> | undefined;
type Weights = Numbers<"x" | "wx" | "wh" | "bx" | "bh">;

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const dot = (matrix: ArrayLike<number>, row: number, x: ArrayLike<number>) => {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += matrix[row * x.length + i] * x[i];
  return sum;
};
const part = (x: ArrayLike<number>, at: number, n: number) => Array.from({ length: n }, (_, i) => x[at + i]);

/** Takes every sequence through time; `step` computes the new state, whose second half is the memory if there is one. */
function recur(
  { x, wx, wh, bx, bh }: Weights,
  ids: Ids,
  { length, batch, dim, hidden }: Sizes,
  step: (ofX: number[], ofH: number[], state: number[]) => number[],
): number[] {
  const y = new Array<number>(length * batch * hidden), rows = bx.length;
  for (let b = 0; b < batch; b++) {
    let state = new Array<number>(2 * hidden).fill(0);
    for (let t = 0; t < length; t++) {
      const row = t * batch + b, input = part(x, row * dim, dim), h = state.slice(0, hidden);
      const ofX = Array.from({ length: rows }, (_, r) => dot(wx, r, input) + bx[r]);
      const ofH = Array.from({ length: rows }, (_, r) => dot(wh, r, h) + bh[r]);
      if (!ids || ids[row] !== 0) state = step(ofX, ofH, state);
      for (let i = 0; i < hidden; i++) y[row * hidden + i] = state[i];
    }
  }
  return y;
}

export const gru = (weights: Weights, ids: Ids, sizes: Sizes) => {
  const { hidden } = sizes;
  return recur(weights, ids, sizes, (x, h, state) =>
    state.map((before, i) => {
      if (i >= hidden) return 0;
      const r = sigmoid(x[i] + h[i]), z = sigmoid(x[hidden + i] + h[hidden + i]);
      const n = Math.tanh(x[2 * hidden + i] + r * h[2 * hidden + i]);
      return (1 - z) * n + z * before;
    }));
};

export const lstm = (weights: Weights, ids: Ids, sizes: Sizes) => {
  const { hidden } = sizes;
  return recur(weights, ids, sizes, (x, h, state) => {
    const gate = (g: number, i: number) => x[g * hidden + i] + h[g * hidden + i];
    const memory = part(state, hidden, hidden).map((c, i) =>
      sigmoid(gate(1, i)) * c + sigmoid(gate(0, i)) * Math.tanh(gate(2, i))
    );
    return [...memory.map((c, i) => sigmoid(gate(3, i)) * Math.tanh(c)), ...memory];
  });
};

/** Attention; `keep` are factors of the weights, [B, heads, T, T]. */
export function attention(
  { queries, x, wq, wk, wv }: Numbers<"queries" | "x" | "wq" | "wk" | "wv">,
  { length, batch, dim }: Sizes,
  { heads, causal, ids, keep }: { heads: number; causal: boolean; ids: Ids; keep?: ArrayLike<number> },
): number[] {
  const project = (from: ArrayLike<number>, w: ArrayLike<number>) =>
    toRows(from, dim).flatMap((row) => Array.from({ length: dim }, (_, d) => dot(w, d, row)));
  const q = project(queries, wq), k = project(x, wk), v = project(x, wv);
  const y = new Array<number>(length * batch * dim).fill(0), width = dim / heads;
  const real = (t: number, b: number) => !ids || ids[t * batch + b] !== 0;
  for (let b = 0; b < batch; b++) {
    for (let head = 0; head < heads; head++) {
      const at = (t: number) => (t * batch + b) * dim + head * width;
      for (let t = 0; t < length; t++) {
        const keys = Array.from({ length }, (_, s) => s)
          .filter((s) => real(t, b) && real(s, b) && (!causal || s <= t));
        const query = part(q, at(t), width);
        const powers = keys.map((s) => Math.exp(dot(part(k, at(s), width), 0, query) / Math.sqrt(width)));
        const total = powers.reduce((sum, power) => sum + power, 0);
        keys.forEach((s, i) => {
          const factor = keep ? keep[((b * heads + head) * length + t) * length + s] : 1;
          for (let d = 0; d < width; d++) y[at(t) + d] += powers[i] / total * factor * v[at(s) + d];
        });
      }
    }
  }
  return y;
}

/** Convolution from `dim` to `hidden` channels. */
export function convolution(
  { x, w, b }: Numbers<"x" | "w" | "b">,
  { length, batch, dim, hidden }: Sizes,
  taps: number,
  dilation: number,
  ids: Ids,
): number[] {
  const y = new Array<number>(length * batch * hidden).fill(0);
  for (let row = 0; row < length * batch; row++) {
    if (ids && ids[row] === 0) continue;
    for (let e = 0; e < hidden; e++) {
      let sum = b[e];
      for (let tap = 0; tap < taps; tap++) {
        const from = row - (taps - 1 - tap) * dilation * batch;
        if (from >= 0 && !(ids && ids[from] === 0)) sum += dot(w, tap * hidden + e, part(x, from * dim, dim));
      }
      y[row * hidden + e] = sum;
    }
  }
  return y;
}

export const affineLayerNorm = ({ x, gain, bias }: Numbers<"x" | "gain" | "bias">, epsilon: number) =>
  normal(x, gain.length, epsilon).y.map((y, i) => y * gain[i % gain.length] + bias[i % gain.length]);

export function feedForward(
  { x, w1, b1, w2, b2 }: Numbers<"x" | "w1" | "b1" | "w2" | "b2">,
  activation: "gelu" | "relu",
): number[] {
  const act = activation === "gelu" ? gelu : (z: number) => Math.max(z, 0);
  return toRows(x, w1.length / b1.length).flatMap((row) => {
    const units = Array.from(b1, (b, r) => act(dot(w1, r, row) + b));
    return Array.from(b2, (b, e) => dot(w2, e, units) + b);
  });
}

/** The losses of the rows, 0 for rows with target −1. `shifted` are the items of each row whose logits get `by`. */
export function linearCrossEntropy(
  { h, items, bias }: Numbers<"h" | "items" | "bias">,
  targets: ArrayLike<number>,
  shifted: readonly number[][] = [],
  by = 0,
): number[] {
  return toRows(h, h.length / targets.length).map((row, n) => {
    if (targets[n] < 0) return 0;
    const shift = (item: number) => shifted[n]?.includes(item) ? by : 0;
    const logits = Array.from(bias, (b, item) => dot(items, item, row) + b + shift(item));
    const top = Math.max(...logits);
    return Math.log(logits.reduce((sum, x) => sum + Math.exp(x - top), 0)) + top - logits[targets[n]];
  });
}

/** The losses of rows with their own item against the shared items that differ from it. */
export function sampledCrossEntropy(
  { h, own, shared, ownShift, sharedShift }: Numbers<"h" | "own" | "shared" | "ownShift" | "sharedShift">,
  ownIds: ArrayLike<number>,
  sharedIds: ArrayLike<number>,
): number[] {
  return toRows(h, h.length / ownIds.length).map((row, n) => {
    const right = dot(own, n, row) + ownShift[n];
    const wrong = Array.from(sharedShift, (shift, j) => dot(shared, j, row) + shift)
      .filter((_, j) => sharedIds[j] !== ownIds[n]);
    const top = Math.max(right, ...wrong);
    return Math.log([right, ...wrong].reduce((sum, x) => sum + Math.exp(x - top), 0)) + top - right;
  });
}
