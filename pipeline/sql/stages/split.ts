/**
 * Stage 5 on an engine that runs SQL: order and split. The interactions come to this machine, in their order.
 *
 * @module
 */
import pl from "nodejs-polars";
import type { DataFrame, Rows } from "../../contract/frame.ts";
import type { StageReport } from "../../contract/report.ts";
import {
  checkRatios,
  checkTimePoints,
  givenTimePoints,
  shortSequence,
  splitReport,
  type SplitResult,
} from "../../split.ts";
import type { Split } from "../../contract/stage.ts";
import { numbers } from "../runner.ts";
import { arranged, partCounts, type Parts } from "../text/split.ts";
import type { Kept } from "./filter.ts";
import { valueAt } from "./quantile.ts";
import type { EngineWork } from "./session.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** Interactions in order. */
export interface Arranged {
  /** `user`, `item` (numbers), `rating`?, `timestamp`, `row_index`, `position`, `part`, `split`. */
  table: string;
  /** As a dataset has them. */
  frame: Rows;
  split: SplitResult["split"];
  report: StageReport;
}

/** Orders and splits as `splitInteractions` does. */
export async function splitOnEngine(kept: Kept, vocabulary: Vocabulary, work: EngineWork): Promise<Arranged> {
  const started = performance.now(), { runner, config, parts: number } = work;
  const { tables: { user: users, item: items } } = vocabulary;
  const parts = await partsOf(kept, vocabulary.users, work);
  const { hasRating } = kept, rowsPerPart = Math.ceil(kept.rows / number), table = "interactions";
  await runner.keep(
    table,
    arranged(runner.dialect, {
      ...{ interactions: kept.table, users, items, hasRating, ties: config.ties, rowsPerPart, parts },
    }),
  );
  const { training_targets: targets, ...counts } = await numbers<Split | "training_targets">(
    runner,
    partCounts(runner.dialect, table),
  );
  const report = splitReport({ ...counts, "training targets": targets }, parts.kind, started);
  const frame = await fetched(table, hasRating, work);
  const { kind, ...rest } = parts;
  const split = { kind, ...("ratios" in rest ? { ratios: [...rest.ratios] } : rest) };
  return { table, frame, split, report };
}

/** How to part, once it is known that it can be done. */
async function partsOf(kept: Kept, users: DataFrame, work: EngineWork): Promise<Parts> {
  const { split: kind, ratios = [0.8, 0.1, 0.1] } = work.config;
  if (kind === "leave-one-out") {
    refuseShort(users);
    return { kind };
  }
  checkRatios(ratios);
  if (kind === "ratio") return { kind, ratios };
  return { kind, ...checkTimePoints(givenTimePoints(work.config) ?? await timePoints(kept, ratios, work)) };
}

/** @throws {InputError} for the first user with fewer than three interactions. */
function refuseShort(users: DataFrame): void {
  const short = users.filter(pl.col("interactions").lt(pl.lit(3)));
  if (short.height === 0) return;
  const [, id, interactions] = short.row(0) as [number, string, number];
  throw shortSequence(id, interactions, short.height);
}

/** The times at the two shares; between two of them the later one. */
async function timePoints(kept: Kept, [train, validation]: readonly number[], { runner }: EngineWork) {
  await runner.keep(
    "times",
    `SELECT cast(timestamp AS DOUBLE) AS value, count(*) AS n FROM ${kept.table} GROUP BY cast(timestamp AS DOUBLE)`,
  );
  const at = (share: number) => valueAt(runner, "times", Math.ceil((kept.rows - 1) * share));
  return { validFrom: await at(train), testFrom: await at(train + validation) };
}

/** The interactions as a dataset has them, ordered by user and time. */
async function fetched(table: string, hasRating: boolean, { runner }: EngineWork): Promise<Rows> {
  const columns = ["user", "item", ...(hasRating ? ["rating"] : []), "timestamp", "split"];
  const rows = await runner.sorted(`SELECT row_index, ${columns.join(", ")} FROM ${table}`, "row_index");
  return {
    height: rows.height,
    columns,
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
