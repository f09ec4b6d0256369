/**
 * Compares the options given before with those given now.
 *
 * @module
 */
import { toFlag } from "../../pipeline/display/text/to_key.ts";

/**
 * Lists the options that differ, each as in `dropout 0.2, now 0.5`.
 *
 * @param missing The text for an option that is missing on one side.
 */
export function differencesBetween(
  before: Record<string, unknown>,
  now: Record<string, unknown>,
  missing: string,
): string[] {
  // As on a command line: 1,2,3.
  const said = (value: unknown) => (Array.isArray(value) ? value.join() : JSON.stringify(value)) ?? missing;
  return [...new Set([...Object.keys(before), ...Object.keys(now)])]
    .filter((key) => said(before[key]) !== said(now[key]))
    .map((key) => `${key} ${said(before[key])}, now ${said(now[key])}`);
}

/** Returns options by their names on a command line. */
export const asFlags = (options: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(options).map(([key, value]) => [`--${toFlag(key)}`, value]));
