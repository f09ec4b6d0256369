/**
 * Finds the exact value at a rank, without a task that sorts everything.
 *
 * @module
 */
import { numbers, type Runner } from "../runner.ts";

const BUCKETS = 1024;

/**
 * Finds the value at a rank by searching ever narrower ranges: three passes for a 32-bit number.
 *
 * @param table `value` (double), each occurring once, and `n`, its number of occurrences.
 * @param rank From 0.
 * @returns The value, and the remaining rank among the occurrences equal to it.
 */
export async function valueAt(
  runner: Runner,
  table: string,
  rank: number,
): Promise<{ value: number; rank: number }> {
  const d = runner.dialect;
  let { low, high } = await numbers<"low" | "high">(
    runner,
    `SELECT min(value) AS low, max(value) AS high FROM ${table}`,
  );
  while (low < high) {
    const bucket = `least(floor((value - ${d.double(low)}) / ${d.double(high - low)} * ${
      d.double(BUCKETS)
    }), ${BUCKETS - 1})`;
    const frame = (await runner.rows(
      `SELECT cast(${bucket} AS INT) AS bucket, sum(n) AS n, min(value) AS low, max(value) AS high FROM ${table}
      WHERE value >= ${d.double(low)} AND value <= ${d.double(high)} GROUP BY 1`,
    )).sort("bucket");
    const rows = (frame.rows() as unknown[][]).map((row) => row.map(Number));
    for (const [, n, bucketLow, bucketHigh] of rows) {
      [low, high] = [bucketLow, bucketHigh];
      if (rank < n) break;
      rank -= n;
    }
  }
  return { value: low, rank };
}
