/**
 * Tables in memory, as somebody has them, as lazy frames. A frame of Polars gives a column for a member of its name, such as `height`: of one that has
 * somebody's columns nothing else than `lazy` is asked.
 *
 * @module
 */
import pl from "nodejs-polars";
import { found } from "./contract/arguments.ts";
import { InputError } from "./contract/errors.ts";
import type { DataFrame, LazyDataFrame } from "./contract/frame.ts";

/** A table that is no file: a frame of Polars, or an object for each row. What `data` of {@link prepare} may be. */
export type TableInput = DataFrame | readonly Readonly<Record<string, unknown>>[];

/**
 * The table as a lazy frame.
 *
 * @param option The option whose value it is.
 * @throws {InputError} if it is none, or has no rows.
 */
export function lazyOf(table: TableInput, option: string): LazyDataFrame {
  const none = new InputError(`Option ${option} does not fit: the table has no rows`);
  if (Array.isArray(table)) {
    if (table.length === 0) throw none;
    checkRows(table, option);
    return fromRows(table as readonly Record<string, unknown>[]);
  }
  const frame = table as DataFrame;
  // What is lazy already has no height, not even as a column.
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

/** @throws {InputError} for a row that is no object, or a path among them. */
function checkRows(rows: readonly unknown[], option: string): void {
  const wrong = rows.findIndex((row) => typeof row !== "object" || row === null || Array.isArray(row));
  if (wrong < 0) return;
  throw new InputError(
    `Option ${option} does not fit: value ${wrong + 1} of the list is ${
      found(rows[wrong])
    }; give an object for each row`,
  );
}

/** Whole numbers stay whole: an id 7 is "7" and not "7.0". */
function fromRows(rows: readonly Record<string, unknown>[]): LazyDataFrame {
  const before = "column ", names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const isWhole = (name: string) =>
    rows.some((row) => typeof row[name] === "number") &&
    rows.every((row) => row[name] === null || row[name] === undefined || Number.isSafeInteger(row[name]));
  // With words before them no name is that of a member.
  const records = rows.map((row) =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [before + name, value]))
  );
  return pl.readRecords(records).lazy().select(
    ...names.map((name) => {
      const column = pl.col(before + name);
      return (isWhole(name) ? column.cast(pl.Int64) : column).alias(name);
    }),
  );
}
