/**
 * Reads files of interactions one after another, whatever their format.
 *
 * @module
 */
import type { DataFrame, DataType } from "nodejs-polars";
import { checkInterrupt, didYouMean, InputError } from "../contract/errors.ts";
import { hashFile } from "../contract/files/checksums.ts";
import { silent } from "../contract/progress.ts";
import { type ColumnRole, ROLES, type RowLocation, type RowLocator } from "../contract/stage/location.ts";
import type { ColumnUse } from "../contract/dataset/columns.ts";
import { StageReport } from "../contract/stage/report.ts";
import type { StageContext } from "../contract/stage.ts";
import { scanColumnar } from "./columnar.ts";
import { scanDelimited } from "./delimited.ts";
import { reading } from "./diagnose.ts";
import { detectFormat } from "./format.ts";
import { scanJsonLines } from "./jsonl.ts";
import { textLayout } from "./layout.ts";
import { expandPaths } from "./paths.ts";
import type { OnBytes } from "./content.ts";
import type { PieceOptions } from "./records.ts";
import { parseColumns } from "./roles.ts";
import type { Scan } from "./scan.ts";
import { scanSequences } from "./sequences.ts";
import { encodingOf, headText, NoRows, openSource, passedOverRemark, type Source } from "./source.ts";
import { ENCODINGS, FORMATS, type ReadFormat, type ReadOptions, type SourceFile } from "./types.ts";

/** What is known about a file after reading, besides its rows. */
interface FileFacts extends Pick<Scan, "use" | "warnings" | "locate"> {
  rows: number;
  blank: number;
}

/** Files that were read, and what is known about them. */
export interface FilesRead {
  /** The columns of each file that has rows. */
  uses: ColumnUse[];
  /** All files. */
  sources: SourceFile[];
  /** Finds rows by their number across all files. */
  locate: RowLocator;
  columnName(role: ColumnRole): string;
  /** @param warnings Warnings about all rows together. */
  report(warnings: string[]): StageReport;
}

/** How the rows of files are read. */
export interface RowUse extends Pick<PieceOptions, "pieceBytes"> {
  /** Type of the ids: Categorical or String. */
  ids: DataType;
  /** Whether it is no error that a file has none of the rows. */
  mayBeEmpty?: boolean;
  /** Takes the next rows, and returns how many of them it has kept. */
  take(rows: DataFrame): number | Promise<number>;
  /** Refuses a format that this use does not read. */
  refused?: (format: string) => InputError;
}

/**
 * Reads files one after another and prepares the report. Files without rows are skipped if others have rows.
 *
 * @throws {InputError} for invalid options, files that cannot be read, files that do not have the same roles, options that apply to
 * no file, and if there are no rows.
 */
export async function readFiles(options: ReadOptions, use: RowUse): Promise<FilesRead> {
  const started = performance.now();
  checkOptions(options);
  const files: FileFacts[] = [], sources: SourceFile[] = [], none: NoRows[] = [], formats: ReadFormat[] = [];
  const paths = expandPaths(options.files);
  let first: { path: string; use: ColumnUse } | undefined;
  for (const path of paths) {
    checkInterrupt(options.signal, `reading ${path}`);
    try {
      const source = await openSource(path), format = formatOf(source, options);
      if (use.refused && (format === "arrow" || format === "sequences")) throw use.refused(format);
      formats.push(format);
      const { result, file } = await hashWhile(source, options, async (onBytes) => {
        const scan = await scanOf(source, format, options);
        first ??= { path, use: scan.use };
        checkSameRoles(first, { path, use: scan.use });
        return await readRows(scan, { ...use, onBytes, signal: options.signal });
      });
      if (result.rows === 0 && !use.mayBeEmpty) throw new NoRows(path, NO_ROW);
      files.push({ ...result, locate: (rows) => reading(path, () => result.locate(rows)) });
      sources.push({ ...file, rows: result.rows });
    } catch (error) {
      if (!(error instanceof NoRows && error.path === path) || paths.length === 1) throw error;
      none.push(error);
      sources.push({ path, bytes: Deno.statSync(path).size, sha256: await hashFile(path), rows: 0 });
    }
  }
  checkDelimited(options, formats);
  if (files.length === 0) throw none[0];
  if (options.sequenceTimestamps !== undefined) {
    const source = await openSource(options.sequenceTimestamps);
    const { file } = await hashWhile(source, options, () => Promise.resolve());
    sources.push({ ...file, rows: 0 });
  }
  const { taken } = files[0].use;
  return {
    uses: files.map(({ use }) => use),
    sources,
    locate: joinLocators(files),
    columnName: (role) => taken[role] ?? role,
    report: (warnings) => {
      const own = files.flatMap((file) => file.warnings);
      return readReport(options, files, sources, started)([
        ...none.map(passedOverRemark),
        ...own,
        ...warnings,
      ]);
    },
  };
}

async function readRows(scan: Scan, { take, ...options }: RowUse & PieceOptions): Promise<FileFacts> {
  let rows = 0, blanks = 0;
  for await (const { frame, blank } of scan.frames(options)) {
    if (frame.height > 0) rows += await take(frame);
    blanks += blank;
  }
  return { ...scan, rows, blank: blanks };
}

/** Scans a file with the reader of its format. */
export async function scanOf(
  source: Source,
  format: Exclude<ReadFormat, "auto">,
  options: ReadOptions,
): Promise<Scan> {
  const { delimiter, header, quotes, textTimes, textRatings, sequenceTimestamps: timestamps } = options;
  const columns = parseColumns(options.columns), encoding = encodingOf(source, options.encoding);
  switch (format) {
    case "jsonl":
      return await scanJsonLines(source, { columns, encoding, amazon: options.format === "amazon" });
    case "parquet":
    case "arrow":
      return await scanColumnar(source, columns);
    case "sequences":
      return scanSequences(source, { encoding, delimiter, timestamps });
  }
  const warnings: string[] = [];
  const wish = { delimiter, header, quotes, columns, encoding, textTimes, textRatings };
  return scanDelimited(source, textLayout(source, format, wish, warnings), warnings, format === "movielens");
}

/** Hashes a file while `read` reads it, and shows the progress. Errors of either name the file. */
export async function hashWhile<T>(
  source: Source,
  { progress = silent }: StageContext,
  read: (onBytes: OnBytes) => Promise<T>,
): Promise<{ result: T; file: Omit<SourceFile, "rows"> }> {
  const { path, bytes } = source, abort = new AbortController();
  const task = progress.start(`reading ${source.name}`, bytes, "bytes");
  const hash = hashFile(path, { signal: abort.signal });
  // If reading fails, its error is the one to show.
  hash.catch(() => {});
  try {
    const result = await reading(path, () => read((bytes) => task.advance(bytes)));
    return { result, file: { path, bytes, sha256: await reading(path, () => hash) } };
  } finally {
    abort.abort();
    await hash.catch(() => {});
    task.end();
  }
}

const NO_ROW = "no row of data in it";

/**
 * Returns a function that makes the report of stage 1, wherever it ran, once the warnings are known.
 *
 * @param parts Rows, blank lines and columns of each part.
 * @param sources Sizes of the files.
 * @param started `performance.now()`
 * @throws {InputError} if there is no row.
 */
export function readReport(
  { files }: Pick<ReadOptions, "files">,
  parts: readonly { rows: number; blank: number; use: ColumnUse }[],
  sources: readonly { bytes: number }[],
  started: number,
): (warnings: string[]) => StageReport {
  const sum = <T>(all: readonly T[], of: (one: T) => number) =>
    all.reduce((total, one) => total + of(one), 0);
  const rows = sum(parts, (part) => part.rows), blank = sum(parts, (part) => part.blank);
  if (rows === 0) throw new InputError(`Cannot read ${files.join(", ")}: ${NO_ROW}`);
  return (warnings) =>
    new StageReport({
      stage: "read",
      rowsIn: rows + blank,
      rowsOut: rows,
      dropped: [{ reason: "blank line", rows: blank }],
      counts: { files: sources.length, bytes: sum(sources, ({ bytes }) => bytes) },
      warnings,
      columns: {
        interactions: {
          taken: parts[0].use.taken,
          unused: [...new Set(parts.flatMap(({ use }) => use.unused))],
        },
      },
      seconds: (performance.now() - started) / 1000,
    });
}

function checkOptions({ format = "auto", encoding = "utf-8", delimiter }: ReadOptions) {
  if (!FORMATS.includes(format)) {
    throw new InputError(
      `Cannot use --format ${format}: unknown format${didYouMean(format, FORMATS)}; the formats are ${
        FORMATS.join(", ")
      }`,
    );
  }
  if (!ENCODINGS.includes(encoding)) {
    throw new InputError(`Cannot use --encoding ${encoding}: the encodings are ${ENCODINGS.join(", ")}`);
  }
  if (delimiter !== undefined && (delimiter === "" || /["\r\n]/.test(delimiter))) {
    throw new InputError(
      `Cannot use --delimiter ${
        JSON.stringify(delimiter)
      }: a delimiter is one or more characters, no quotes or line ends`,
    );
  }
}

/** Formats with one row per line and a delimiter between fields. */
const DELIMITED: readonly ReadFormat[] = ["csv", "tsv", "movielens", "recbole", "amazon"];

/**
 * Refuses options about the layout of text if no file is delimited text, since they would have no effect.
 *
 * @param formats The formats of all files.
 * @throws {InputError}
 */
export function checkDelimited(
  { files, delimiter, header, quotes }: Pick<ReadOptions, "files" | "delimiter" | "header" | "quotes">,
  formats: readonly ReadFormat[],
): void {
  const refuse = (option: string, among: readonly ReadFormat[]) => {
    if (formats.length === 0 || formats.some((format) => among.includes(format))) return;
    throw new InputError(
      `Cannot read ${files.join(", ")} with ${option}: that is of delimited text such as CSV, not of ${
        [...new Set(formats)].join(" and ")
      }; leave it out`,
    );
  };
  if (delimiter !== undefined) refuse("--delimiter", [...DELIMITED, "sequences"]);
  if (header !== undefined) refuse("header", DELIMITED);
  if (quotes !== undefined) refuse("quotes", DELIMITED);
}

/** Returns the format of a file: the one requested, or the one detected. */
export function formatOf(source: Source, options: ReadOptions): Exclude<ReadFormat, "auto"> {
  const { encoding, format: wanted = "auto" } = options;
  const format = wanted === "auto" ? detectFormat(source, encodingOf(source, encoding), options) : wanted;
  if (options.sequenceTimestamps !== undefined && format !== "sequences") {
    throw new InputError(
      `Cannot read ${source.path}: a file of timestamps goes with sequences only, and it looks like ${format}; ` +
        "say --format sequences if it is one user a line",
    );
  }
  // Amazon publishes files of both kinds.
  return format === "amazon" && headText(source, encodingOf(source, encoding)).startsWith("{")
    ? "jsonl"
    : format;
}

/** Files that are read together must have the same roles. */
function checkSameRoles(first: { path: string; use: ColumnUse }, last: { path: string; use: ColumnUse }) {
  const differ = ROLES.find((role) =>
    (first.use.taken[role] === undefined) !== (last.use.taken[role] === undefined)
  );
  if (differ === undefined) return;
  const [having, lacking] = first.use.taken[differ] === undefined ? [last, first] : [first, last];
  throw new InputError(
    `Cannot read ${having.path} and ${lacking.path} together: only the first has a ${differ} column; ` +
      "name the columns that both have with --columns",
  );
}

/** Finds rows across all files with the files' own locators. */
function joinLocators(files: Pick<FileFacts, "rows" | "locate">[]): RowLocator {
  return async (rows) => {
    const found: RowLocation[][] = []; // per file, since there can be more rows than a call can have arguments
    let start = 0;
    for (const { rows: height, locate } of files) {
      const own = rows.filter((row) => row >= start && row < start + height).map((row) => row - start);
      if (own.length > 0) found.push(await locate(own));
      start += height;
    }
    return found.flat();
  };
}
