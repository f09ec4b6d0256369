/**
 * Stage 3 on an engine that runs SQL: drops users and items with too few interactions, users with too many, and users who are not
 * sampled.
 *
 * @module
 */
import pl from "nodejs-polars";
import { checkInterrupt } from "../../contract/errors.ts";
import type { StageReport } from "../../contract/stage/report.ts";
import type { DateUnit } from "../../contract/values/date_units.ts";
import { type DroppedIds, filterReport, nothingDropped } from "../../filter.ts";
import { drawnUsers } from "../../filter/drawn_users.ts";
import { MOST_PEELED, peel, type Peeled, WHOLE_ROUNDS } from "../../filter/peeling.ts";
import type { Dialect } from "../dialect.ts";
import { type Column, counted, type EngineWork, numbers } from "../engine.ts";
import type { Typed } from "./schema.ts";

/** The interactions that are left. */
export interface Kept {
  /** Table of interactions, with the columns of the one in {@link Typed}. */
  table: string;
  /** The table including the dropped rows, for joins with the remaining users and items, which drop them anyway. */
  unfiltered: string;
  hasRating: boolean;
  rows: number;
  /** Queries for the remaining users and items: `id`, `interactions`. */
  counts: Record<Column, string>;
  timeUnit?: DateUnit;
  report: StageReport;
}

/**
 * Keeps the users and items with enough interactions. The rounds of a k-core work on user-item pairs rather than interactions.
 *
 * @throws {InputError} if nothing is left.
 */
export async function filterOnEngine(typed: Typed, work: EngineWork): Promise<Kept> {
  const started = performance.now(), { runner, config, signal } = work;
  const minimum = { user: config.minUser, item: config.minItem }, again = config.filter === "k-core";
  let rows = typed.table, weight: string | undefined;
  if (again) {
    await runner.keep("pairs", pairs(typed.table));
    [rows, weight] = ["pairs", "n"];
  }
  /** Counts that are valid for `rows`; undefined if rows have been dropped since. */
  const counts: Partial<Record<Column, string>> = { ...typed.counts };
  const dropped = nothingDropped();
  const total = () => Object.values(dropped).reduce((sum, { rows }) => sum + rows, 0);
  if (config.maxUser !== undefined) {
    await dropWhere("user", moreThan(config.maxUser), dropped.many, "users_not_many");
  }
  if (config.sampleUsers !== undefined) {
    await dropBelow("user", "users_enough");
    await dropUndrawn(config.sampleUsers);
  }
  let rounds = 0, before: number;
  do {
    checkInterrupt(signal, "filtering");
    before = total();
    for (const column of ["user", "item"] as const) {
      await dropBelow(column, `${column}s_${rounds}`);
    }
    rounds++;
    if (rounds === WHOLE_ROUNDS && total() > before) {
      const here = await peelHere(rows, minimum, work);
      if (here) {
        for (const column of ["user", "item"] as const) {
          dropped[column].ids += here.dropped[column].ids;
          dropped[column].rows += here.dropped[column].rows;
          counts[column] = here.counts[column];
        }
        rounds += here.rounds;
        break;
      }
    }
  } while (again && total() > before);

  const left = {} as Kept["counts"];
  for (const column of ["user", "item"] as const) {
    if (!counts[column]) {
      await runner.keep(counts[column] = `${column}s_left`, counted(runner.dialect, rows, column, weight));
    }
    left[column] = counts[column];
  }
  if (again) {
    const users = having(typed.table, "user", `SELECT id FROM ${left.user}`);
    await runner.view("core", having(`(${users})`, "item", `SELECT id FROM ${left.item}`));
  }
  const report = filterReport({
    rowsIn: typed.rows,
    rowsOut: typed.rows - total(),
    dropped,
    rounds,
    seconds: (performance.now() - started) / 1000,
  }, config);
  return {
    ...typed,
    table: again ? "core" : rows,
    unfiltered: typed.table,
    rows: report.rowsOut,
    counts: left,
    report,
  };

  async function countIds(column: Column, step: string): Promise<string> {
    if (!counts[column]) {
      await runner.keep(counts[column] = `${step}_counted`, counted(runner.dialect, rows, column, weight));
    }
    return counts[column];
  }

  /**
   * Keeps only the rows of some ids.
   *
   * @param ids A query for `id` and `interactions`.
   */
  async function leave(column: Column, ids: string, step: string): Promise<void> {
    const left = having(rows, column, ids);
    await (again ? runner.keep(`${step}_left`, left) : runner.view(`${step}_left`, left));
    await runner.view(`${step}_ids`, ids);
    rows = `${step}_left`;
    // Dropping rows has changed the other column's counts.
    counts.user = counts.item = undefined;
    counts[column] = `${step}_ids`;
  }

  async function dropBelow(column: Column, step: string): Promise<void> {
    if (minimum[column] > 1) await dropWhere(column, fewerThan(minimum[column]), dropped[column], step);
  }

  /** @param of Counts what is dropped. */
  async function dropWhere(column: Column, gone: string, of: DroppedIds, step: string): Promise<void> {
    const all = await countIds(column, step);
    const found = await numbers<"ids" | "interactions" | "seen">(runner, going(runner.dialect, all, gone));
    of.before ||= found.seen;
    if (found.ids === 0) return;
    of.ids += found.ids;
    of.rows += found.interactions;
    await leave(column, staying(all, gone), step);
  }

  async function dropUndrawn(count: number): Promise<void> {
    const all = await countIds("user", "users_to_draw"), of = dropped.sample;
    const users = await runner.rows(`SELECT id, interactions FROM ${all}`);
    const ids = users.getColumn("id").toArray() as string[], drawn = drawnUsers(ids, count, config.seed);
    of.before = ids.length;
    of.ids = ids.length - drawn.length;
    if (of.ids === 0) return;
    await runner.table("drawn", pl.DataFrame([pl.Series("id", drawn, pl.String)]));
    const left = having(all, "id", "SELECT id FROM drawn");
    const interactions = (of: string) =>
      numbers(runner, `SELECT ${runner.dialect.sum("interactions")} AS n FROM ${of}`);
    of.rows = (await interactions(all)).n - (await interactions(`(${left}) drawn_users`)).n;
    await leave("user", left, "users_drawn");
  }
}

/**
 * Does the remaining rounds on this machine, since an engine takes as long for a round that drops little. Returns undefined if
 * there are too many rows for that.
 */
async function peelHere(
  pairs: string,
  minimum: Record<Column, number>,
  { runner }: EngineWork,
): Promise<Omit<Peeled, "kept"> & Pick<Kept, "counts"> | undefined> {
  const { n } = await numbers(runner, `SELECT count(*) AS n FROM ${pairs}`);
  if (n > MOST_PEELED) return undefined;
  const rows = await runner.rows(`SELECT user, item, n FROM ${pairs}`);
  const { kept, ...rest } = peel(rows, minimum), left = rows.filter(kept);
  const counts = { user: "users_core", item: "items_core" };
  for (const column of ["user", "item"] as const) {
    const interactions = pl.col("n").sum().cast(pl.Int64).alias("interactions");
    await runner.table(counts[column], left.groupBy(column).agg(interactions).rename({ [column]: "id" }));
  }
  return { ...rest, counts };
}

/** Returns a query for the distinct user-item pairs with their numbers of interactions `n`, on which the rounds of a k-core work. */
const pairs = (rows: string): string => `SELECT user, item, count(*) AS n FROM ${rows} GROUP BY user, item`;

/** Conditions for too few, or too many, interactions. */
const fewerThan = (minimum: number): string => `interactions < ${minimum}`;
const moreThan = (maximum: number): string => `interactions > ${maximum}`;

/**
 * Returns a query that sums up what is dropped from counts: `ids`, `interactions`; and `seen`, the number of all ids.
 *
 * @param gone As returned by {@link fewerThan}.
 */
const going = (d: Dialect, counts: string, gone: string): string =>
  `SELECT ${d.countIf(gone)} AS ids,
    ${
    d.sum(`CASE WHEN ${gone} THEN interactions ELSE 0 END`)
  } AS interactions, count(*) AS seen FROM ${counts}`;

/** Returns a query for the counts that stay. */
const staying = (counts: string, gone: string): string =>
  `SELECT id, interactions FROM ${counts} WHERE NOT (${gone})`;

/**
 * Returns a query for the rows whose id is among `ids`.
 *
 * @param column `id` if the rows are counts.
 */
const having = (rows: string, column: Column | "id", ids: string): string =>
  `SELECT r.* FROM ${rows} r SEMI JOIN (${ids}) k ON r.${column} = k.id`;
