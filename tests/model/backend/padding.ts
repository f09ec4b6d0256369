/**
 * Ids of items, [T, B], with padding (0) in them, for tests.
 *
 * @module
 */

/** Padding in front, of every possible length, including none and all. */
export function frontPadding(length: number, batch: number): Int32Array {
  return Int32Array.from(
    { length: length * batch },
    (_, i) => Math.floor(i / batch) < (i % batch * 3) % (length + 1) ? 0 : 1 + i % 11,
  );
}

/** Padding at scattered positions. */
export function scatteredPadding(length: number, batch: number): Int32Array {
  return Int32Array.from({ length: length * batch }, (_, i) => i * 7 % 5 < 2 ? 0 : 1 + i % 11);
}
