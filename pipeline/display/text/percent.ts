/**
 * Shares in words.
 *
 * @module
 */

/** More say nothing of a share of what can be counted. */
const MOST_DIGITS = 14;

/** A share as people read it, in three digits, however small it is: `4.47 %`. What is not all has as many as it takes to be less than 100. */
export function percent(share: number): string {
  const value = 100 * share;
  let digits = 3;
  while (share < 1 && digits < MOST_DIGITS && Number(value.toPrecision(digits)) >= 100) digits++;
  return `${new Intl.NumberFormat("en-US", { maximumSignificantDigits: digits }).format(value)} %`;
}

/** A share to a tenth of a percent, as shares of one kind are compared: `41.3 %` */
export const tenthPercent = (share: number): string => `${(100 * share).toFixed(1)} %`;

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
