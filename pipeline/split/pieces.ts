/**
 * Rows that need not fit into memory, some users' after the other's.
 *
 * @module
 */
import pl from "nodejs-polars";
import type { LazyDataFrame, Rows } from "../contract/frame.ts";

/** Rows that are looked at together, which takes some 60 bytes a row. */
const PIECE_ROWS = 4_000_000;

/**
 * What is seen of each piece, of which none has a part of a user's rows.
 *
 * @param rows `user` (from 1).
 * @param pieceRows Default: 4 million.
 */
export function inPieces<T>(look: (rows: LazyDataFrame) => T, rows: Rows, pieceRows = PIECE_ROWS): T[] {
  const pieces = Math.ceil(rows.height / pieceRows), user = pl.col("user");
  if (pieces <= 1) return [look(rows.lazy())];
  const [users] = rows.lazy().select(user.max()).collectSync().row(0) as number[];
  const upTo = (piece: number) => pl.lit(Math.floor(piece * users / pieces));
  return Array.from(
    { length: pieces },
    (_, i) => look(rows.lazy().filter(user.gt(upTo(i)).and(user.ltEq(upTo(i + 1))))),
  );
}
