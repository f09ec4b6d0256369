/**
 * Stage 6, negatives: draws the items that each validation and test positive is ranked against, once, and freezes them.
 *
 * @module
 */
import pl from "nodejs-polars";
import type { DataFrame, Rows } from "./contract/frame.ts";
import { freeFrames } from "./contract/machine/free_frames.ts";
import { DEFAULT_SEED } from "./contract/random.ts";
import { StageReport } from "./contract/stage/report.ts";
import type { InteractionsFrame, StageContext, StageResult } from "./contract/stage.ts";
import { stageResult } from "./contract/stage/result.ts";
import { type NegativesEach, negativesEach } from "./negatives/default_number.ts";
import { targetCounts } from "./negatives/popularity.ts";
import { mostNegatives } from "./negatives/most.ts";
import { ListDrawer, sequencesOf } from "./negatives/lists.ts";
import { type Protocol, PROTOCOLS } from "./contract/dataset/protocols.ts";

/** Options of {@link sampleNegatives}. */
export interface NegativesOptions extends StageContext {
  /**
   * Number of negatives for each validation and test positive. Default: 100, or 50, 20, 10 or 5 if some user leaves fewer items to draw
   * from; a protocol for which some user leaves even fewer draws none.
   */
  evalNegatives?: number;
  /** How negatives are drawn. Default: all three protocols. */
  protocols?: readonly Protocol[];
  /**
   * An item's weight is its number of target interactions to this power. Default: 1; 0.75 flattens, 0 is uniform, a negative
   * exponent prefers unpopular items. From −10 to 10.
   */
  exponent?: number;
  /** Seed of the draw. Default: 2023. */
  seed?: number;
  /** Table of items (`item`, `id`), for the number of items. */
  items: DataFrame;
  /** Table of users (`user`, `id`), for the number of users and their names in messages. */
  users: DataFrame;
}

/** What {@link sampleNegatives} returns: `frame` is the table of negatives. */
export interface NegativesResult extends StageResult {
  /** Number of times that each item is a target [items + 1]; the weights before the exponent. */
  popularity: Uint32Array;
  /** Number of negatives of each positive. */
  count: number;
  /** The protocols that the negatives were drawn with. */
  protocols: readonly Protocol[];
  /** Whether the number was not given, and there were too few items for the default number or for some protocols. */
  lowered: boolean;
}

/**
 * Draws the negatives. Each list is a pure function of (seed, protocol, user, position in the user's sequence) and the
 * items' weights, so the order of rows, chunks or threads cannot change it.
 *
 * @param frame Interactions ordered by user, then time, with `user`, `item` (UInt32) and `split`.
 * @returns A table with `protocol`, `split` (Categorical), `user`, `row` (of the positive in `frame`), `target` (UInt32) and
 * `negatives` (List of UInt32), ordered by protocol, then row.
 * @example
 * ```ts
 * import pl from "nodejs-polars";
 * import { sampleNegatives } from "automlp";
 * import assert from "node:assert/strict";
 *
 * const u32 = (name: string, values: number[]) => pl.Series(name, values, pl.UInt32);
 * const log = pl.DataFrame([
 *   u32("user", [1, 1, 1, 2, 2, 2]),
 *   u32("item", [1, 2, 3, 4, 5, 6]),
 *   pl.Series("split", ["train", "validation", "test", "train", "validation", "test"]),
 * ]);
 * const { frame } = await sampleNegatives(log, {
 *   evalNegatives: 2,
 *   protocols: ["strict"],
 *   items: pl.DataFrame([u32("item", [1, 2, 3, 4, 5, 6])]),
 *   users: pl.DataFrame([u32("user", [1, 2]), pl.Series("id", ["ann", "bob"])]),
 * });
 * assert(frame.height === 4); // a validation and a test positive of each user
 * ```
 * @throws {InputError} if a user leaves fewer items than a protocol of distinct negatives needs.
 */
export async function sampleNegatives(
  frame: InteractionsFrame,
  options: NegativesOptions,
): Promise<NegativesResult> {
  const started = performance.now();
  const { evalNegatives, protocols = PROTOCOLS, exponent = 1, seed = DEFAULT_SEED, users } = options;
  const { progress, signal } = options;
  const nItems = options.items.height;
  const popularity = targetCounts(frame, nItems);
  const positives = positivesOf(frame), interactions = userCounts(frame, users.height);
  const each = negativesEach(evalNegatives, { frame, interactions, protocols, popularity, exponent });
  const { count, protocols: drawn } = each;
  const task = progress?.start("drawing negatives", drawn.length * positives.height, "positives");
  const tables: DataFrame[] = [];
  try {
    const sequences = sequencesOf(frame, 1, interactions);
    const instead = () => mostNegatives(frame, { protocols: drawn, count, popularity, exponent });
    const facts = { count, popularity, exponent, seed, users, instead, task, signal };
    const drawers = drawn.map((protocol) => new ListDrawer([protocol], facts));
    // One protocol after the other, because the lists are in memory twice while they are turned into a table.
    for (const [p, drawer] of drawers.entries()) {
      const negatives = await drawer.draw(positives, sequences);
      tables.push(negativesTable(positives, [drawn[p]], negatives, count));
      if (negatives.length > LARGE) freeFrames();
    }
  } finally {
    task?.end();
  }
  const table = tables.length > 0 ? pl.concat(tables, { how: "vertical", rechunk: false }) : noNegatives();
  const report = negativesReport(frame.height, positives.height, drawn.length, each, started);
  return stageResult({
    frame: table,
    report,
    popularity,
    count,
    protocols: drawn,
    lowered: each.why !== undefined,
  });
}

/** Number of negatives above which freeing their memory is worth a pause of JavaScript. */
const LARGE = 10_000_000;

/** Builds the report of the negatives for `positives` positives and `protocols` protocols. */
export const negativesReport = (
  interactions: number,
  positives: number,
  protocols: number,
  { count, why }: NegativesEach,
  started: number,
): StageReport =>
  new StageReport({
    stage: "negatives",
    rowsIn: interactions,
    rowsOut: interactions,
    counts: { positives, "negatives each": count, "drawn in all": protocols * positives * count },
    warnings: why !== undefined
      ? [why]
      : protocols === 0
      ? ["no negatives: the dataset can only be evaluated against all items"]
      : [],
    seconds: (performance.now() - started) / 1000,
  });

/** Returns the validation and test interactions that have a history: `row`, `user`, `item`, `split`. */
export function positivesOf(frame: Pick<Rows, "lazy">): DataFrame {
  return frame.lazy().withRowIndex("row")
    .filter(pl.col("split").neq(pl.lit("train")).and(pl.col("user").eq(pl.col("user").shift(1))))
    .select(pl.col("row").cast(pl.UInt32), pl.col("user"), pl.col("item"), pl.col("split"))
    .collectSync();
}

/** Number of interactions of each user [users]. */
function userCounts(frame: DataFrame, users: number): Uint32Array {
  const counted = frame.lazy().groupBy("user").agg(pl.len().cast(pl.UInt32).alias("n")).sort("user")
    .collectSync();
  const lengths = counted.getColumn("n").toTypedArray() as Uint32Array;
  if (lengths.length !== users) {
    throw new Error(`${lengths.length} users have interactions, the table has ${users}`);
  }
  return lengths;
}

/** The empty table of negatives, for when none are drawn. */
export function noNegatives(): DataFrame {
  const text = (name: string) => pl.Series(name, [], pl.String).cast(pl.Categorical);
  const whole = (name: string) => pl.Series(name, [], pl.UInt32);
  return pl.DataFrame([text("protocol"), text("split"), whole("user"), whole("row"), whole("target")])
    .withColumn(pl.lit(null).cast(pl.List(pl.UInt32)).alias("negatives"));
}

/**
 * Builds the table of negatives.
 *
 * @param positives The positives, as returned by {@link positivesOf}.
 * @param negatives [protocols × positives × count].
 */
export function negativesTable(
  positives: DataFrame,
  protocols: readonly Protocol[],
  negatives: Uint32Array,
  count: number,
): DataFrame {
  const lists = pl.DataFrame([pl.Series("negatives", negatives)]).lazy()
    .select(
      pl.col("negatives").reshape([protocols.length * positives.height, count]).cast(pl.List(pl.UInt32)),
    )
    .collectSync();
  const facts = pl.concat(protocols.map((protocol) =>
    positives.select(
      pl.lit(protocol).cast(pl.Categorical).alias("protocol"),
      pl.col("split"),
      pl.col("user"),
      pl.col("row"),
      pl.col("item").alias("target"),
    )
  ));
  return pl.concat([facts, lists], { how: "horizontal" });
}
