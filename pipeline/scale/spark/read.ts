/**
 * Stage 1 on Spark: reads files of interactions that the cluster sees into one table.
 *
 * @module
 */
import { basename } from "node:path";
import { InputError } from "../../contract/errors.ts";
import { ROLES } from "../../contract/stage/location.ts";
import { ROW_FLAWS } from "../../contract/stage/row_flaws.ts";
import { textLayout } from "../../readers/layout.ts";
import { checkDelimited, readReport } from "../../readers/files.ts";
import { detectFormat } from "../../readers/format.ts";
import { parseColumns } from "../../readers/roles.ts";
import { columnarKind, EMPTY, NoRows, passedOverRemark, type Source } from "../../readers/source.ts";
import type { ReadFormat, ReadOptions } from "../../readers/types.ts";
import type { ClusterFile, Runner, SourceTable } from "../engine.ts";
import { timeAmong, timeTogether } from "../stages/schema_sql.ts";
import { filesTable, lineBytes, lineText, listFiles, type Part, type PartFiles, shownPath } from "./files.ts";
import type { SparkRunner } from "./runner.ts";
import { delimitedLines, jsonLines } from "./formats.ts";
import { readLines } from "./lines.ts";
import { isTable, readParquet, readTable, tableFacts } from "./typed.ts";

/** Number of lines examined to detect delimiter, header and names. */
const SAMPLE_LINES = 100;

/** Formats that Spark reads with the same result. */
const SUPPORTED = ["auto", "csv", "tsv", "movielens", "recbole", "jsonl", "parquet"] as const;

/** Interactions on a cluster, and the files that they come from. */
interface SparkSource extends SourceTable {
  files: ClusterFile[];
}

/**
 * Reads files of interactions on the cluster.
 *
 * @param sources What each of the patterns stands for, as listed by `listSources`.
 * @throws {InputError} for unsupported formats, and files that cannot be read.
 */
export async function readOnSpark(
  runner: Runner,
  options: ReadOptions,
  sources: readonly ClusterFile[][],
): Promise<SparkSource> {
  const started = performance.now(), warnings: string[] = [];
  refuseUnsupported(options.format ?? "auto");
  const parts: Part[] = [], all: PartFiles[] = [], none: NoRows[] = [], formats: ReadFormat[] = [];
  for (const [index, pattern] of options.files.entries()) {
    const before = all.reduce((sum, { files }) => sum + files.length, 0);
    const files = { pattern, files: sources[index], index, before };
    try {
      parts.push(await readPart(runner, files, options, formats, warnings));
      all.push(files);
    } catch (error) {
      if (!(error instanceof NoRows)) throw error;
      none.push(error);
    }
  }
  checkDelimited(options, formats);
  if (parts.length === 0) throw none[0];
  warnings.unshift(...none.map(passedOverRemark));
  checkAlike(parts, all);
  const [first] = parts, hasRating = first.use.taken.rating !== undefined;
  const flaws = ROW_FLAWS.filter((flaw) => parts.some((part) => part.flaws.includes(flaw)));
  const time = timeTogether(new Set(parts.map(({ time }) => time)));
  const columns = (part: Part) => [
    ...ROLES.filter((role) => first.use.taken[role] !== undefined && role !== "timestamp"),
    `${timeAmong(runner.dialect, "timestamp", part.time, time)} AS timestamp`,
    ...flaws.map((flaw) => part.flaws.includes(flaw) ? flaw : `false AS ${flaw}`),
    "source_row",
  ];
  await runner.view(
    "source",
    parts.map((part) => `SELECT ${columns(part).join(", ")} FROM ${part.view}`).join(" UNION ALL "),
  );
  const files = sources.flat();
  const report = readReport(options, parts, files, started)(warnings);
  return {
    table: "source",
    hasRating,
    hasEvent: first.use.taken.event !== undefined,
    flaws,
    time,
    report,
    files,
    columnName: (role) => first.use.taken[role] ?? role,
    locate: async (wanted) => {
      const found = [];
      for (const part of parts) found.push(await part.locate(wanted));
      return found.flat();
    },
  };
}

/**
 * Refuses formats that Spark does not read with the same result.
 *
 * @throws {InputError} for a format that Spark does not read as we do.
 */
export function refuseUnsupported(format: ReadFormat): void {
  if ((SUPPORTED as readonly string[]).includes(format)) return;
  throw new InputError(
    `Cannot read the format ${format} with --engine spark: there, files are CSV, TSV, MovieLens, RecBole, JSON lines or Parquet`,
  );
}

/** @param formats Receives the format of the files. */
async function readPart(
  runner: Runner,
  files: PartFiles,
  options: ReadOptions,
  formats: ReadFormat[],
  warnings: string[],
): Promise<Part> {
  const { pattern } = files, { format: wanted = "auto", delimiter, header, quotes } = options;
  const columns = parseColumns(options.columns);
  if (isTable(pattern)) {
    const given = wanted !== "auto"
      ? "format"
      : delimiter !== undefined
      ? "delimiter"
      : header !== undefined
      ? "header"
      : quotes !== undefined
      ? "quotes"
      : undefined;
    if (given !== undefined) throw new InputError(`Cannot read ${pattern} with --${given}: that is of files`);
    return await readTable(runner, files, columns, warnings);
  }
  const isNamedParquet = wanted === "auto" && files.files[0].path.endsWith(".parquet");
  if (wanted === "parquet" || isNamedParquet) {
    formats.push("parquet");
    return await readParquet(runner, files, columns, warnings);
  }
  const { file, lines } = await beginning(runner, files), source = sampleOf(pattern, file, lines);
  const format = wanted === "auto" ? detectFormat(source, "utf-8", options) : wanted;
  refuseUnsupported(format);
  formats.push(format);
  if (format === "parquet") return await readParquet(runner, files, columns, warnings);
  if (columnarKind(source) || source.head.includes(0)) {
    throw new InputError(`Cannot read ${pattern} as ${format}: it is no text`);
  }
  if (format === "jsonl") {
    return await readLines(runner, files, jsonLines(pattern, lines, columns, warnings), warnings);
  }
  const text = format as "csv" | "tsv" | "movielens" | "recbole";
  const layout = textLayout(
    source,
    text,
    { delimiter, header, quotes, columns, encoding: "utf-8" },
    warnings,
  );
  return await readLines(runner, files, delimitedLines(layout, lines), warnings);
}

/** Maximum number of files searched for one that has rows. */
const MOST_LOOKED_AT = 16;

/** Returns the beginning of the first file whose lines show more than a header; else of the first that has any content. */
async function beginning(runner: Runner, part: PartFiles): Promise<Beginning> {
  const { files } = part;
  let header: Beginning | undefined;
  for (const file of files.filter(({ bytes }) => bytes > 0).slice(0, MOST_LOOKED_AT)) {
    const lines = await firstLines(runner, file.path);
    if (lines.filter((line) => line.trim() !== "").length > 1) return { file, lines };
    if (lines.length > 0) header ??= { file, lines };
  }
  if (!header) throw new NoRows(shownPath(files[0], part), EMPTY);
  return header;
}

interface Beginning {
  file: ClusterFile;
  lines: string[];
}

async function firstLines(runner: Runner, path: string): Promise<string[]> {
  const frame = await runner.rows(
    `SELECT ${lineBytes} AS value FROM ${
      filesTable("text", path)
    } WHERE _metadata.file_block_start = 0 LIMIT ${SAMPLE_LINES}`,
  );
  return (frame.getColumn("value").toArray() as string[]).map(lineText);
}

/** Presents the beginning in the form that readers examine. */
const sampleOf = (pattern: string, { path, bytes }: ClusterFile, lines: readonly string[]): Source => ({
  path: pattern,
  name: basename(path).replace(/\.gz$/i, ""),
  bytes,
  gzip: false,
  head: new TextEncoder().encode(lines.map((line) => line + "\n").join("")),
  whole: lines.length < SAMPLE_LINES,
});

/** Files that are read together must have the same roles, and timestamps. */
function checkAlike(parts: readonly Part[], files: readonly PartFiles[]): void {
  const [first] = parts;
  for (const [i, part] of parts.entries()) {
    const differ = ROLES.find((role) =>
      (part.use.taken[role] === undefined) !== (first.use.taken[role] === undefined)
    );
    if (differ !== undefined) {
      throw new InputError(
        `Cannot read ${files[0].pattern} and ${
          files[i].pattern
        } together: only one has a ${differ} column; name the columns that both ` +
          "have with --columns",
      );
    }
  }
  if (first.use.taken.timestamp === undefined) {
    throw new InputError(
      `Cannot read ${
        files[0].pattern
      } with --engine spark: it has no timestamps, and rows have no order on a cluster; add a column`,
    );
  }
}

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
