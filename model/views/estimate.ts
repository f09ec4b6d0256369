/**
 * A mean and how far it may be off, as people read it.
 *
 * @module
 */
import type { Estimate } from "../records/evaluation.ts";

/** Standard errors of a mean on either side of it that hold 95 %, of many users. */
const REACH = 1.96;

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

/** A metric with its 95 % interval, to be drawn; without one where nothing is known of it. */
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
