/**
 * The ranks of an evaluation, in memory or read from a file, as the input of comparisons.
 *
 * @module
 */
import pl from "nodejs-polars";
import type { DataFrame } from "../../pipeline/contract/frame.ts";
import { didYouMean, InputError } from "../../pipeline/contract/errors.ts";
import { firstLine } from "../../pipeline/contract/errors/system.ts";
import { absolutePath } from "../../pipeline/contract/files/readable.ts";
import type { MetricName, RankingProtocol } from "../records/evaluation.ts";
import { groupMeans, metricValues } from "./metrics.ts";
import { parseMetric } from "../records/evaluation.ts";

/** What was evaluated on which data, and the values of each user. An {@link Evaluation} is one. */
export interface Ranked {
  /** Name of the method. */
  method: string;
  /** The part whose positives were ranked. */
  split: "validation" | "test";
  /** The dataset; figures of datasets with different hashes must not be compared. */
  dataset: { name: string; hash: string };
  /** Whether protocol `full` also ranked the items of the history. */
  keepSeen: boolean;
  /** Number of users that have positives. */
  users: number;
  /** The protocols that were ranked by. */
  protocols: RankingProtocol[];
  /** A metric's values at any cut-off, [users], in the order of user ids. */
  userValues(protocol: RankingProtocol, metric: MetricName): Float64Array;
}

/** What a file of ranks does not contain. */
export type RanksOf = Pick<Ranked, "method" | "dataset" | "keepSeen">;

/**
 * Reads the ranks that `Evaluation.writePerUser` wrote.
 *
 * @throws {InputError} if the file cannot be read, or contains no ranks.
 */
export function readPerUser(path: string, of: RanksOf): Ranked {
  let frame: DataFrame;
  try {
    frame = pl.scanParquet(absolutePath(path), { glob: false })
      .select("user", "split", "protocol", "rank").collectSync();
  } catch (error) {
    throw new InputError(`Cannot read the ranks in ${path}: ${firstLine(error)}`);
  }
  if (frame.height === 0) throw new InputError(`Cannot compare ${of.method}: there are no ranks in ${path}`);
  const parts = new Map<RankingProtocol, { ranks: Uint32Array; groups: Uint32Array }>();
  const all = frame.getColumn("protocol").unique({ maintainOrder: true }).toArray() as RankingProtocol[];
  for (const protocol of all) {
    const rows = frame.filter(pl.col("protocol").eq(pl.lit(protocol)));
    parts.set(protocol, {
      ranks: rows.getColumn("rank").cast(pl.UInt32).toTypedArray() as Uint32Array,
      groups: groupsOf(rows.getColumn("user").toArray() as string[]),
    });
  }
  const [{ groups }] = parts.values(), protocols = [...parts.keys()];
  return {
    ...of,
    split: frame.getColumn("split").get(0) as Ranked["split"],
    users: groups.length - 1,
    protocols,
    userValues(protocol, metric) {
      const part = parts.get(protocol);
      if (!part) {
        throw new InputError(
          `Cannot give the ranks by protocol "${protocol}": ${of.method} was evaluated by ${
            protocols.join(", ")
          }${didYouMean(protocol, protocols)}`,
        );
      }
      return groupMeans(metricValues(parseMetric(metric), part.ranks), part.groups);
    },
  };
}

/** Where each user's rows begin, and where the last end, [users + 1]; the rows of a user are adjacent. */
function groupsOf(users: string[]): Uint32Array {
  const starts = users.flatMap((user, i) => user === users[i - 1] ? [] : [i]);
  return Uint32Array.from([...starts, users.length]);
}
