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

/** What falls under a minimum: `ids`, `interactions`; and `seen`, how many ids there are. */
export const below = (d: Dialect, counts: string, minimum: number): string =>
  `SELECT ${d.countIf(`interactions < ${minimum}`)} AS ids,
    ${
    d.sum(`CASE WHEN interactions < ${minimum} THEN interactions ELSE 0 END`)
  } AS interactions, count(*) AS seen FROM ${counts}`;

/** Of counts, those that reach a minimum. */
export const frequent = (counts: string, minimum: number): string =>
  `SELECT id, interactions FROM ${counts} WHERE interactions >= ${minimum}`;

/** The rows whose id is among `ids`. @param column `id` where the rows are counts. */
export const having = (rows: string, column: Column | "id", ids: string): string =>
  `SELECT r.* FROM ${rows} r SEMI JOIN (${ids}) k ON r.${column} = k.id`;
