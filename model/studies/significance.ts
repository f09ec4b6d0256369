/**
 * Whether the rows of an experiment differ by more than chance.
 *
 * @module
 */
import { holm } from "../evaluate/holm.ts";
import type { Ranked } from "../evaluate/ranked.ts";
import { pairedTest } from "../evaluate/significance.ts";
import type { RowResult, Significance } from "../records/experiment.ts";
import type { MetricName, RankingProtocol } from "../records/evaluation.ts";

/** A row, and the ranks that its cells' models gave the test positives, in the order of the cells; undefined if they were not kept. */
export interface RankedRow extends RowResult {
  ranks: (Ranked | undefined)[];
}

/**
 * Tests the first row against each other one, corrected by Holm's method for all others together (Scandinavian Journal of Statistics 6,
 * 1979). Over users: paired by user, each user's value being the mean over the seeds for which both rows have ranks; it says whether these
 * models differ for other users. Over seeds: paired by seed; it says whether other trainings would differ for these users.
 */
export function significanceOf(
  [first, ...others]: RankedRow[],
  protocol: RankingProtocol,
  metric: MetricName,
): Significance[] {
  const has = (row: RankedRow) => row.cells.some(({ metrics }) => metrics[protocol]?.[metric] !== undefined);
  if (!first || !has(first)) return [];
  const tested = others.filter(has), seedsOf = (row: RankedRow) => row.cells.map(({ seed }) => seed);
  const found = tested.map((b) => {
    const seeds = seedsOf(first).filter((seed) => seedsOf(b).includes(seed));
    const compared = { a: first, b, seeds, protocol, metric };
    return { label: b.label, seeds: seedTest(compared), users: userTest(compared) };
  });
  const adjusted = (p: (number | undefined)[]) => {
    const known = p.filter((value) => value !== undefined);
    const corrected = holm(known);
    return p.map((value) => value === undefined ? undefined : corrected.shift());
  };
  const seeds = adjusted(found.map(({ seeds }) => seeds)), users = adjusted(found.map(({ users }) => users));
  return found.map(({ label }, i) => ({
    protocol,
    metric,
    label,
    pSeeds: seeds[i],
    pUsers: users[i],
  }));
}

/** Two rows, and what they are compared by. */
interface Compared {
  a: RankedRow;
  b: RankedRow;
  /** The seeds that both rows have. */
  seeds: readonly number[];
  protocol: RankingProtocol;
  metric: MetricName;
}

function seedTest({ a, b, seeds, protocol, metric }: Compared): number | undefined {
  if (seeds.length < 2) return undefined;
  const values = (row: RankedRow) =>
    Float64Array.from(
      seeds,
      (seed) => row.cells.find((cell) => cell.seed === seed)!.metrics[protocol][metric],
    );
  return pairedTest(values(a), values(b)).p;
}

function userTest({ a, b, seeds, protocol, metric }: Compared): number | undefined {
  const ranksOf = (row: RankedRow, seed: number) => {
    const ranks = row.ranks[row.cells.findIndex((cell) => cell.seed === seed)];
    return ranks?.protocols.includes(protocol) ? ranks : undefined;
  };
  const both = seeds.filter((seed) => ranksOf(a, seed) && ranksOf(b, seed));
  if (both.length === 0 || ranksOf(a, both[0])!.users < 2) return undefined;
  const means = (row: RankedRow): Float64Array => {
    const values = both.map((seed) => ranksOf(row, seed)!.userValues(protocol, metric));
    return values[0].map((_, user) => values.reduce((sum, own) => sum + own[user], 0) / values.length);
  };
  return pairedTest(means(a), means(b)).p;
}
