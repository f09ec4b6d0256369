/**
 * The result of reading the files that one pattern stands for.
 *
 * @module
 */
import type { RowLocation } from "../../contract/stage/location.ts";
import type { RowFlaw } from "../../contract/stage/row_flaws.ts";
import type { ColumnUse } from "../../contract/dataset/columns.ts";
import type { ClusterFile } from "../source.ts";
import type { SourceTime } from "../text/schema.ts";

/** Bits for the line number in a file; file and line numbers together fit into 63 bits. */
const LINE_BITS = 36;

/** Returns the position of a row in the sources: by file (from 1), then by line (from 1). */
export const sourceRow = (file: string, line: string): string =>
  `cast(${file} AS BIGINT) * ${2 ** LINE_BITS} + ${line}`;

/** Returns the line number in a source row. */
export const lineOf = (sourceRow: string): string => `(${sourceRow} & ${2 ** LINE_BITS - 1})`;

/** Rows of some files. */
export interface Part {
  /** A view with `user`, `item`, `rating`?, `timestamp`, the flaws, `source_row`. */
  view: string;
  /** What the files call their columns, by role, and the columns that have no role. */
  use: ColumnUse;
  time: SourceTime;
  /** The flaws with which rows are marked. */
  flaws: RowFlaw[];
  rows: number;
  blank: number;
  /** @param rows A query for the `source_row` of rows; rows of other parts are ignored. */
  locate(rows: string): Promise<RowLocation[]>;
}

/** The files that a pattern stands for, and their position among all files. */
export interface PartFiles {
  pattern: string;
  files: ClusterFile[];
  /** Position of this pattern among all, from 0; part of the names of its tables. */
  index: number;
  /** Number of files of earlier patterns. */
  before: number;
}

/** Returns the name to show for a file that the cluster names by a URI, in which special characters are escaped. */
export const shownFile = (uri: string, files: PartFiles): string =>
  shownPath({ path: decodeURIComponent(uri) }, files);

/** Returns the name to show for a listed file. */
export function shownPath({ path }: Pick<ClusterFile, "path">, { pattern, files }: PartFiles): string {
  return files.length === 1 && !/[*?[\]{}]/.test(pattern) ? pattern : path.replace(/^file:\/*/, "/");
}
