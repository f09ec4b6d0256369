/**
 * Negatives in SQL: rejection from a fixed number of draws.
 *
 * @module
 */
import type { Dialect } from "../dialect.ts";
import { drawsOf, type Stream } from "./draws.ts";

/** How often each item is a target: `item`, `n`. Items that never are one have no row. */
export const targetCounts = (interactions: string): string =>
  `SELECT item, count(*) AS n FROM ${interactions} WHERE position > 1 GROUP BY item`;

/** What negatives are drawn for: `row_index`, `user`, `place` (from 0, in the user's sequence), `target`, `part`. */
export const positives = (interactions: string): string =>
  `SELECT row_index, user, position - 1 AS place, cast(item AS INT) AS target, part
  FROM ${interactions} WHERE split <> 'train' AND position > 1`;

/** The items of each user who has positives: `user`, `history`. */
export const histories = (d: Dialect, interactions: string, positives: string): string =>
  `SELECT user, ${d.set("cast(item AS INT)")} AS history
  FROM ${interactions} WHERE user IN (SELECT user FROM ${positives}) GROUP BY user`;

/** The users whose positives, each held against the user's whole history, make more comparisons than `most`: `user`. */
export const heavyUsers = (d: Dialect, positives: string, histories: string, most: number): string =>
  `SELECT h.user FROM (SELECT user, ${d.size("history")} AS items FROM ${histories}) h
  JOIN (SELECT user, count(*) AS n FROM ${positives} GROUP BY user) p ON h.user = p.user WHERE p.n * h.items > ${most}`;

/** `row_index`, `user`, `place`, `target`, and in `negatives` up to `count` draws, with repeats, that are not the target. */
export const independent = (d: Dialect, from: string, stream: Stream, count: number, draws: number): string =>
  `SELECT p.row_index, p.user, p.place, p.target, ${d.firstWithout("x.draws", "p.target", count)} AS negatives
  FROM ${from} p JOIN (${drawsOf(d, from, stream, draws)}) x ON p.row_index = x.row_index`;

/** `row_index`, `user`, `place`, `target`, and in `negatives` up to `count` distinct draws that are not in the user's history. */
export const distinct = (
  d: Dialect,
  from: string,
  histories: string,
  stream: Stream,
  count: number,
  draws: number,
): string =>
  `SELECT p.row_index, p.user, p.place, p.target, ${
    d.firstDistinct("x.draws", "h.history", count)
  } AS negatives
  FROM ${from} p JOIN (${
    drawsOf(d, from, stream, draws)
  }) x ON p.row_index = x.row_index JOIN ${histories} h ON p.user = h.user`;
