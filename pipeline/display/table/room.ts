/**
 * How wide text tables may be where they are going to be read: as wide as they are, unless this process writes to a terminal.
 *
 * @module
 */

const anywhere = (): number => Infinity;
let room = anywhere;

/** Columns that a text table may take now. */
export const tableRoom = (): number => room();

/** From now on text tables are made for a terminal of so many columns, the last of which makes some terminals wrap; undefined: for any place. */
export function fitTables(columns: (() => number) | undefined): void {
  room = columns ? () => columns() - 1 : anywhere;
}

/** What `work` gives, its tables made for a terminal of so many columns. */
export function withTablesFor<T>(columns: number, work: () => T): T {
  const before = room;
  fitTables(() => columns);
  try {
    return work();
  } finally {
    room = before;
  }
}
