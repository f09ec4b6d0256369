/**
 * Stage 3, filter: drops users, and on request items, with too few interactions.
 *
 * @module
 */
import { checkKnown, type KnownOptions } from "./contract/known_options.ts";
import { AN_OBJECT, checkCall, NUMBER, oneOf } from "./contract/arguments.ts";
import pl, { type DataFrame } from "nodejs-polars";
import { checkInterrupt, InputError } from "./contract/errors.ts";
import { type DroppedRows, StageReport } from "./contract/report.ts";
import {
  INTERACTIONS,
  type InteractionsFrame,
  type StageContext,
  type StageResult,
} from "./contract/stage.ts";
import { stageResult } from "./contract/stage_result.ts";

/** Options of {@link filterInteractions}. */
export interface FilterOptions extends StageContext {
  /** Users with fewer interactions are dropped. Default 10, as in the paper. */
  minUser?: number;
  /** Items with fewer interactions are dropped. Default 0: all stay. */
  minItem?: number;
  /**
   * `once` (default): users, then items, one pass each, so that dropping items can leave a user below the limit.
   * `k-core`: again and again until both limits hold.
   */
  filter?: "once" | "k-core";
}

/**
 * Keeps the users with at least `minUser` and the items with at least `minItem` interactions.
 *
 * @param frame `user`, `item` and more, in any order, which is kept.
 * @example
 * ```ts
 * import pl from "nodejs-polars";
 * import { filterInteractions } from "automlp";
 * import assert from "node:assert/strict";
 *
 * const log = pl.DataFrame({ user: ["a", "b", "b"], item: ["x", "x", "y"], timestamp: [1, 2, 3] });
 * const { frame, report } = filterInteractions(log, { minUser: 2 });
 * assert(frame.height === 2);
 * assert(report.dropped[0].rows === 1); // the one of user a
 * ```
 * @throws {InputError} if nothing is left.
 */
export function filterInteractions(frame: InteractionsFrame, options: FilterOptions = {}): StageResult {
  checkCall("filterInteractions(frame, { minUser: 5 })", [frame, INTERACTIONS], [options, AN_OBJECT]);
  checkKnown("filter", options, OPTIONS, "left");
  const started = performance.now();
  const { minUser = 10, minItem = 0, filter = "once", signal } = options;
  const rowsIn = frame.height;
  const droppedRows = [0, 0], droppedIds = [0, 0];
  let rounds = 0, before: number;
  do {
    checkInterrupt(signal, "filtering");
    before = frame.height;
    (["user", "item"] as const).forEach((column, i) => {
      const kept = keepFrequent(frame, column, i === 0 ? minUser : minItem);
      droppedRows[i] += frame.height - kept.frame.height;
      droppedIds[i] += kept.droppedIds;
      frame = kept.frame;
    });
    rounds++;
  } while (filter === "k-core" && frame.height < before);
  const seconds = (performance.now() - started) / 1000;
  const report = filterReport(
    { rowsIn, rowsOut: frame.height, droppedRows, droppedIds, rounds, seconds },
    options,
  );
  return stageResult({ frame, report });
}

/** What filtering came to; of what was dropped, users first, then items. */
export interface Filtered {
  rowsIn: number;
  rowsOut: number;
  droppedRows: readonly number[];
  droppedIds: readonly number[];
  rounds: number;
  seconds: number;
}

/**
 * The report of the filter.
 *
 * @throws {InputError} if nothing is left.
 */
export function filterReport(filtered: Filtered, options: FilterOptions): StageReport {
  const { minUser = 10, minItem = 0, filter = "once" } = options;
  const { rowsIn, rowsOut, droppedRows, droppedIds, rounds, seconds } = filtered;
  if (rowsOut === 0) {
    throw new InputError(
      `Cannot continue: no user has ${minUser} interactions${
        minItem > 1 ? ` with items that have ${minItem}` : ""
      } (${rowsIn} interactions were read); lower --min-user${minItem > 1 ? " or --min-item" : ""}`,
    );
  }
  return new StageReport({
    stage: "filter",
    rowsIn,
    rowsOut,
    dropped: [reasonOf("user", minUser), reasonOf("item", minItem)].map((reason, i): DroppedRows => ({
      reason: reason(droppedIds[i]),
      rows: droppedRows[i],
    })),
    counts: {
      "users dropped": droppedIds[0],
      "items dropped": droppedIds[1],
      ...(filter === "k-core" && { rounds }),
    },
    seconds,
  });
}

/** As in `19 with 3 users of under 10 interactions`. */
const reasonOf = (what: string, minimum: number) => (count: number) =>
  `with ${count} ${what}${count === 1 ? "" : "s"} of under ${minimum} interactions`;

/** The rows whose value in `column` occurs at least `minimum` times. The very same frame where that is all of them. */
function keepFrequent(
  frame: DataFrame,
  column: "user" | "item",
  minimum: number,
): { frame: DataFrame; droppedIds: number } {
  if (minimum <= 1) return { frame, droppedIds: 0 };
  const counts = frame.lazy().groupBy(column).agg(pl.len().alias("_n")).collectSync();
  const frequent = counts.filter(pl.col("_n").gtEq(pl.lit(minimum))).select(column);
  const droppedIds = counts.height - frequent.height;
  if (droppedIds === 0) return { frame, droppedIds };
  return {
    frame: frame.lazy().join(frequent.lazy(), { on: column, how: "semi", maintainOrder: "left" })
      .collectSync(),
    droppedIds,
  };
}

const OPTIONS: KnownOptions<Omit<FilterOptions, keyof StageContext>> = {
  minUser: NUMBER,
  minItem: NUMBER,
  filter: oneOf(["once", "k-core"]),
};
