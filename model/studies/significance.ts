/**
 * Whether the rows of an experiment differ by more than chance.
 *
 * @module
 */
import { holm } from "../statistics/holm.ts";
import type { Ranked } from "../evaluate/ranked.ts";
import { pairedTest } from "../evaluate/significance.ts";
import type { RowResult, Significance } from "../records/experiment.ts";
import type { MetricName, RankingProtocol } from "../records/evaluation.ts";

/** A row, and the ranks that its cells' models gave the test positives, in the order of the cells; undefined where they are not kept. */
export interface RankedRow extends RowResult {
  ranks: (Ranked | undefined)[];
}

/**
 * The first row against each other one, by Holm's method for all others together (Scandinavian Journal of Statistics 6, 1979). Over users:
 * paired, each user's value being the mean over the seeds of which both rows have ranks: that is about these models, for other users. Over seeds:
 * paired by seed, about other trainings, for these users.
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

/** Two rows, and by what they are compared. */
interface Compared {
  a: RankedRow;
  b: RankedRow;
  /** That both have. */
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
