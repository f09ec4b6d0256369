/**
 * Correction for several tests at once.
 *
 * @module
 */

/**
 * Corrects p-values by Holm's method ("A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6,
 * 1979): the chance that any of them falls below a level by mistake is at most that level.
 *
 * @param p [n]
 * @returns [n], in the order of `p`, none below the original value and none above 1.
 * @example
 * ```ts
 * import { holm } from "./holm.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(holm([0.01, 0.5, 0.02]), [0.03, 0.5, 0.04]);
 * ```
 */
export function holm(p: readonly number[]): number[] {
  const ascending = p.map((_, i) => i).sort((i, j) => p[i] - p[j]);
  const adjusted = new Array<number>(p.length);
  let floor = 0;
  ascending.forEach((i, rank) => {
    floor = Math.max(floor, Math.min(1, (p.length - rank) * p[i]));
    adjusted[i] = floor;
  });
  return adjusted;
}
