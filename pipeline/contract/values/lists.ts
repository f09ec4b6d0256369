/**
 * Several values in one text field of a side table.
 *
 * @module
 */

/** The separator between values. */
export const BETWEEN = "|";

/**
 * The terminator after each value in a column of lists where some value contains a `|`: the unit separator of ASCII, which exists for this
 * purpose. It follows every value, so that it is present even if every list has only one value.
 */
export const BEHIND = "\u001f";

/**
 * Joins the values of one field; null if there are none.
 *
 * @param isApart Whether some value of the column contains a `|`.
 */
export function joinedValues(values: readonly string[], isApart: boolean): string | null {
  if (values.length === 0) return null;
  return isApart ? values.join(BEHIND) + BEHIND : values.join(BETWEEN);
}
