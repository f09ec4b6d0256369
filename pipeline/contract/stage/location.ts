/**
 * Where a row of the frame is in its source, for messages and for `rejected.csv`.
 *
 * @module
 */

/** What a column of interactions may mean to the pipeline. {@link readInteractions} says which column has which. */
export type ColumnRole = "user" | "item" | "rating" | "timestamp" | "event";

/** The columns that mean something to the pipeline. */
export const ROLES: readonly ColumnRole[] = ["user", "item", "rating", "timestamp", "event"];

/** Whether a column has names, and neither numbers nor times. */
export const isName = (role: ColumnRole): role is "user" | "item" | "event" =>
  role !== "rating" && role !== "timestamp";

/** A row's place and text in its source, as a {@link RowLocator} finds it. */
export interface RowLocation {
  /** Path of the file. */
  file: string;
  /** From 1, counting the header and newlines inside quotes; 0 of a row that has no place, as in a table of a cluster. */
  line: number;
  /** The text of each field that plays a role; undefined where it is missing. */
  fields: Partial<Record<ColumnRole, string>>;
  /** The whole row as it is in the file. */
  text: string;
}

/**
 * Finds rows, given by their index in the frame that the reader returned, ascending. {@link readInteractions} returns one, {@link checkSchema} takes it for its messages.
 */
export type RowLocator = (rows: number[]) => Promise<RowLocation[]>;
