/**
 * Interactions that repeat another exactly: the same user, item and time. Logs that were joined or loaded twice have them.
 *
 * @module
 */
import pl from "nodejs-polars";
import type { LazyDataFrame, Rows } from "../contract/frame.ts";
import { inPieces } from "./pieces.ts";

const sum = (numbers: readonly number[]) => numbers.reduce((sum, n) => sum + n, 0);

/**
 * How many interactions repeat one before them.
 *
 * @param rows `user` (from 1), `item`, `timestamp`, by user, then time.
 * @param pieceRows Default: 4 million.
 */
export const countRepeats = (rows: Rows, pieceRows?: number): number =>
  sum(inPieces(repeatsOf, rows, pieceRows));

/**
 * How many pairs of user and item interact, at whatever times.
 *
 * @param rows `user` (from 1), `item`.
 * @param pieceRows Default: 4 million.
 */
export const countPairs = (rows: Rows, pieceRows?: number): number => sum(inPieces(pairsOf, rows, pieceRows));

/** A user and an item as one number: that is counted faster than two. */
const pairKey = pl.col("user").cast(pl.UInt64).mul(pl.lit(2 ** 32).cast(pl.UInt64)).add(
  pl.col("item").cast(pl.UInt64),
);

const pairsOf = (rows: LazyDataFrame): number =>
  Number(rows.select(pairKey.nUnique().alias("pairs")).collectSync().row(0)[0]);

/** Only rows at the same time as one beside them are compared: most data have few. */
function repeatsOf(rows: LazyDataFrame): number {
  const [user, time] = [pl.col("user"), pl.col("timestamp")];
  const asBefore = user.eq(user.shift(1)).and(time.eq(time.shift(1))).fillNull(pl.lit(false));
  const moment = pl.col("as_before").not().cast(pl.Int64).cumSum();
  const isTied = pl.col("as_before").or(pl.col("as_before").shift(-1).fillNull(pl.lit(false)));
  const key = moment.mul(pl.lit(2 ** 32).cast(pl.Int64)).add(pl.col("item").cast(pl.Int64));
  const tied = rows.select("item", asBefore.alias("as_before"))
    .select(key.alias("key"), isTied.alias("tied")).filter(pl.col("tied")).select("key").collectSync();
  return tied.height === 0 ? 0 : tied.height - tied.getColumn("key").nUnique();
}

/** Fewer are chance, as of somebody who clicks twice within a second: what was loaded twice has more. One in so many rows. */
const CHANCE = 1000;

/** What is said of them, where they are more than chance among so many rows. */
export const repeatWarnings = (repeats: number, rows: number): string[] =>
  repeats * CHANCE < rows || repeats === 0 ? [] : [
    `interactions that repeat another of the same user, item and time: ${repeats}, each counts; ` +
    "--duplicates same-time takes one of them",
  ];
