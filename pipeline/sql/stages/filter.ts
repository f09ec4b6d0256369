/**
 * Stage 3 on an engine that runs SQL: drops users and items with too few interactions.
 *
 * @module
 */
import pl from "nodejs-polars";
import { checkInterrupt } from "../../contract/errors.ts";
import type { StageReport } from "../../contract/stage/report.ts";
import { filterReport, noneDropped } from "../../filter.ts";
import { MOST_PEELED, peel, type Peeled, WHOLE_ROUNDS } from "../../filter/peeling.ts";
import type { DateUnit } from "../../contract/values/date_units.ts";
import { numbers } from "../runner.ts";
import { below, type Column, counted, frequent, having, pairs } from "../text/filter.ts";
import type { Typed } from "./schema.ts";
import type { EngineWork } from "./session.ts";

/** What is left. */
export interface Kept {
  /** As of {@link Typed}. */
  table: string;
  /** The same with the rows that were dropped: for who joins the users and items that are left anyway. */
  unfiltered: string;
  hasRating: boolean;
  rows: number;
  /** Queries for the users and items that are left: `id`, `interactions`. */
  counts: Record<Column, string>;
  timeUnit?: DateUnit;
  report: StageReport;
}

/**
 * Keeps the users and items with enough interactions. The rounds of a k-core work on pairs of user and item, not on interactions.
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
  /** Counts that hold for `rows`; undefined where rows have gone since. */
  const counts: Partial<Record<Column, string>> = { ...typed.counts };
  const dropped = { user: noneDropped(), item: noneDropped() };
  const total = () => dropped.user.rows + dropped.item.rows;
  let rounds = 0, before: number;
  do {
    checkInterrupt(signal, "filtering");
    before = total();
    for (const column of ["user", "item"] as const) {
      if (minimum[column] <= 1) continue;
      const step = `${column}s_${rounds}`, frequentIds = () => frequent(counts[column]!, minimum[column]);
      if (!counts[column]) {
        await runner.keep(counts[column] = `${step}_counted`, counted(runner.dialect, rows, column, weight));
      }
      const gone = await numbers<"ids" | "interactions" | "seen">(
        runner,
        below(runner.dialect, counts[column], minimum[column]),
      );
      const of = dropped[column];
      of.before ||= gone.seen;
      if (gone.ids === 0) continue;
      of.ids += gone.ids;
      of.rows += gone.interactions;
      const left = having(rows, column, frequentIds());
      await (again ? runner.keep(`${step}_left`, left) : runner.view(`${step}_left`, left));
      await runner.view(`${step}_frequent`, frequentIds());
      rows = `${step}_left`;
      // The other column's counts have changed with the rows that are gone.
      counts.user = counts.item = undefined;
      counts[column] = `${step}_frequent`;
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
}

/** The rest of the rounds, here: an engine takes as long for one that drops little. Undefined where there are too many rows for that. */
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
