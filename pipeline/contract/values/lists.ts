/**
 * Several values in one field of a table beside the interactions, as text.
 *
 * @module
 */

/** What stands between values. */
export const BETWEEN = "|";

/**
 * What stands behind each value in a column of lists of which some value holds a `|` itself: the unit separator of ASCII, which is there for
 * that. Behind each, so that it is seen where every list has one value only.
 */
export const BEHIND = "\u001f";

/**
 * The values of one field; null where there are none.
 *
 * @param isApart Whether a value of the column holds a `|`.
 */
export function joinedValues(values: readonly string[], isApart: boolean): string | null {
  if (values.length === 0) return null;
  return isApart ? values.join(BEHIND) + BEHIND : values.join(BETWEEN);
}
