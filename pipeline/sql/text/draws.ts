/**
 * Draws of items by weight in SQL: Philox's words through an alias table (see `contract/alias.ts`).
 *
 * @module
 */
import type { Dialect } from "../dialect.ts";
import { philoxBlocks } from "./philox.ts";

/** An alias table on the engine: `i` (0 … size − 1), `threshold`, `alias`. */
export interface Alias {
  table: string;
  size: number;
}

/** Items whose alias table every task gets whole: some 100 MiB. Of more, draws go to where their items are. */
const MOST_SMALL = 2_000_000;

/** What draws are made of. */
export interface Stream {
  alias: Alias;
  key: readonly [number, number];
}

/**
 * `row_index`, and in `draws` the first `n` draws of its stream, as an array of whole numbers.
 *
 * A list's draws are made where its row is, and stay there: rows are gathered before, not draws after.
 *
 * @param positives A table with `row_index`, `user` (the stream) and `place` (the substream).
 */
export function drawsOf(d: Dialect, positives: string, { alias, key }: Stream, n: number): string {
  const blocks = `(SELECT row_index, user AS stream, place AS substream, ${
    d.series(Math.ceil(n / 2))
  } AS block FROM (SELECT row_index, user, place FROM ${positives} ${d.together("row_index")}) gathered)`;
  const kept = ["row_index", "block"], words = philoxBlocks(d, blocks, kept, key);
  return `SELECT row_index, ${d.drawsInOrder("block", "d0", "d1", n)} AS draws ` +
    `FROM (${aliasDraws(d, words, kept, alias)}) drawn GROUP BY row_index`;
}

/**
 * Two draws, `d0` and `d1`, for each block of `words`.
 *
 * The joins are outer ones though every row finds its partner: of an inner one Spark infers that the key is not null, and pushes that
 * through the ten selects by substitution, which does not end.
 */
function aliasDraws(
  d: Dialect,
  words: string,
  kept: readonly string[],
  { table, size }: Alias,
): string {
  const keep = kept.join(", ");
  const scaled = (high: string, low: string) =>
    `cast(${d.shiftRight(high, 5)} * 67108864 + ${d.shiftRight(low, 6)} AS DOUBLE) / ${d.double(2 ** 53)} * ${
      d.double(size)
    }`;
  const points = `SELECT ${keep}, ${scaled("c0", "c1")} AS x0, ${
    scaled("c2", "c3")
  } AS x1 FROM (${words}) words`;
  const places = `SELECT ${keep}, x0, x1, ${d.whole("x0")} AS i0, ${
    d.whole("x1")
  } AS i1 FROM (${points}) points`;
  const draw = (x: string, i: string, t: string) =>
    `CASE WHEN ${x} - ${i} < ${t}.threshold THEN ${i} ELSE ${t}.alias END`;
  const small = size <= MOST_SMALL ? d.small("a", "b") : "";
  return `SELECT ${small} ${keep}, ${draw("x0", "i0", "a")} AS d0, ${draw("x1", "i1", "b")} AS d1 ` +
    `FROM (${places}) p LEFT JOIN ${table} a ON p.i0 = a.i LEFT JOIN ${table} b ON p.i1 = b.i`;
}
