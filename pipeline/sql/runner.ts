/**
 * The interface through which the stages use an engine that runs SQL.
 *
 * @module
 */
import type { DataFrame } from "../contract/frame.ts";
import type { Dialect } from "./dialect.ts";

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
  finished?(stage: string): Promise<void>;
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
