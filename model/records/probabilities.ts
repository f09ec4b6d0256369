/**
 * α as probabilities.
 *
 * @module
 */

/** Numbers proportional to the exponentials of `alpha`, with sum 1. */
export function softmax(alpha: ArrayLike<number>): Float64Array {
  const max = Math.max(...Array.from(alpha));
  const powers = Float64Array.from(alpha, (a) => Math.exp(a - max));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}

/** Entropy of a distribution in nats. */
export function entropy(probabilities: ArrayLike<number>): number {
  return Array.from(probabilities).reduce((sum, p) => p > 0 ? sum - p * Math.log(p) : sum, 0);
}
