/**
 * Stage 3, filter: drops users, and on request items, with too few interactions. On request it also drops users with too many, and keeps
 * only a random sample of the users.
 *
 * @module
 */
import pl, { type DataFrame, type Expr } from "nodejs-polars";
import type { DroppedRows } from "./contract/stage/dropped.ts";
import { checkInterrupt, InputError } from "./contract/errors.ts";
import { StageReport } from "./contract/stage/report.ts";
import type { InteractionsFrame, StageContext, StageResult } from "./contract/stage.ts";
import { stageResult } from "./contract/stage/result.ts";
import { DEFAULT_SEED } from "./contract/random.ts";
import { drawnUsers } from "./filter/drawn_users.ts";
import { MOST_PEELED, peel, WHOLE_ROUNDS } from "./filter/peeling.ts";

/** The default minimum of a user's interactions, as in the paper. */
export const DEFAULT_MIN_USER = 10;

/** Options of {@link filterInteractions}. */
export interface FilterOptions extends StageContext {
  /** Users with fewer interactions are dropped. Default: 10, as in the paper. */
  minUser?: number;
  /** Users with more interactions, such as robots, are dropped; this is applied first, and once. Default: no maximum. */
  maxUser?: number;
  /** Items with fewer interactions are dropped. Default: 0, which keeps all. */
  minItem?: number;
  /**
   * `once` (default): one pass over users, then one over items, so that dropping items can leave a user below the limit.
   * `k-core`: repeated until both limits hold.
   */
  filter?: "once" | "k-core";
  /** Number of users to keep, drawn at random from those with enough interactions. Default: all of them. */
  sampleUsers?: number;
  /** Seed of the draw of users. Default: 2023. */
  seed?: number;
}

/**
 * Keeps the users with at least `minUser` and at most `maxUser` interactions, and the items with at least `minItem`. Users are drawn before
 * items are counted, so everything after the draw is as if the log held only these users.
 *
 * @param frame Columns `user`, `item` and any others; rows in any order, which is kept.
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
  const started = performance.now();
  const {
    minUser = DEFAULT_MIN_USER,
    maxUser,
    minItem = 0,
    filter = "once",
    sampleUsers,
    seed = DEFAULT_SEED,
    signal,
  } = options;
  const rowsIn = frame.height;
  const dropped = nothingDropped();
  if (maxUser !== undefined) drop("many", keepByCount(frame, "user", pl.col("_n").ltEq(pl.lit(maxUser))));
  if (sampleUsers !== undefined) {
    drop("user", keepFrequent(frame, "user", minUser));
    drop("sample", keepDrawn(frame, sampleUsers, seed));
  }
  let rounds = 0, before: number;
  do {
    checkInterrupt(signal, "filtering");
    before = frame.height;
    for (const column of ["user", "item"] as const) {
      drop(column, keepFrequent(frame, column, column === "user" ? minUser : minItem));
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

  function drop(why: keyof Filtered["dropped"], kept: KeptFrame): void {
    const of = dropped[why];
    of.rows += frame.height - kept.frame.height;
    of.ids += kept.droppedIds;
    of.before ||= kept.ids;
    frame = kept.frame;
  }
}

/** Number of users or items that were dropped, how many there were when first counted, and the number of rows dropped with them. */
export interface DroppedIds {
  ids: number;
  before: number;
  rows: number;
}

/** Counts of dropped users and items before anything is dropped. */
export function nothingDropped(): Filtered["dropped"] {
  const none = (): DroppedIds => ({ ids: 0, before: 0, rows: 0 });
  return { many: none(), user: none(), sample: none(), item: none() };
}

/** The outcome of filtering. */
export interface Filtered {
  rowsIn: number;
  rowsOut: number;
  /** `many`: users with too many interactions; `user` and `item`: those with too few; `sample`: users who were not drawn. */
  dropped: Record<"many" | "user" | "sample" | "item", DroppedIds>;
  rounds: number;
  seconds: number;
}

/**
 * Builds the report of the filter.
 *
 * @throws {InputError} if nothing is left.
 */
export function filterReport(filtered: Filtered, options: FilterOptions): StageReport {
  const { minUser = DEFAULT_MIN_USER, maxUser, minItem = 0, filter = "once", sampleUsers } = options;
  const { rowsIn, rowsOut, dropped: { many, user, sample, item }, rounds, seconds } = filtered;
  if (rowsOut === 0) {
    const lower = [...(minUser > 1 ? ["--min-user"] : []), ...(minItem > 1 ? ["--min-item"] : [])];
    const remedies = [
      ...(lower.length > 0 ? [`lower ${lower.join(" or ")}`] : []),
      ...(maxUser === undefined ? [] : ["raise --max-user"]),
    ];
    const items = minItem > 1 ? ` with items that have ${minItem}` : "";
    const none = minUser > 1 || maxUser !== undefined
      ? `no user has ${minUser}${maxUser === undefined ? "" : ` to ${maxUser}`} interactions${items}`
      : `no item has ${minItem} interactions`;
    throw new InputError(
      `Cannot continue: ${none} (${
        rowsIn === 1 ? "1 interaction was" : `${rowsIn} interactions were`
      } read); ${remedies.join(", or ")}`,
    );
  }
  return new StageReport({
    stage: "filter",
    rowsIn,
    rowsOut,
    dropped: [
      ...(maxUser === undefined ? [] : [
        droppedOf("users", many, `with more than ${maxUser} interactions`, {
          name: "maxUser",
          value: maxUser,
        }),
      ]),
      tooFew("users", user, { name: "minUser", value: minUser }),
      ...(sampleUsers === undefined
        ? []
        : [droppedOf("users", sample, "not drawn", { name: "sampleUsers", value: sampleUsers })]),
      tooFew("items", item, { name: "minItem", value: minItem }),
    ],
    counts: {
      "users dropped": many.ids + user.ids,
      ...(sampleUsers !== undefined && { "users not drawn": sample.ids }),
      "items dropped": item.ids,
      ...(filter === "k-core" && { rounds }),
    },
    warnings: minUser === DEFAULT_MIN_USER ? fewUsersLeft(user) : [],
    seconds,
  });
}

/** The warning if the default limit, which the caller may not have had in mind, left out most users, as in a log of sessions. */
const fewUsersLeft = ({ ids, before }: DroppedIds): string[] =>
  2 * ids <= before ? [] : [
    `most users have fewer than ${DEFAULT_MIN_USER} interactions, the default of --min-user, and are left out: ${
      ids.toLocaleString("en-US")
    } of ${before.toLocaleString("en-US")}; --min-user 3 keeps more of them`,
  ];

const tooFew = (
  of: "users" | "items",
  dropped: DroppedIds,
  option: { name: string; value: number },
): DroppedRows => droppedOf(of, dropped, `with fewer than ${option.value} interactions`, option);

const droppedOf = (
  of: "users" | "items",
  { ids, before, rows }: DroppedIds,
  why: string,
  option: { name: string; value: number },
): DroppedRows => ({
  reason: `${of} ${why}`,
  rows,
  ids: { of, dropped: ids, before },
  option,
});

/** The rows that are kept (the very same frame if all are), the number of ids there were, and the number that were dropped. */
interface KeptFrame {
  frame: DataFrame;
  ids: number;
  droppedIds: number;
}

/** Keeps the rows whose value in `column` occurs at least `minimum` times. */
function keepFrequent(frame: DataFrame, column: "user" | "item", minimum: number): KeptFrame {
  if (minimum <= 1) return { frame, ids: 0, droppedIds: 0 };
  return keepByCount(frame, column, pl.col("_n").gtEq(pl.lit(minimum)));
}

/** Keeps the rows whose value in `column` occurs as often as `stays` requires, a condition on the column `_n`. */
function keepByCount(frame: DataFrame, column: "user" | "item", stays: Expr): KeptFrame {
  const counts = frame.lazy().groupBy(column).agg(pl.len().alias("_n")).collectSync();
  return keepOf(frame, column, counts.filter(stays).select(column), counts.height);
}

/** Keeps the rows of the users who are drawn. */
function keepDrawn(frame: DataFrame, count: number, seed: number): KeptFrame {
  const users = frame.lazy().select("user").unique().collectSync();
  const ids = users.getColumn("user").cast(pl.String).toArray() as string[];
  const drawn = new Set(drawnUsers(ids, count, seed));
  return keepOf(
    frame,
    "user",
    users.filter(pl.Series("drawn", ids.map((id) => drawn.has(id)), pl.Bool)),
    ids.length,
  );
}

/**
 * @param kept The column `column` alone, each value once.
 *
 * @param ids Number of distinct values in the frame.
 */
function keepOf(frame: DataFrame, column: "user" | "item", kept: DataFrame, ids: number): KeptFrame {
  const droppedIds = ids - kept.height;
  if (droppedIds === 0) return { frame, ids, droppedIds };
  return {
    frame: frame.lazy().join(kept.lazy(), { on: column, how: "semi", maintainOrder: "left" }).collectSync(),
    ids,
    droppedIds,
  };
}
