/**
 * The decimal separator of numbers that are written as text.
 *
 * @module
 */

/** A decimal separator, `decimal` of {@link prepare}: `point` as in `3.5`, `comma` as in `3,5`. */
export type Decimal = "point" | "comma";

/** All decimal separators. */
export const DECIMALS = ["point", "comma"] as const satisfies readonly Decimal[];

/** Patterns for a number that may have a decimal comma, and for one that has it. Without flags, because Polars uses their sources. */
export const WITH_COMMA = /^\s*[+-]?(?:\d+,?\d*|,\d+)(?:[eE][+-]?\d+)?\s*$/,
  COMMA = /^\s*[+-]?\d*,\d+(?:[eE][+-]?\d+)?\s*$/;

/** A pattern for a number that probably has a decimal comma, if that was not specified: before three digits a comma may group thousands. */
export const LIKELY_COMMA = /^\s*[+-]?\d*,(?:\d{1,2}|\d{4,})(?:[eE][+-]?\d+)?\s*$/;
