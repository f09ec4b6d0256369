/**
 * Tables in memory, as somebody has them, as frames.
 *
 * @module
 */
import pl from "nodejs-polars";
import { found } from "./contract/arguments.ts";
import { InputError } from "./contract/errors.ts";
import type { DataFrame } from "./contract/frame.ts";

/** A table that is no file: a frame of Polars, or an object for each row. */
export type TableInput = DataFrame | readonly Readonly<Record<string, unknown>>[];

/**
 * The table as a frame.
 *
 * @param option The option whose value it is.
 * @throws {InputError} if it is none, or has no rows.
 */
export function frameOf(table: TableInput, option: string): DataFrame {
  if (Array.isArray(table)) checkRows(table, option);
  const frame = Array.isArray(table)
    ? fromRows(table as readonly Record<string, unknown>[])
    : table as DataFrame;
  if (typeof frame?.height !== "number" || typeof frame.lazy !== "function") {
    throw new InputError(
      `Option ${option} does not fit: give files, a frame of Polars, or an array with an object for each row${
        option === "data" ? "" : ", or any of these with the names of its columns as { file, id, title }"
      }`,
    );
  }
  if (frame.height === 0) throw new InputError(`Option ${option} does not fit: the table has no rows`);
  return frame;
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
function fromRows(rows: readonly Record<string, unknown>[]): DataFrame {
  if (rows.length === 0) return pl.DataFrame({});
  const frame = pl.readRecords([...rows]);
  const whole = frame.columns.filter((column) =>
    rows.some((row) => typeof row[column] === "number") &&
    rows.every((row) =>
      row[column] === null || row[column] === undefined || Number.isSafeInteger(row[column])
    )
  );
  return whole.length === 0
    ? frame
    : frame.withColumns(...whole.map((column) => pl.col(column).cast(pl.Int64)));
}
