/**
 * The covariance of mean losses that were measured repeatedly, on batches of different users and at different moments
 * of a training.
 *
 * Two things make such a mean uncertain: which users happened to be held out, and the momentary state of the weights.
 * Measurements that share users are not independent, and neither are measurements close in time. Clustering by both
 * keeps the estimate honest: Cov = Cov(users) + Cov(moments) − Cov(both), Cameron, Gelbach and Miller, "Robust
 * Inference With Multiway Clustering", Journal of Business & Economic Statistics 29 (2011), eq. 2.11.
 *
 * @module
 */

/** Losses of the candidates on one batch, all measured at the same weights. A {@link ComparisonState} collects them. */
export interface Judgement {
  /** The step of the search, from 0. */
  step: number;
  /** The number of the batch of held-out targets. Nearly always, no user is in two batches. */
  batch: number;
  /** Number of targets in the batch. */
  targets: number;
  /** Mean loss on the batch, [candidates]; NaN for a candidate that had been dropped. */
  losses: number[];
}

/** Mean losses and an estimate of their error. */
export interface MeanLosses {
  /** [n] */
  means: number[];
  /** [n, n] */
  covariance: number[][];
  /** Degrees of freedom of the t distribution that goes with the covariance. */
  freedom: number;
}

/** Number of blocks of consecutive judgements; each must outlast the correlation of the weights' fluctuations. */
const BLOCKS = 8;
/** With fewer than two judgements in each block, their error cannot be estimated. */
export const LEAST_JUDGEMENTS = 2 * BLOCKS;

/**
 * Computes mean losses of some candidates and their covariance, clustered by batch and by block of time.
 *
 * @param judgements In the order of their steps.
 * @param places Places of the candidates, [n]; each has a loss in every judgement.
 * @returns Undefined if there are fewer judgements than {@link LEAST_JUDGEMENTS}, or only a single batch.
 */
export function meanLosses(
  judgements: readonly Judgement[],
  places: readonly number[],
): MeanLosses | undefined {
  const batches = new Set(judgements.map(({ batch }) => batch)).size;
  if (judgements.length < LEAST_JUDGEMENTS || batches < 2) return undefined;
  const weight = judgements.reduce((sum, { targets }) => sum + targets, 0);
  const means = places.map((m) =>
    judgements.reduce((sum, { targets, losses }) => sum + targets * losses[m], 0) / weight
  );
  const blockOf = (i: number) => Math.floor(i * BLOCKS / judgements.length);
  /** The covariance if judgements of the same cluster are correlated. */
  const clustered = (clusterOf: (judgement: Judgement, i: number) => string | number) => {
    const sums = new Map<string | number, number[]>();
    judgements.forEach((judgement, i) => {
      const key = clusterOf(judgement, i), sum = sums.get(key) ?? places.map(() => 0);
      places.forEach((m, p) => sum[p] += judgement.targets * (judgement.losses[m] - means[p]) / weight);
      sums.set(key, sum);
    });
    const correction = sums.size / (sums.size - 1);
    return places.map((_, a) =>
      places.map((_, b) => {
        let product = 0;
        for (const sum of sums.values()) product += sum[a] * sum[b];
        return correction * product;
      })
    );
  };
  const byUsers = clustered(({ batch }) => batch);
  const byTime = clustered((_, i) => blockOf(i));
  const byBoth = clustered(({ batch }, i) => `${batch}/${blockOf(i)}`);
  const combine = (value: (a: number, b: number) => number) =>
    places.map((_, a) => places.map((_, b) => value(a, b)));
  const twoWay = combine((a, b) => byUsers[a][b] + byTime[a][b] - byBoth[a][b]);
  const [u, t, both] = [byUsers, byTime, twoWay].map(spread);
  // The difference may be below one of the parts, or may not be a covariance at all: then the larger part is used
  // alone.
  const usable = both >= Math.max(u, t) && choleskyOf(twoWay) !== undefined;
  const covariance = usable ? twoWay : u > t ? byUsers : byTime;
  // Satterthwaite: each part with the degrees of freedom of its clusters.
  const [userDegrees, timeDegrees] = [batches - 1, BLOCKS - 1];
  const freedom = usable
    ? both ** 2 / (u ** 2 / userDegrees + t ** 2 / timeDegrees)
    : u > t
    ? userDegrees
    : timeDegrees;
  return { means, covariance, freedom };
}

/** Mean variance of the differences between pairs of candidates; for one candidate, its own variance. */
function spread(covariance: number[][]): number {
  const n = covariance.length;
  if (n === 1) return covariance[0][0];
  let sum = 0;
  for (let a = 0; a < n; a++) {
    for (let b = 0; b < a; b++) sum += varianceOfDifference(covariance, a, b);
  }
  return sum / (n * (n - 1) / 2);
}

/** Variance of candidate `a` minus candidate `b`, from their covariance. */
export function varianceOfDifference(covariance: number[][], a: number, b: number): number {
  return Math.max(0, covariance[a][a] + covariance[b][b] - 2 * covariance[a][b]);
}

/** Returns a lower triangular L with L Lᵀ = `matrix`, [n, n]; undefined if the matrix is not a covariance. */
export function choleskyOf(matrix: number[][]): number[][] | undefined {
  const n = matrix.length, lower = matrix.map(() => new Array<number>(n).fill(0));
  const tolerance = 1e-9 * Math.max(...matrix.map((row, i) => Math.abs(row[i])), 0);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = matrix[i][j];
      for (let k = 0; k < j; k++) rest -= lower[i][k] * lower[j][k];
      if (i !== j) lower[i][j] = lower[j][j] > 0 ? rest / lower[j][j] : 0;
      else if (rest < -tolerance) return undefined;
      else lower[i][i] = rest > tolerance ? Math.sqrt(rest) : 0;
    }
  }
  return lower;
}
