/**
 * Interactions that repeat another exactly: the same user, item and time, as in logs that were joined or loaded twice.
 *
 * @module
 */
import pl from "nodejs-polars";
import type { LazyDataFrame, Rows } from "../contract/frame.ts";
import { inPieces } from "./pieces.ts";

const sum = (numbers: readonly number[]) => numbers.reduce((sum, n) => sum + n, 0);

/**
 * Counts the interactions that repeat an earlier one.
 *
 * @param rows A table with `user` (from 1), `item` and `timestamp`, ordered by user, then time.
 * @param pieceRows Number of rows in a piece. Default: 4 million.
 */
export const countRepeats = (rows: Rows, pieceRows?: number): number =>
  sum(inPieces(repeatsOf, rows, pieceRows));

/**
 * Counts the pairs of user and item that interact, at any time.
 *
 * @param rows A table with `user` (from 1) and `item`.
 * @param pieceRows Number of rows in a piece. Default: 4 million.
 */
export const countPairs = (rows: Rows, pieceRows?: number): number => sum(inPieces(pairsOf, rows, pieceRows));

/** A user and an item as one number, which is faster to count than two. */
const pairKey = pl.col("user").cast(pl.UInt64).mul(pl.lit(2 ** 32).cast(pl.UInt64)).add(
  pl.col("item").cast(pl.UInt64),
);

const pairsOf = (rows: LazyDataFrame): number =>
  Number(rows.select(pairKey.nUnique().alias("pairs")).collectSync().row(0)[0]);

/** Counts the repeats in a piece. Only rows at the same time as a neighboring row are compared; most data have few. */
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

/** Fewer repeats than one in this many rows are chance, such as two clicks within a second; data that were loaded twice have more. */
const CHANCE = 1000;

/** The warning about repeats, if there are too many among `rows` rows to be chance. */
export const repeatWarnings = (repeats: number, rows: number): string[] =>
  repeats * CHANCE < rows || repeats === 0 ? [] : [
    `interactions that repeat another of the same user, item and time: ${repeats}, each counts; ` +
    "--duplicates same-time takes one of them",
  ];
