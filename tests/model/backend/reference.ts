/**
 * The fused operations in double precision, one element at a time, as a reference for every backend.
 *
 * @module
 */

/** Approximately normal numbers, the same for the same seed. */
export function noise(size: number, seed: number, deviation = 1): Float32Array {
  let state = seed * 2654435761 >>> 0;
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  return Float32Array.from({ length: size }, () => {
    let sum = -6;
    for (let i = 0; i < 12; i++) sum += uniform();
    return sum * deviation;
  });
}

/** erf by its Taylor series, and 1 minus its continued fraction beyond 3: 1e-15 everywhere. */
function erf(x: number): number {
  const z = Math.abs(x);
  let result: number;
  if (z < 3) {
    let term = z, sum = z;
    for (let n = 1; n < 120; n++) {
      term *= -z * z / n;
      sum += term / (2 * n + 1);
    }
    result = sum * 2 / Math.sqrt(Math.PI);
  } else {
    let fraction = 0;
    for (let n = 60; n > 0; n--) fraction = n / 2 / (z + fraction);
    result = 1 - Math.exp(-z * z) / Math.sqrt(Math.PI) / (z + fraction);
  }
  return Math.sign(x) * result;
}

export const gelu = (x: number) => x * (1 + erf(x / Math.SQRT2)) / 2;

export function layerNorm(
  x: ArrayLike<number>,
  width: number,
  epsilon: number,
): { y: number[]; scale: number[] } {
  const y: number[] = [], scale: number[] = [];
  for (let at = 0; at < x.length; at += width) {
    const row = Array.from({ length: width }, (_, i) => x[at + i]);
    const mean = row.reduce((a, b) => a + b, 0) / width;
    const variance = row.reduce((a, b) => a + (b - mean) ** 2, 0) / width;
    scale.push(1 / Math.sqrt(variance + epsilon));
    y.push(...row.map((value) => (value - mean) * scale.at(-1)!));
  }
  return { y, scale };
}

/** Each row of `x` [rows, inputs] times W [outputs, inputs], plus b, then a function such as GELU. */
function dense(x: number[][], w: number[][], b: ArrayLike<number>, then = (z: number) => z): number[][] {
  return x.map((row) => w.map((line, o) => then(line.reduce((sum, value, i) => sum + value * row[i], b[o]))));
}

/** Numbers by name, flat. */
export type Numbers<K extends string> = Record<K, ArrayLike<number>>;

/** The sequence mixer, for the newest n of T positions: [m, B, D]. */
export function sequenceMixer(
  { x, gain, bias, w1, b1, w2, b2 }: Numbers<"x" | "gain" | "bias" | "w1" | "b1" | "w2" | "b2">,
  [length, batch, dim]: number[],
): number[] {
  const one = toRows(w1, w1.length / b1.length),
    two = toRows(w2, b1.length),
    n = one[0].length,
    m = two.length;
  const result: number[] = [], normal = layerNorm(x, dim, 1e-5).y;
  for (let b = 0; b < batch; b++) {
    for (let d = 0; d < dim; d++) {
      const at = (t: number) => ((length - n + t) * batch + b) * dim + d;
      const u = Array.from({ length: n }, (_, t) => normal[at(t)] * gain[d] + bias[d]);
      const [y] = dense(dense([u], one, b1, gelu), two, b2);
      y.forEach((value, t) => result[(t * batch + b) * dim + d] = x[at(n - m + t)] + value);
    }
  }
  return result;
}

/** The channel mixer, of [rows, D]. */
export function channelMixer(
  { x, w3, b3, w4, b4 }: Numbers<"x" | "w3" | "b3" | "w4" | "b4">,
): number[] {
  const dim = b4.length, normal = toRows(layerNorm(x, dim, 1e-5).y, dim);
  const y = dense(dense(normal, toRows(w3, dim), b3, gelu), toRows(w4, b3.length), b4);
  return y.flat().map((value, i) => x[i] + value);
}

/** Loss of each row, and its gradient with respect to the logits. */
export function softmaxCrossEntropy(
  logits: ArrayLike<number>,
  labels: ArrayLike<number>,
  width: number,
): { loss: number[]; gradient: number[] } {
  const loss: number[] = [], gradient: number[] = [];
  for (let row = 0; row < labels.length; row++) {
    const x = Array.from({ length: width }, (_, i) => logits[row * width + i]), top = Math.max(...x);
    const powers = x.map((value) => Math.exp(value - top)), total = powers.reduce((a, b) => a + b, 0);
    loss.push(Math.log(total) + top - x[labels[row]]);
    gradient.push(...powers.map((power, i) => power / total - Number(i === labels[row])));
  }
  return { loss, gradient };
}

/** Sums of rows (axis "first") or of columns ("last"). */
export function sums(x: ArrayLike<number>, rows: number, width: number, axis: "first" | "last"): number[] {
  const result = new Array(axis === "first" ? rows : width).fill(0);
  for (let i = 0; i < x.length; i++) result[axis === "first" ? Math.floor(i / width) : i % width] += x[i];
  return result;
}

/** The product a · b. */
export function product(a: number[][], b: number[][]): number[] {
  return a.flatMap((row) => b[0].map((_, j) => row.reduce((sum, value, k) => sum + value * b[k][j], 0)));
}

export const transpose = (a: number[][]) => a[0].map((_, j) => a.map((row) => row[j]));
export const toRows = (x: ArrayLike<number>, width: number): number[][] =>
  Array.from(
    { length: x.length / width },
    (_, i) => Array.from({ length: width }, (_, j) => x[i * width + j]),
  );
