/**
 * Means and their standard errors as text.
 *
 * @module
 */
import type { Estimate } from "../records/evaluation.ts";

/** Number of standard errors on either side of a mean that make a 95 % interval, for many users (normal distribution). */
const REACH = 1.959964;

/** A mean with its standard error if that is known, `0.4321 ± 0.0045`; `–` if there is no mean. */
export function estimateText(mean: number | undefined, standardError: number | undefined): string {
  if (mean === undefined || Number.isNaN(mean)) return "–";
  return standardError === undefined ? mean.toFixed(4) : `${mean.toFixed(4)} ± ${standardError.toFixed(4)}`;
}

/** A share in percent, `43.2 ± 0.5 %`, which is not broken across lines. */
export function shareText({ mean, standardError }: Estimate): string {
  const percent = (share: number) => (100 * share).toFixed(1);
  const error = standardError === undefined ? "" : ` ± ${percent(standardError)}`;
  return `${percent(mean)}${error} %`.replaceAll(" ", "\u00a0");
}

/** A metric over many users with its 95 % interval, to be drawn; without an interval if the standard error is not known. */
export function withInterval(
  { mean, standardError }: Estimate,
): { value: number; low?: number; high?: number } {
  if (standardError === undefined) return { value: mean };
  return {
    value: mean,
    low: Math.max(0, mean - REACH * standardError),
    high: Math.min(1, mean + REACH * standardError),
  };
}

/**
 * A share of users with its 95 % interval, to be drawn; without an interval if the standard error is not known. By Wilson's method (Journal
 * of the American Statistical Association 22, 1927): its coverage is right for few users and for shares near 0 and 1, too, and it has a
 * width even if none or all are hits. If users have several values or weights, n is the number that would give the same standard error
 * (Korn and Graubard, Survey Methodology 24, 1998).
 *
 * @param users Number of users that the share is of.
 */
export function shareWithInterval(
  { mean, standardError }: Estimate,
  users: number,
): { value: number; low?: number; high?: number } {
  if (standardError === undefined) return { value: mean };
  const variance = mean * (1 - mean), n = standardError > 0 ? 1 + variance / standardError ** 2 : users;
  const squared = REACH ** 2, centre = (n * mean + squared / 2) / (n + squared);
  const reach = REACH * Math.sqrt(n * variance + squared / 4) / (n + squared);
  return { value: mean, low: Math.max(0, centre - reach), high: Math.min(1, centre + reach) };
}
