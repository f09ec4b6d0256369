/**
 * Shares in words.
 *
 * @module
 */
import { formatCell } from "../table.ts";

/** A share as people read it: `4.47 %`, with more digits the smaller it is. */
export function percent(share: number): string {
  return `${formatCell(Number((100 * share).toPrecision(3)))} %`;
}

/** Decimals of percents below one another, at most. */
const MOST_DECIMALS = 4;

/** Shares below one another, with the same decimals: so many that the least of them has two digits. */
export function percents(shares: readonly number[]): string[] {
  const known = shares.filter((share) => share > 0).map((share) => 100 * share);
  const isWhole = known.every((value) => Math.abs(value - Math.round(value)) < 1e-9);
  const decimals = isWhole
    ? 0
    : Math.min(MOST_DECIMALS, Math.max(1, 1 - Math.floor(Math.log10(Math.min(...known)))));
  return shares.map((share) => `${(100 * share).toFixed(decimals)} %`);
}
