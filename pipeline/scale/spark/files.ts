/**
 * Finds files as a cluster sees them.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import type { ColumnUse } from "../../contract/dataset/columns.ts";
import { InputError } from "../../contract/errors.ts";
import type { DataFrame } from "../../contract/frame.ts";
import type { RowLocation } from "../../contract/stage/location.ts";
import type { RowFlaw } from "../../contract/stage/row_flaws.ts";
import { EMPTY, passedOverRemark } from "../../readers/source.ts";
import { SPARK } from "../dialect.ts";
import type { ClusterFile, Runner } from "../engine.ts";
import type { SourceTime } from "../stages/schema_sql.ts";
import type { SparkRunner } from "./runner.ts";

/** Returns the table expression with which Spark reads files; the path is quoted as a name. */
export const filesTable = (format: "text" | "parquet" | "binaryFile", path: string): string =>
  `${format}.${SPARK.name(path)}`;

/** Bytes of a line in hexadecimal: a line that is not UTF-8 would not arrive as text. Decode it with {@link lineText}. */
export const lineBytes = "hex(cast(value AS BINARY))";

/** Decodes a line sent by {@link lineBytes}; bytes that are not UTF-8 become �. */
export const lineText = (bytes: string): string => new TextDecoder().decode(Buffer.from(bytes, "hex"));

/**
 * Lists the files that a path, a folder or a glob stands for, in order of their names. Their content is not read.
 *
 * @throws {InputError} for a path that stands for a different place on each machine, and if there is nothing.
 */
export async function listFiles(runner: SparkRunner, pattern: string): Promise<ClusterFile[]> {
  if (!/^(\/|[a-z][a-z0-9+.-]*:\/)/i.test(pattern)) {
    throw new InputError(
      `Cannot read ${pattern} on the cluster: a relative path is another file on each machine; give an absolute path or a URI, ` +
        "as in /data/ratings.csv or s3a://bucket/ratings.csv",
    );
  }
  const table = filesTable("binaryFile", pattern);
  const frame: DataFrame = await runner.rows(
    `SELECT path, length, date_format(modificationTime, "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'") AS modified FROM ${table}`,
  );
  const files: ClusterFile[] = (frame.rows() as [string, number, string][]).map((
    [path, bytes, modified],
  ) => ({
    path,
    bytes: Number(bytes),
    modified,
  }));
  const filled = new Set(files.map(({ path }) => path));
  const all = (await runner.inputFiles(`SELECT * FROM ${table}`)).map(pathOf);
  files.push(...all.filter((path) => !filled.has(path)).map((path) => ({ path, bytes: 0 })));
  files.sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path))); // in the cluster's order
  if (files.length === 0) throw new InputError(`Cannot read ${pattern}: the cluster finds no file there`);
  return files;
}

/** Converts a URI to a path as in a listing: without an empty host name, and unescaped. */
const pathOf = (uri: string): string =>
  decodeURIComponent(uri.replace(/^([a-z][a-z0-9+.-]*):\/\/\/+/i, "$1:/"));

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

/**
 * Returns remarks about a pattern's files without rows.
 *
 * @param filled Number of files with rows.
 * @param query A query for files with any content, once each: `file`, the URI, and `filled`, whether it has rows.
 * @param state The remark for a file with content but no rows.
 * @param without The remark for a file with bytes that the query does not list.
 */
export async function passedOver(
  runner: Runner,
  files: PartFiles,
  filled: number,
  query: string,
  state: string,
  without = EMPTY,
): Promise<string[]> {
  if (filled === files.files.length) return [];
  const rows: DataFrame = await runner.rows(`SELECT file, filled FROM (${query}) files`);
  const known = new Map(
    (rows.rows() as [string, boolean][]).map(([uri, filled]) => [shownFile(uri, files), filled]),
  );
  return files.files.flatMap((file) => {
    const path = shownPath(file, files), has = known.get(path);
    if (has === true) return [];
    return passedOverRemark({ path, state: has === false ? state : file.bytes === 0 ? EMPTY : without });
  });
}
