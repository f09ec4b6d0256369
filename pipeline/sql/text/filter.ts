/**
 * Filtering by the number of interactions in SQL.
 *
 * @module
 */
import type { Dialect } from "../dialect.ts";

/** A column that has few or many interactions. */
export type Column = "user" | "item";

/**
 * `id`, `interactions`.
 *
 * @param weight What a row counts for: 1, or a column as in the pairs of a k-core.
 */
export const counted = (d: Dialect, rows: string, column: Column, weight?: string): string =>
  `SELECT ${column} AS id, ${
    weight ? d.sum(weight) : "count(*)"
  } AS interactions FROM ${rows} GROUP BY ${column}`;

/** Each pair of user and item once, with its number of interactions `n`: what a k-core's rounds work on. */
export const pairs = (rows: string): string =>
  `SELECT user, item, count(*) AS n FROM ${rows} GROUP BY user, item`;

/** How many interactions are too few, or too many. */
export const fewerThan = (minimum: number): string => `interactions < ${minimum}`;
export const moreThan = (maximum: number): string => `interactions > ${maximum}`;

/** Of counts, what goes: `ids`, `interactions`; and `seen`, how many ids there are. @param gone As of {@link fewerThan}. */
export const going = (d: Dialect, counts: string, gone: string): string =>
  `SELECT ${d.countIf(gone)} AS ids,
    ${
    d.sum(`CASE WHEN ${gone} THEN interactions ELSE 0 END`)
  } AS interactions, count(*) AS seen FROM ${counts}`;

/** Of counts, those that stay. */
export const staying = (counts: string, gone: string): string =>
  `SELECT id, interactions FROM ${counts} WHERE NOT (${gone})`;

/** The rows whose id is among `ids`. @param column `id` where the rows are counts. */
export const having = (rows: string, column: Column | "id", ids: string): string =>
  `SELECT r.* FROM ${rows} r SEMI JOIN (${ids}) k ON r.${column} = k.id`;
