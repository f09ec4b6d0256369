/**
 * Targets of a part of the dataset, user by user.
 *
 * @module
 */
import { userOf } from "../train/batch.ts";

/** Targets of a part, by user. */
export interface TargetsByUser {
  /** [n] ascending. */
  rows: Uint32Array;
  /** [users who have some + 1]: where each one's rows begin among them, and, last, where they end. */
  begins: number[];
  /** [users who have some]: where each one's sequence begins. */
  firstRows: number[];
}

/**
 * @param offsets [users + 2] where the users' sequences begin.
 * @param rows [n] of the part's interactions, ascending.
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

/** The purpose of draws for a part; of a dataset in one part as it was before there were parts. */
export const ofPart = (purpose: string, part: number, parts: number): string =>
  parts === 1 ? purpose : `${purpose}/part ${part}`;
