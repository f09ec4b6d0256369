/**
 * Stage 3, filter: drops users, and on request items, with too few interactions.
 *
 * @module
 */
import { checkKnown, type KnownOptions } from "./contract/options/known.ts";
import { AN_OBJECT, checkCall, NUMBER, oneOf } from "./contract/options/arguments.ts";
import pl, { type DataFrame } from "nodejs-polars";
import type { DroppedRows } from "./contract/stage/dropped.ts";
import { checkInterrupt, InputError } from "./contract/errors.ts";
import { StageReport } from "./contract/stage/report.ts";
import {
  INTERACTIONS,
  type InteractionsFrame,
  type StageContext,
  type StageResult,
} from "./contract/stage.ts";
import { stageResult } from "./contract/stage/result.ts";
import { MOST_PEELED, peel, WHOLE_ROUNDS } from "./filter/peeling.ts";

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
  const dropped = { user: noneDropped(), item: noneDropped() };
  let rounds = 0, before: number;
  do {
    checkInterrupt(signal, "filtering");
    before = frame.height;
    for (const column of ["user", "item"] as const) {
      const kept = keepFrequent(frame, column, column === "user" ? minUser : minItem), of = dropped[column];
      of.rows += frame.height - kept.frame.height;
      of.ids += kept.droppedIds;
      of.before ||= kept.ids;
      frame = kept.frame;
    }
    rounds++;
    if (rounds === WHOLE_ROUNDS && frame.height < before && frame.height <= MOST_PEELED) {
      const rest = peel(frame, { user: minUser, item: minItem });
      for (const column of ["user", "item"] as const) {
        dropped[column].ids += rest.dropped[column].ids;
        dropped[column].rows += rest.dropped[column].rows;
      }
      frame = frame.filter(rest.kept);
      rounds += rest.rounds;
      break;
    }
  } while (filter === "k-core" && frame.height < before);
  const seconds = (performance.now() - started) / 1000;
  const report = filterReport({ rowsIn, rowsOut: frame.height, dropped, rounds, seconds }, options);
  return stageResult({ frame, report });
}

/** How many users, or items, were dropped with their rows, and how many there were when they were first counted. */
export interface DroppedIds {
  ids: number;
  before: number;
  rows: number;
}

/** Before anything is dropped. */
export const noneDropped = (): DroppedIds => ({ ids: 0, before: 0, rows: 0 });

/** What filtering came to. */
export interface Filtered {
  rowsIn: number;
  rowsOut: number;
  dropped: Record<"user" | "item", DroppedIds>;
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
  const { rowsIn, rowsOut, dropped: { user, item }, rounds, seconds } = filtered;
  if (rowsOut === 0) {
    throw new InputError(
      `Cannot continue: no user has ${minUser} interactions${
        minItem > 1 ? ` with items that have ${minItem}` : ""
      } (${rowsIn === 1 ? "1 interaction was" : `${rowsIn} interactions were`} read); lower --min-user${
        minItem > 1 ? " or --min-item" : ""
      }`,
    );
  }
  return new StageReport({
    stage: "filter",
    rowsIn,
    rowsOut,
    dropped: [
      droppedOf("users", user, { name: "minUser", value: minUser }),
      droppedOf("items", item, { name: "minItem", value: minItem }),
    ],
    counts: {
      "users dropped": user.ids,
      "items dropped": item.ids,
      ...(filter === "k-core" && { rounds }),
    },
    seconds,
  });
}

const droppedOf = (
  of: "users" | "items",
  { ids, before, rows }: DroppedIds,
  option: { name: string; value: number },
): DroppedRows => ({
  reason: `${of} with fewer than ${option.value} interactions`,
  rows,
  ids: { of, dropped: ids, before },
  option,
});

/** The rows whose value in `column` occurs at least `minimum` times. The very same frame where that is all of them. */
function keepFrequent(
  frame: DataFrame,
  column: "user" | "item",
  minimum: number,
): { frame: DataFrame; ids: number; droppedIds: number } {
  if (minimum <= 1) return { frame, ids: 0, droppedIds: 0 };
  const counts = frame.lazy().groupBy(column).agg(pl.len().alias("_n")).collectSync();
  const frequent = counts.filter(pl.col("_n").gtEq(pl.lit(minimum))).select(column);
  const ids = counts.height, droppedIds = ids - frequent.height;
  if (droppedIds === 0) return { frame, ids, droppedIds };
  return {
    frame: frame.lazy().join(frequent.lazy(), { on: column, how: "semi", maintainOrder: "left" })
      .collectSync(),
    ids,
    droppedIds,
  };
}

const OPTIONS: KnownOptions<Omit<FilterOptions, keyof StageContext>> = {
  minUser: NUMBER,
  minItem: NUMBER,
  filter: oneOf(["once", "k-core"]),
};
