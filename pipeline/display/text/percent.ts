/**
 * Shares in words.
 *
 * @module
 */

/** Maximum number of digits; more are meaningless for a share of anything countable. */
const MOST_DIGITS = 14;

/** Formats a share with three digits, however small it is: `4.47 %`. A share below 1 has enough digits not to read as 100. */
export function percent(share: number): string {
  const value = 100 * share;
  let digits = 3;
  while (share < 1 && digits < MOST_DIGITS && Number(value.toPrecision(digits)) >= 100) digits++;
  return `${new Intl.NumberFormat("en-US", { maximumSignificantDigits: digits }).format(value)} %`;
}

/** Formats a share to a tenth of a percent, for comparing similar shares: `41.3 %` */
export const tenthPercent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** Maximum decimals of percentages in a column. */
const MOST_DECIMALS = 4;

/** Formats the shares of a column with the same number of decimals, enough for two digits of the smallest. */
export function percents(shares: readonly number[]): string[] {
  const known = shares.filter((share) => share > 0).map((share) => 100 * share);
  const isWhole = known.every((value) => Math.abs(value - Math.round(value)) < 1e-9);
  const decimals = isWhole
    ? 0
    : Math.min(MOST_DECIMALS, Math.max(1, 1 - Math.floor(Math.log10(Math.min(...known)))));
  return shares.map((share) => `${(100 * share).toFixed(decimals)} %`);
}
