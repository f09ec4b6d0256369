/**
 * Filtering by the number of interactions in SQL.
 *
 * @module
 */
import type { Dialect } from "../dialect.ts";

/** A column whose values have few or many interactions. */
export type Column = "user" | "item";

/**
 * Returns a query for `id`, `interactions`.
 *
 * @param weight What a row counts for: 1 if left out, or a column, as for the pairs of a k-core.
 */
export const counted = (d: Dialect, rows: string, column: Column, weight?: string): string =>
  `SELECT ${column} AS id, ${
    weight ? d.sum(weight) : "count(*)"
  } AS interactions FROM ${rows} GROUP BY ${column}`;

/** Returns a query for the distinct user-item pairs with their numbers of interactions `n`, on which the rounds of a k-core work. */
export const pairs = (rows: string): string =>
  `SELECT user, item, count(*) AS n FROM ${rows} GROUP BY user, item`;

/** Conditions for too few, or too many, interactions. */
export const fewerThan = (minimum: number): string => `interactions < ${minimum}`;
export const moreThan = (maximum: number): string => `interactions > ${maximum}`;

/**
 * Returns a query that sums up what is dropped from counts: `ids`, `interactions`; and `seen`, the number of all ids.
 *
 * @param gone As returned by {@link fewerThan}.
 */
export const going = (d: Dialect, counts: string, gone: string): string =>
  `SELECT ${d.countIf(gone)} AS ids,
    ${
    d.sum(`CASE WHEN ${gone} THEN interactions ELSE 0 END`)
  } AS interactions, count(*) AS seen FROM ${counts}`;

/** Returns a query for the counts that stay. */
export const staying = (counts: string, gone: string): string =>
  `SELECT id, interactions FROM ${counts} WHERE NOT (${gone})`;

/**
 * Returns a query for the rows whose id is among `ids`.
 *
 * @param column `id` if the rows are counts.
 */
export const having = (rows: string, column: Column | "id", ids: string): string =>
  `SELECT r.* FROM ${rows} r SEMI JOIN (${ids}) k ON r.${column} = k.id`;
