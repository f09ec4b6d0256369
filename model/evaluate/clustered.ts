/**
 * Means of values of which a user may have several, such as those of some of the positives.
 *
 * @module
 */
import type { Estimate } from "../records/evaluation.ts";

/**
 * The weighted mean of some values, and its standard error. Values of one user are not independent, so the unit of
 * variation is a user's sum: the error is that of a ratio of two sums over users, Σ w y / Σ w, by linearisation
 * (Cochran, "Sampling Techniques", 3rd edition 1977, 6.4). If each user has one value and all weigh the same, it is
 * the standard error of the mean.
 *
 * @param values Values, [n], n ≥ 1; those of one user are adjacent.
 * @param users The user of each value, [n].
 * @param weights Weights, [n], above 0. Default: all the same.
 */
export function clusteredEstimate(
  values: ArrayLike<number>,
  users: ArrayLike<number>,
  weights?: ArrayLike<number>,
): Estimate {
  const n = values.length, weight = (i: number) => weights ? weights[i] : 1;
  let sum = 0, total = 0;
  for (let i = 0; i < n; i++) {
    sum += weight(i) * values[i];
    total += weight(i);
  }
  const mean = sum / total;
  let squares = 0, clusters = 0;
  for (let i = 0; i < n;) {
    const user = users[i];
    let off = 0;
    for (; i < n && users[i] === user; i++) off += weight(i) * (values[i] - mean);
    squares += off ** 2;
    clusters++;
  }
  return {
    mean,
    ...(clusters > 1 && { standardError: Math.sqrt(squares * clusters / (clusters - 1)) / total }),
  };
}
