/**
 * Decides which elements dropout keeps, as `native/dropout.cc` draws them: a pure function of (seed, position).
 *
 * @module
 */

/** Chris Wellons' lowbias32: every bit of the input flips each bit of the output with a probability of nearly one half. */
function mix(x: number): number {
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return x ^ (x >>> 16);
}

/** Returns a mask [size]: 0 with probability `rate`, otherwise 1 / (1 − rate). */
export function dropoutMask(size: number, rate: number, seed: number): Float32Array {
  const first = mix(seed), second = mix(first ^ 0x9e3779b9);
  const limit = Math.floor(Math.fround(rate) * 2 ** 32), scale = 1 / (1 - rate);
  const mask = new Float32Array(size);
  for (let i = 0; i < size; i++) {
    if ((mix(mix(i ^ first) ^ second) >>> 0) >= limit) mask[i] = scale;
  }
  return mask;
}
