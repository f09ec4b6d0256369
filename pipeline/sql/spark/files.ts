/**
 * Finds files as a cluster sees them.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import type { DataFrame } from "../../contract/frame.ts";
import { InputError } from "../../contract/errors.ts";
import { parseColumns } from "../../readers/roles.ts";
import type { ReadOptions } from "../../readers/types.ts";
import { SPARK } from "../dialect.ts";
import type { ClusterFile } from "../source.ts";
import type { SparkRunner } from "./runner.ts";
import { isTable, tableFacts } from "./table.ts";

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
async function listFiles(runner: SparkRunner, pattern: string): Promise<ClusterFile[]> {
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

/**
 * Lists what each of the patterns stands for on the cluster: files, or a table. Done only once, since it may have to go through
 * thousands of files, or all rows of a table.
 */
export async function listSources(
  runner: SparkRunner,
  { files, columns }: Pick<ReadOptions, "files" | "columns">,
): Promise<ClusterFile[][]> {
  const sources = [];
  for (const pattern of files) {
    sources.push(
      isTable(pattern)
        ? [await tableFacts(runner, pattern, parseColumns(columns))]
        : await listFiles(runner, pattern),
    );
  }
  return sources;
}
