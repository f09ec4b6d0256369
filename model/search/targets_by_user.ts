/**
 * Targets of a part of the dataset, grouped by user.
 *
 * @module
 */
import { userOf } from "../train/batch.ts";

/** Targets of a part, grouped by user. */
export interface TargetsByUser {
  /** Rows of the targets, [n], ascending. */
  rows: Uint32Array;
  /** Where each user's rows begin among them, and at the end where the last ones end, [users with targets + 1]. */
  begins: number[];
  /** Where each user's sequence begins, [users with targets]. */
  firstRows: number[];
}

/**
 * @param offsets Where the users' sequences begin, [users + 2].
 * @param rows Rows of the part's interactions, [n], ascending.
 */
export function targetsByUser(offsets: Uint32Array, rows: Uint32Array): TargetsByUser {
  const begins: number[] = [], firstRows: number[] = [];
  let end = 0;
  rows.forEach((row, i) => {
    if (row < end) return;
    const user = userOf(offsets, row);
    begins.push(i);
    firstRows.push(offsets[user]);
    end = offsets[user + 1];
  });
  return { rows, begins: [...begins, rows.length], firstRows };
}

/** The purpose of random draws for a part; with a single part, the name is the same as before parts existed. */
export const ofPart = (purpose: string, part: number, parts: number): string =>
  parts === 1 ? purpose : `${purpose}/part ${part}`;
