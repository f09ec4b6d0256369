/**
 * A mean and how far it may be off, as people read it.
 *
 * @module
 */
import type { Estimate } from "../records/evaluation.ts";

/** Standard errors of a mean on either side of it that hold 95 %, of many users: of the normal distribution. */
const REACH = 1.959964;

/** `0.4321 ± 0.0045`, with its standard error where it is known; `–` where there is none. */
export function estimateText(mean: number | undefined, standardError: number | undefined): string {
  if (mean === undefined || Number.isNaN(mean)) return "–";
  return standardError === undefined ? mean.toFixed(4) : `${mean.toFixed(4)} ± ${standardError.toFixed(4)}`;
}

/** The same of a share: `43.2 ± 0.5 %`, which is not broken into lines. */
export function shareText({ mean, standardError }: Estimate): string {
  const percent = (share: number) => (100 * share).toFixed(1);
  const error = standardError === undefined ? "" : ` ± ${percent(standardError)}`;
  return `${percent(mean)}${error} %`.replaceAll(" ", "\u00a0");
}

/** A metric with its 95 % interval, of many users, to be drawn; without one where nothing is known of it. */
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
 * A share of users with its 95 % interval, to be drawn; without one where nothing is known of it. By Wilson's method (Journal of the American Statistical
 * Association 22, 1927): it holds the share as often as it says of few users and of shares near 0 and 1, too, and where none or all are hits it has a width.
 * Where users have several values or weights, n is what would have the same standard error (Korn and Graubard, Survey Methodology 24, 1998).
 *
 * @param users How many users the share is of.
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
