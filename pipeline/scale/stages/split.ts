/**
 * Stage 5 on an engine that runs SQL: order and split. The interactions are sent to this machine in order.
 *
 * @module
 */
import pl from "nodejs-polars";
import { MOST_ROWS } from "../../contract/dataset/users_part.ts";
import { InputError } from "../../contract/errors.ts";
import type { DataFrame, Rows } from "../../contract/frame.ts";
import { GrowingRows } from "../../contract/growing_rows.ts";
import type { Split } from "../../contract/stage.ts";
import type { StageReport } from "../../contract/stage/report.ts";
import { splitReport, type SplitResult } from "../../split.ts";
import { countSteps, NO_STEPS, type Steps } from "../../split/direction.ts";
import { shortSequence, USUAL_RATIOS } from "../../split/parts.ts";
import { countPairs, countRepeats } from "../../split/repeats.ts";
import { checkTimePoints, givenTimePoints, rankOf, rounded, timesOf } from "../../split/time_points.ts";
import { timeAt } from "../../times/point_in_time.ts";
import { type EngineWork, numbers, type Runner } from "../engine.ts";
import type { Kept } from "./filter.ts";
import { arranged, type Arrangement, hasStep, largestTime, partCounts, type Parts } from "./split_sql.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** Ordered interactions, on the engine and on this machine. */
interface InOrder {
  /**
   * Table with `user`, `item` (numbers), `rating`?, `timestamp`, `row_index`, `position`, `split`; from {@link arrangeInParts} also
   * `part`, and `step` with {@link hasStep}.
   */
  table: string;
  /** The same rows ordered by `row_index`, with at least the columns of a dataset. */
  rows: Rows;
  /**
   * If the table has no `step`: the rows in order, with `source_row`. An ordered file is quick to scan, while SQL would sort the
   * rows again to find the one before each.
   */
  inSource?: Rows;
}

/** Orders and splits interactions. */
export type Arrange = (arrangement: Arrangement, work: EngineWork) => Promise<InOrder>;

/** Ordered and split interactions. */
export interface Arranged {
  /** See {@link InOrder.table}. */
  table: string;
  /** The interactions in the form of a dataset. */
  frame: Rows;
  split: SplitResult["split"];
  pairs: number;
  report: StageReport;
}

/**
 * Orders part by part on the engine, and assembles the parts in order on this machine.
 *
 * @param room A folder for rows that come in several pieces.
 */
export const arrangeInParts = (room: string): Arrange => async (arrangement, { runner }) => {
  const table = "interactions", rating = arrangement.hasRating ? "rating, " : "";
  await runner.keep(table, arranged(runner.dialect, arrangement));
  const select = `SELECT row_index, user, item, ${rating}timestamp, split FROM ${table}`;
  const rows = new GrowingRows(room, table);
  for await (const some of runner.ranges(select, "row_index")) await rows.add(some);
  return { table, rows: await rows.rows() };
};

/**
 * Orders and splits as `splitInteractions` does, with the same result.
 *
 * @param arrange Orders the rows in the engine's own way.
 */
export async function splitOnEngine(
  kept: Kept,
  vocabulary: Vocabulary,
  work: EngineWork,
  arrange: Arrange,
): Promise<Arranged> {
  const started = performance.now(), { runner, config: { ties }, parts } = work;
  const { tables: { user: users, item: items } } = vocabulary, { unfiltered: interactions, hasRating } = kept;
  refuseTooMany(kept.rows);
  const how = await partsOf(kept, vocabulary.users, work), rowsPerPart = Math.ceil(kept.rows / parts);
  const { table, rows, inSource } = await arrange(
    { interactions, users, items, hasRating, ties, parts, rowsPerPart, how },
    work,
  );
  const { training_targets: targets, train, validation, test, ...found } = await numbers<
    Split | "training_targets" | keyof Steps
  >(runner, partCounts(runner.dialect, table, !inSource && hasStep({ ties })));
  const all = { train, validation, test, "training targets": targets };
  const steps = inSource && hasStep({ ties })
    ? countSteps(inSource, "source_row")
    : { ...NO_STEPS, ...found };
  const report = splitReport(all, how.kind, started, { repeats: countRepeats(rows), ties, steps });
  const frame = asDataset(rows, hasRating);
  const { kind } = how;
  const split = how.kind === "ratio"
    ? { kind, ratios: [...how.ratios] }
    : how.kind === "global-time"
    ? { kind, ...rounded(how) }
    : { kind };
  return { table, frame, split, pairs: countPairs(rows), report };
}

/**
 * Refuses too many interactions.
 *
 * @throws {InputError} for more interactions than a table can have: each is written as one file before it is divided.
 */
export function refuseTooMany(rows: number): void {
  if (rows <= MOST_ROWS) return;
  throw new InputError(
    `Cannot make a dataset of ${rows} interactions: its table can have ${MOST_ROWS}; keep fewer, as with a larger --min-user, or ` +
      "divide the users between several datasets",
  );
}

/** Determines how to split, after checking that it is possible. */
async function partsOf(kept: Kept, users: DataFrame, work: EngineWork): Promise<Parts> {
  const { split: kind, ratios = USUAL_RATIOS } = work.config;
  if (kind === "leave-one-out") {
    refuseShort(users);
    return { kind };
  }
  if (kind === "ratio") return { kind, ratios };
  const given = givenTimePoints(work.config);
  const points = given
    ? timesOf(given, kept.timeUnit ?? (await numbers(work.runner, largestTime(kept.table))).largest)
    : await timePoints(kept, ratios, work);
  return { kind, ...checkTimePoints(points, given, kept.timeUnit) };
}

/**
 * Refuses users whose sequence is too short.
 *
 * @throws {InputError} for the first user with fewer than three interactions.
 */
function refuseShort(users: DataFrame): void {
  const short = users.filter(pl.col("interactions").lt(pl.lit(3)));
  if (short.height === 0) return;
  const [, id, interactions] = short.row(0) as [number, string, number];
  throw shortSequence(id, interactions, short.height);
}

/** Finds the times at the two shares; between two times, the later one. */
async function timePoints(kept: Kept, [train, validation]: readonly number[], { runner }: EngineWork) {
  await runner.keep(
    "times",
    `SELECT cast(timestamp AS DOUBLE) AS value, count(*) AS n FROM ${kept.table} GROUP BY cast(timestamp AS DOUBLE)`,
  );
  const at = async (share: number) => {
    const { value, rank } = await valueAt(runner, "times", rankOf(share, kept.rows));
    // Several times may be equal as doubles.
    const alike = (await runner.rows(
      `SELECT timestamp, count(*) AS n FROM ${kept.table} WHERE cast(timestamp AS DOUBLE) = ${
        runner.dialect.double(value)
      } GROUP BY timestamp`,
    )).sort("timestamp");
    let upTo = 0;
    const place = (alike.getColumn("n").toArray() as unknown[]).findIndex((n) => rank < (upTo += Number(n)));
    return timeAt(alike.getColumn("timestamp"), place);
  };
  return { validFrom: await at(train), testFrom: await at(train + validation) };
}

/** Returns the interactions in the form of a dataset, ordered by user and time. */
function asDataset(rows: Rows, hasRating: boolean): Rows {
  return {
    height: rows.height,
    columns: ["user", "item", ...(hasRating ? ["rating"] : []), "timestamp", "split"],
    lazy: () =>
      rows.lazy().select(
        pl.col("user").cast(pl.UInt32),
        pl.col("item").cast(pl.UInt32),
        ...(hasRating ? [pl.col("rating")] : []),
        pl.col("timestamp"),
        pl.col("split").cast(pl.Categorical),
      ),
  };
}

const BUCKETS = 1024;

/**
 * Finds the value at a rank by searching ever narrower ranges: three passes for a 32-bit number.
 *
 * @param table `value` (double), each occurring once, and `n`, its number of occurrences.
 * @param rank From 0.
 * @returns The value, and the remaining rank among the occurrences equal to it.
 */
async function valueAt(
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
