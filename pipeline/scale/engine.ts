/**
 * The interface through which the stages use an engine that runs SQL.
 *
 * @module
 */
import { checkInterrupt } from "../contract/errors.ts";
import type { DataFrame } from "../contract/frame.ts";
import type { Progress } from "../contract/progress.ts";
import type { ColumnRole, RowLocation } from "../contract/stage/location.ts";
import type { StageReport } from "../contract/stage/report.ts";
import type { RowFlaw } from "../contract/stage/row_flaws.ts";
import type { PrepareConfig } from "../prepare_options.ts";
import type { Dialect } from "./dialect.ts";
import type { SourceTime } from "./stages/schema_sql.ts";

/** Observer of a session's queries. */
export interface Watcher {
  /** What the queries do, as in "drawing negatives", for messages. */
  doing: string;
  /** Receives the number of the engine's tasks finished since the last call. */
  finished(tasks: number): void;
}

/** A session on an engine. Its names are not visible outside it. */
export interface Runner {
  readonly dialect: Dialect;
  /** What the engine calls its tasks. */
  readonly unit: string;
  /** Computes a table now and keeps it, so that later queries by its name do not compute it again. */
  keep(name: string, select: string): Promise<void>;
  /** Gives a query a name; it is computed wherever it is used. */
  view(name: string, select: string): Promise<void>;
  /** Gives a name to a query that many others use: it is kept if computing it each time would take longer. */
  reused(name: string, select: string): Promise<void>;
  /** Returns the rows of a query, in no particular order unless the query has one. */
  rows(select: string): Promise<DataFrame>;
  /**
   * Yields the rows of a query, ordered by a column of whole numbers, as one or more frames: an engine that holds what it sends
   * returns one range at a time.
   */
  ranges(select: string, column: string): AsyncIterable<DataFrame>;
  /** Sends a table to the engine. Column types: 32-bit or 64-bit signed whole numbers, doubles, text. */
  table(name: string, frame: DataFrame): Promise<void>;
  /** Reports that a stage has ended and its kept tables are complete. An engine that outlives this process can resume from there. */
  finished?(stage: string): void;
  /** Sets the observer of all queries from now on. */
  watch(watcher: Watcher): void;
}

/** Returns the numbers in the only row of a query. */
export async function numbers<Name extends string>(
  runner: Runner,
  select: string,
): Promise<Record<Name, number>> {
  const frame = await runner.rows(select), row = frame.row(0);
  return Object.fromEntries(frame.columns.map((name, i) => [name, Number(row[i] ?? 0)])) as Record<
    Name,
    number
  >;
}

/** A file as a cluster sees it, or a table in its catalog. */
export interface ClusterFile {
  /** Path or URI; for a table, `table:database.name`. */
  path: string;
  /** Size; for a table, that of the columns read, as text. */
  bytes: number;
  /** For a file: when it was last written, as an ISO date. */
  modified?: string;
  /** For a table: a number computed from its rows, independent of their order. */
  digest?: string;
}

/** Interactions that were read from files or a table. */
export interface SourceTable {
  /**
   * Name of a table with `user`, `item` (text), `rating`? (text, or numbers), `timestamp`, `event`?, the flaws, and `source_row`,
   * which orders rows as in the files.
   */
  table: string;
  hasRating: boolean;
  /** Whether there is an `event` column (text). */
  hasEvent: boolean;
  /** Whether ratings have a numeric type rather than text. */
  ratingIsNumber?: boolean;
  /** The flaws with which rows are marked. */
  flaws: RowFlaw[];
  time: SourceTime;
  report: StageReport;
  columnName(role: ColumnRole): string;
  /**
   * Finds rows in the files again, in their order.
   *
   * @param rows A query for their `source_row`.
   */
  locate(rows: string): Promise<RowLocation[]>;
}

/** The work, and where it runs. */
export interface EngineWork {
  runner: Runner;
  config: PrepareConfig;
  /** Number of parts into which tables are divided, each processed by one task. */
  parts: number;
  progress: Progress;
  signal?: AbortSignal;
}

/** Does a stage's work, and shows the engine's finished tasks as progress. */
export async function announced<R>(
  doing: string,
  { runner, progress, signal }: EngineWork,
  work: () => Promise<R>,
): Promise<R> {
  checkInterrupt(signal, doing);
  const task = progress.start(doing, undefined, runner.unit);
  runner.watch({ doing, finished: (tasks) => task.advance(tasks) });
  try {
    return await work();
  } finally {
    task.end();
  }
}

/** A column whose values have few or many interactions. */
export type Column = "user" | "item";

/**
 * Returns a query for `id`, `interactions`.
 *
 * @param weight What a row counts for: 1 if left out, or a column, as for the pairs of a k-core.
 */
export const counted = (d: Dialect, rows: string, column: Column, weight?: string): string =>
  `SELECT ${column} AS id, ${
    weight ? d.sum(weight) : "count(*)"
  } AS interactions FROM ${rows} GROUP BY ${column}`;
