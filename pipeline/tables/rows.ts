/**
 * Converts tables in memory to lazy frames. A Polars frame returns a column for a member of the same name, such as `height`, so
 * only `lazy` is used on a frame with a caller's columns.
 *
 * @module
 */
import pl, { type Series } from "nodejs-polars";
import { found } from "../contract/options/arguments.ts";
import { checkInterrupt, InputError } from "../contract/errors.ts";
import { yieldToEventLoop } from "../contract/machine/event_loop.ts";
import type { DataFrame, LazyDataFrame } from "../contract/frame.ts";
import type { ColumnRole } from "../contract/stage/location.ts";
import type { Task } from "../contract/progress.ts";
import { TableColumn } from "./column.ts";

/**
 * A table in memory: a Polars frame, or an array with one object per row, for `data` of {@link prepare}. Values in objects can be
 * text, numbers or BigInts, booleans, a `Date` or a `Temporal.Instant`, a list of these, or null for a missing value. If one value
 * of a column is text, all become text, as JavaScript writes them.
 */
export type TableInput = DataFrame | readonly object[];

type Row = Readonly<Record<string, unknown>>;

/** Context of reading a table. */
export interface TableReading {
  /** Name of the option that holds the table. */
  option: string;
  /** Description of the work in progress. */
  doing: string;
  /** Counts the rows. */
  task: Task;
  signal?: AbortSignal;
  /** Returns the columns that are read and their roles; left out if all columns are read. */
  roles?: (header: string[]) => Partial<Record<ColumnRole, string>>;
}

/**
 * Converts the table to a lazy frame.
 *
 * @throws {InputError} if it is not a table, has no rows or no columns, or holds an unsupported value; {@link Interrupted} if the
 * signal is aborted.
 */
export async function lazyOf(table: TableInput, reading: TableReading): Promise<LazyDataFrame> {
  const { option } = reading;
  const none = new InputError(`Option ${option} does not fit: the table has no rows`);
  if (Array.isArray(table)) {
    if (table.length === 0) throw none;
    return await fromRows(table as readonly Row[], reading);
  }
  const frame = table as DataFrame;
  // A lazy frame has no height, not even as a column.
  if (frame?.height === undefined || typeof frame.lazy !== "function") {
    throw new InputError(
      `Option ${option} does not fit: give files, a frame of Polars, or an array with an object for each row${
        option === "data" ? "" : ", or any of these with the names of its columns as { file, id, title }"
      }`,
    );
  }
  const rows = frame.lazy();
  if (rows.select(pl.len()).collectSync().row(0)[0] === 0) throw none;
  return rows;
}

/** Prefix for column names, so that none is the name of a member. */
const BEFORE = "column ";

async function fromRows(rows: readonly Row[], reading: TableReading): Promise<LazyDataFrame> {
  const pauses = new Pauses(reading);
  const columns = await columnsOf(rows, reading.option, pauses), names = columns.map(({ name }) => name);
  if (names.length === 0) {
    throw new InputError(
      `Option ${reading.option} does not fit: its rows have no columns; give an object for each, as in { user: "u1", item: "teapot", timestamp: 1 }`,
    );
  }
  const roles = reading.roles?.(names), read = roles ? new Set(Object.values(roles)) : undefined;
  const wrong = columns.find(({ name, unreadable }) => unreadable && (read?.has(name) ?? true));
  if (wrong) throw unreadable(wrong, reading.option);
  const pieces: DataFrame[] = [];
  for (let start = 0; start < rows.length; start += PIECE) {
    const piece = rows.slice(start, start + PIECE), made: Series[] = [];
    for (const column of columns) {
      const { name } = column, values = piece.map((row) => Object.hasOwn(row, name) ? row[name] : undefined);
      made.push(column.series(BEFORE + name, values, name === roles?.timestamp));
      await pauses.whereDue();
    }
    pieces.push(pl.DataFrame(made));
    reading.task.advance(piece.length);
  }
  const frame = pieces.length === 1 ? pieces[0] : pl.concat(pieces, { how: "vertical", rechunk: false });
  return frame.lazy().select(...names.map((name) => pl.col(BEFORE + name).alias(name)));
}

/**
 * Collects the columns, in the order in which rows have them.
 *
 * @throws {InputError} for a row that is not an object.
 */
async function columnsOf(rows: readonly Row[], option: string, pauses: Pauses): Promise<TableColumn[]> {
  const columns = new Map<string, TableColumn>();
  let looked = 0;
  for (const [at, row] of rows.entries()) {
    if (typeof row !== "object" || row === null || Array.isArray(row)) throw noRow(row, at, option);
    const names = Object.keys(row);
    for (const name of names) {
      let column = columns.get(name);
      if (column === undefined) columns.set(name, column = new TableColumn(name));
      column.see(row[name], at);
    }
    looked += names.length;
    if (looked < LOOKS) continue;
    looked = 0;
    await pauses.whereDue();
  }
  return [...columns.values()];
}

/** Number of rows whose values become Polars series at once. */
const PIECE = 1 << 14;
/** Number of values examined between two looks at the clock. */
const LOOKS = 1 << 14;
/** Milliseconds between two pauses. */
const PAUSE_MS = 20;

/** Gives the event loop time for waiting tasks, and checks for interruption. */
class Pauses {
  #last = -Infinity; // what was drawn before must get time to appear
  readonly #reading: TableReading;

  constructor(reading: TableReading) {
    this.#reading = reading;
  }

  /**
   * Pauses if it is time to.
   *
   * @throws {Interrupted} if the signal is aborted.
   */
  async whereDue(): Promise<void> {
    if (performance.now() - this.#last < PAUSE_MS) return;
    await yieldToEventLoop();
    checkInterrupt(this.#reading.signal, this.#reading.doing);
    this.#last = performance.now();
  }
}

const noRow = (row: unknown, at: number, option: string): InputError =>
  new InputError(
    `Option ${option} does not fit: value ${at + 1} of the list is ${
      found(row)
    }; give an object for each row`,
  );

const unreadable = ({ name, unreadable }: TableColumn, option: string): InputError =>
  new InputError(
    `Cannot read ${option}: row ${unreadable!.row + 1}, column "${name}": the value is ${
      unreadable!.found
    }; ` +
      "give text, a number, true or false, a Date, a list of these, or null",
  );
