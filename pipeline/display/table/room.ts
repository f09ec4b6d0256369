/**
 * The maximum width of text tables: unlimited, unless this process writes to a terminal.
 *
 * @module
 */

const anywhere = (): number => Infinity;
let room = anywhere;

/** Returns the current maximum width of a text table, in columns. */
export const tableRoom = (): number => room();

/** Limits text tables to a terminal's columns, less the last one, which makes some terminals wrap; undefined removes the limit. */
export function fitTables(columns: (() => number) | undefined): void {
  room = columns ? () => columns() - 1 : anywhere;
}

/** Returns the result of `work`, with tables limited to a terminal of this many columns. */
export function withTablesFor<T>(columns: number, work: () => T): T {
  const before = room;
  fitTables(() => columns);
  try {
    return work();
  } finally {
    room = before;
  }
}
