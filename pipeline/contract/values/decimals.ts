/**
 * What stands before the decimals of numbers that are written as text.
 *
 * @module
 */

/** What stands before decimals, `decimal` of {@link prepare}: `point` as in `3.5`, `comma` as in `3,5`. */
export type Decimal = "point" | "comma";

/** All there are. */
export const DECIMALS = ["point", "comma"] as const satisfies readonly Decimal[];

/** A number that may have a decimal comma, and one that has it. Without flags: Polars reads their sources. */
export const WITH_COMMA = /^\s*[+-]?(?:\d+,?\d*|,\d+)(?:[eE][+-]?\d+)?\s*$/,
  COMMA = /^\s*[+-]?\d*,\d+(?:[eE][+-]?\d+)?\s*$/;

/** The same where nobody said that it is one: before three digits a comma may group thousands. */
export const LIKELY_COMMA = /^\s*[+-]?\d*,(?:\d{1,2}|\d{4,})(?:[eE][+-]?\d+)?\s*$/;
