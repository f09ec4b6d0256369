/**
 * Philox4x32-10 (see `contract/random.ts`) in SQL.
 *
 * @module
 */
import type { Dialect } from "../dialect.ts";

const MULTIPLIERS = [0xd2511f53, 0xcd9e8d57], WEYL = [0x9e3779b9, 0xbb67ae85], ROUNDS = 10;

/**
 * One block of four words for each row: columns `kept`, and `c0` … `c3` (whole numbers below 2³²). Each round is a select of its own.
 *
 * @param from A table or a query in parentheses, with the counter in `block`, `stream`, `substream`.
 * @param key Two unsigned 32-bit words, as of `philoxKey`.
 */
export function philoxBlocks(
  d: Dialect,
  from: string,
  kept: readonly string[],
  key: readonly [number, number],
): string {
  const keep = kept.map((name) => `${name}, `).join("");
  const bigint = (a: string, as: string) => `cast(${a} AS BIGINT) AS ${as}`;
  const counter = ["block", "stream", "substream", "0"].map((column, i) => bigint(column, `c${i}`));
  let query = `SELECT ${keep}${counter.join(", ")} FROM ${from} source`;
  let [k0, k1] = key;
  for (let round = 0; round < ROUNDS; round++) {
    const [high0, low0] = product(d, MULTIPLIERS[0], "c0"), [high1, low1] = product(d, MULTIPLIERS[1], "c2");
    const c0 = d.xor(d.xor(high1, "c1"), String(k0)), c2 = d.xor(d.xor(high0, "c3"), String(k1));
    query = `SELECT ${keep}${c0} AS c0, ${low1} AS c1, ${c2} AS c2, ${low0} AS c3 FROM (${query}) r${round}`;
    k0 = (k0 + WEYL[0]) % 2 ** 32;
    k1 = (k1 + WEYL[1]) % 2 ** 32;
  }
  return query;
}

/** The upper and lower 32 bits of a product of two 32-bit words, in parts of 48 bits: within a signed 64-bit number on every engine. */
function product(d: Dialect, factor: number, word: string): [high: string, low: string] {
  const lower = `${factor % 65536} * ${word}`;
  const upper = `(${Math.floor(factor / 65536)} * ${word} + ${d.shiftRight(lower, 16)})`;
  return [d.shiftRight(upper, 16), `${d.and(upper, "65535")} * 65536 + ${d.and(lower, "65535")}`];
}
