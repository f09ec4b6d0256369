/**
 * The cost of work by its size: a line through measurements.
 *
 * @module
 */

/** A cost that grows with the rows: `fixed + perRow · rows`. */
export interface Cost {
  fixed: number;
  perRow: number;
}

/**
 * The line by least squares. Of sizes far apart the largest would decide alone; so each point counts by its relative error.
 *
 * @param points Rows and what they took; two sizes at least.
 * @returns Undefined where there are not two sizes.
 */
export function fitCost(points: readonly { rows: number; cost: number }[]): Cost | undefined {
  const known = points.filter(({ cost }) => cost > 0);
  if (new Set(known.map(({ rows }) => rows)).size < 2) return undefined;
  let [w, x, y, xx, xy] = [0, 0, 0, 0, 0];
  for (const { rows, cost } of known) {
    const weight = cost ** -2;
    w += weight;
    x += weight * rows;
    y += weight * cost;
    xx += weight * rows ** 2;
    xy += weight * rows * cost;
  }
  const perRow = (w * xy - x * y) / (w * xx - x ** 2);
  return { fixed: (y - perRow * x) / w, perRow };
}

/** Returns the cost of this many rows. */
export const costOf = ({ fixed, perRow }: Cost, rows: number): number => fixed + perRow * rows;
