/**
 * All that the stages ask of an engine that runs SQL.
 *
 * @module
 */
import type { DataFrame } from "../contract/frame.ts";
import type { Dialect } from "./dialect.ts";

/** What a session's queries are for. */
export interface Watcher {
  /** As in "drawing negatives": for messages. */
  doing: string;
  /** Receives how many tasks of the engine have been finished since the last call. */
  finished(tasks: number): void;
}

/** A session on an engine. Names are its own: nothing is seen outside of it. */
export interface Runner {
  readonly dialect: Dialect;
  /** What the engine's tasks are called. */
  readonly unit: string;
  /** Computes a table now and keeps it: later queries by its name do not compute it again. */
  keep(name: string, select: string): Promise<void>;
  /** Gives a query a name; it is computed where it is used. */
  view(name: string, select: string): Promise<void>;
  /** Gives a query a name that many others use: kept where computing it each time would take longer. */
  reused(name: string, select: string): Promise<void>;
  /** The rows of a query, in no order unless it has one. */
  rows(select: string): Promise<DataFrame>;
  /** The rows of a query by a column of whole numbers, one frame or several behind each other: an engine that holds what it sends sends a range at a time. */
  ranges(select: string, column: string): AsyncIterable<DataFrame>;
  /** Sends a table from here. Columns: 32-bit or 64-bit signed whole numbers, doubles, text. */
  table(name: string, frame: DataFrame): Promise<void>;
  /** A stage is at its end: what it has kept is whole. An engine that outlives this process can go on from there. */
  finished?(stage: string): Promise<void>;
  /** From now on, queries are for this. */
  watch(watcher: Watcher): void;
}

/** The numbers in the only row of a query. */
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
