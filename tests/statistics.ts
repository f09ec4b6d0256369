/** Statistics that tests need. */

/**
 * Number of standard deviations that Pearson's χ² lies above its mean, for counts against expected counts: by the Wilson–Hilferty cube-root
 * transformation it is close to a standard normal number if the expectation is true. Infinity if something impossible was observed.
 */
export function chiSquaredScore(observed: ArrayLike<number>, expected: ArrayLike<number>): number {
  let chi = 0, cells = 0;
  for (let i = 0; i < expected.length; i++) {
    if (expected[i] === 0) {
      if (observed[i] > 0) return Infinity;
      continue;
    }
    chi += (observed[i] - expected[i]) ** 2 / expected[i];
    cells++;
  }
  const freedom = cells - 1, spread = 2 / (9 * freedom);
  return (Math.cbrt(chi / freedom) - (1 - spread)) / Math.sqrt(spread);
}
