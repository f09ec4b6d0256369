/**
 * What stands before the decimals of numbers that are written as text.
 *
 * @module
 */

/** `point` as in `3.5`, `comma` as in `3,5`. */
export const DECIMALS = ["point", "comma"] as const;

/** One of {@link DECIMALS}: `decimal` of {@link prepare}. */
export type Decimal = typeof DECIMALS[number];

/** A number that may have a decimal comma, and one that has it. Without flags: Polars reads their sources. */
export const WITH_COMMA = /^\s*[+-]?(?:\d+,?\d*|,\d+)(?:[eE][+-]?\d+)?\s*$/,
  COMMA = /^\s*[+-]?\d*,\d+(?:[eE][+-]?\d+)?\s*$/;

/** The same where nobody said that it is one: before three digits a comma may group thousands. */
export const LIKELY_COMMA = /^\s*[+-]?\d*,(?:\d{1,2}|\d{4,})(?:[eE][+-]?\d+)?\s*$/;
