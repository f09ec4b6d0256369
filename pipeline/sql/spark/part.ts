/**
 * What the readers of one format make of the files that one pattern means.
 *
 * @module
 */
import type { RowLocation } from "../../contract/stage/location.ts";
import type { RowFlaw } from "../../contract/stage/row_flaws.ts";
import type { ColumnUse } from "../../contract/dataset/columns.ts";
import type { ClusterFile } from "../source.ts";
import type { SourceTime } from "../text/schema.ts";

/** Lines that one file may have; files and lines together fit into 63 bits. */
const LINE_BITS = 36;

/** The order of a row in the sources: by file (from 1), then by line (from 1). */
export const sourceRow = (file: string, line: string): string =>
  `cast(${file} AS BIGINT) * ${2 ** LINE_BITS} + ${line}`;

/** The line of a source row. */
export const lineOf = (sourceRow: string): string => `(${sourceRow} & ${2 ** LINE_BITS - 1})`;

/** Rows of some files. */
export interface Part {
  /** A view of `user`, `item`, `rating`?, `timestamp`, `flaws`, `source_row`. */
  view: string;
  /** What the files call their columns, by role; and those that play none. */
  use: ColumnUse;
  time: SourceTime;
  /** Those that rows are marked with. */
  flaws: RowFlaw[];
  rows: number;
  blank: number;
  /** @param rows A query for the `source_row` of rows; those of other parts are left out. */
  locate(rows: string): Promise<RowLocation[]>;
}

/** The files that a pattern means, and which number they have among all. */
export interface PartFiles {
  pattern: string;
  files: ClusterFile[];
  /** Of this pattern among all, from 0: part of the names of its tables. */
  index: number;
  /** Files of the patterns before it. */
  before: number;
}

/** What a person calls a file that the cluster names by a URI: what is odd in it is escaped. */
export const shownFile = (uri: string, files: PartFiles): string =>
  shownPath({ path: decodeURIComponent(uri) }, files);

/** The same of a file that was listed. */
export function shownPath({ path }: Pick<ClusterFile, "path">, { pattern, files }: PartFiles): string {
  return files.length === 1 && !/[*?[\]{}]/.test(pattern) ? pattern : path.replace(/^file:\/*/, "/");
}
