/**
 * Where a row of the frame is in its source, for messages and for `rejected.csv`.
 *
 * @module
 */

/** The role of a column of interactions. {@link readInteractions} returns which column has which role. */
export type ColumnRole = "user" | "item" | "rating" | "timestamp" | "event";

/** All roles of columns. */
export const ROLES: readonly ColumnRole[] = ["user", "item", "rating", "timestamp", "event"];

/** Whether a column holds names rather than numbers or times. */
export const isName = (role: ColumnRole): role is "user" | "item" | "event" =>
  role !== "rating" && role !== "timestamp";

/** The location and text of a row in its source, as found by a {@link RowLocator}. */
export interface RowLocation {
  /** Path of the file. */
  file: string;
  /** Line number from 1, counting the header and newlines inside quotes; 0 for a row without a place, as in a cluster's table. */
  line: number;
  /** The text of each field that has a role; undefined if it is missing. */
  fields: Partial<Record<ColumnRole, string>>;
  /** The whole row as it is in the file. */
  text: string;
}

/**
 * Locates rows, given by their indices in the frame that the reader returned, ascending. {@link readInteractions} returns such a function,
 * and {@link checkSchema} uses it for its messages.
 */
export type RowLocator = (rows: number[]) => Promise<RowLocation[]>;
