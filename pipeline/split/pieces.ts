/**
 * Processes rows that may not fit into memory, some users at a time.
 *
 * @module
 */
import pl from "nodejs-polars";
import type { LazyDataFrame, Rows } from "../contract/frame.ts";

/** Number of rows that are processed at once, which takes about 60 bytes a row. */
const PIECE_ROWS = 4_000_000;

/**
 * Applies a function to each piece and returns the results. All rows of a user are in the same piece.
 *
 * @param rows A table with `user` (from 1).
 * @param pieceRows Number of rows in a piece. Default: 4 million.
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
