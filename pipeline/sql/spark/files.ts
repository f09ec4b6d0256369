/**
 * Files as a cluster sees them.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import type { DataFrame } from "../../contract/frame.ts";
import { InputError } from "../../contract/errors.ts";
import { parseColumns } from "../../readers/roles.ts";
import type { ReadOptions } from "../../readers/types.ts";
import { SPARK } from "../dialect.ts";
import type { Runner } from "../runner.ts";
import type { ClusterFile } from "../source.ts";
import { isTable, tableFacts } from "./table.ts";

/** Where files are read from: a table function of Spark, and what of a path is a name in it. */
export const filesTable = (format: "text" | "parquet" | "binaryFile", path: string): string =>
  `${format}.${SPARK.name(path)}`;

/** Bytes of a line as text: a line that is not UTF-8 would not arrive as text. Read it with {@link lineText}. */
export const lineBytes = "hex(cast(value AS BINARY))";

/** What {@link lineBytes} sends; what is not UTF-8 becomes �. */
export const lineText = (bytes: string): string => new TextDecoder().decode(Buffer.from(bytes, "hex"));

/**
 * The files that a path, a folder or a glob means, in the order of their names. Their content is not read.
 *
 * @throws {InputError} for a path that means another place on each machine, and where nothing is there.
 */
async function listFiles(runner: Runner, pattern: string): Promise<ClusterFile[]> {
  if (!/^(\/|[a-z][a-z0-9+.-]*:\/)/i.test(pattern)) {
    throw new InputError(
      `Cannot read ${pattern} on the cluster: a path without a beginning is another one on each machine; give a full path or a URI, ` +
        "as in /data/ratings.csv or s3a://bucket/ratings.csv",
    );
  }
  const frame: DataFrame = await runner.rows(
    `SELECT path, length, date_format(modificationTime, "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'") AS modified
    FROM ${filesTable("binaryFile", pattern)} ORDER BY path`,
  );
  const files = (frame.rows() as [string, number, string][]).map(([path, bytes, modified]) => ({
    path,
    bytes: Number(bytes),
    modified,
  }));
  if (files.length === 0) throw new InputError(`Cannot read ${pattern}: the cluster finds no file there`);
  return files;
}

/** What each of the patterns that name interactions means on the cluster: files, or a table. */
export async function listSources(
  runner: Runner,
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
