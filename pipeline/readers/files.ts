/**
 * Reads files of interactions one after another: what all formats have in common.
 *
 * @module
 */
import { checkInterrupt, didYouMean, InputError } from "../contract/errors.ts";
import { hashFile } from "../contract/files/checksums.ts";
import { type ColumnRole, ROLES, type RowLocation, type RowLocator } from "../contract/stage/location.ts";
import type { ColumnUse } from "../contract/dataset/columns.ts";
import { StageReport } from "../contract/stage/report.ts";
import { reading } from "./diagnose.ts";
import { detectFormat } from "./format.ts";
import { hashWhile } from "./hash.ts";
import { expandPaths } from "./paths.ts";
import {
  encodingOf,
  headText,
  NoRows,
  openFilled,
  openSource,
  passedOverRemark,
  type Source,
} from "./source.ts";
import {
  ENCODINGS,
  type FileTable,
  FORMATS,
  type ReadFormat,
  type ReadOptions,
  type SourceFile,
} from "./types.ts";

/** What is known about a file after reading, besides its rows. */
export type FileFacts = Omit<FileTable, "frame"> & { rows: number };

/** What each file gave, in order. */
export interface EachRead<Facts> extends Pick<FilesRead<Facts>, "files" | "sources"> {
  /** Remarks about files without rows, which were skipped. */
  passedOver: string[];
}

/** Files that were read, and the results. */
export interface FilesRead<Facts> {
  /** The files that have rows. */
  files: Facts[];
  /** All files. */
  sources: SourceFile[];
  /** Finds rows by their number across all files. */
  locate: RowLocator;
  columnName(role: ColumnRole): string;
  /** @param warnings Warnings about the files and their rows. */
  report(warnings: string[]): StageReport;
}

/**
 * Reads files one after another.
 *
 * Files without rows are skipped if others have rows.
 *
 * @throws {InputError} for invalid options, files that cannot be read, and files that do not have the same roles.
 */
export async function readEach<Facts extends FileFacts>(
  options: ReadOptions,
  read: (source: Source) => Promise<Facts>,
): Promise<EachRead<Facts>> {
  checkOptions(options);
  const files: Facts[] = [], sources: SourceFile[] = [], none: NoRows[] = [];
  let first: NamedFile | undefined;
  const paths = expandPaths(options.files);
  for (const path of paths) {
    checkInterrupt(options.signal, `reading ${path}`);
    try {
      const source = await openSource(path);
      const { result, file } = await reading(source, () => hashWhile(source, options, () => read(source)));
      const { locate } = result;
      files.push({ ...result, locate: (rows) => reading(source, () => locate(rows)) });
      sources.push({ ...file, rows: result.rows });
      first ??= { path, use: result.use };
      checkSameRoles(first, { path, use: result.use });
    } catch (error) {
      if (!(error instanceof NoRows && error.path === path) || paths.length === 1) throw error;
      none.push(error);
      sources.push({ path, bytes: Deno.statSync(path).size, sha256: await hashFile(path), rows: 0 });
    }
  }
  if (files.length === 0) throw none[0];
  if (options.sequenceTimestamps !== undefined) {
    const source = await openSource(options.sequenceTimestamps);
    const { file } = await reading(source, () => hashWhile(source, options, () => Promise.resolve()));
    sources.push({ ...file, rows: 0 });
  }
  return {
    files,
    sources,
    passedOver: none.map(passedOverRemark),
  };
}

/**
 * Reads files one after another, each with all of its rows, and prepares the report.
 *
 * @throws {InputError} as {@link readEach} does; also if there are no rows, and for options that apply to no file.
 */
export async function readFiles<Facts extends FileFacts>(
  options: ReadOptions,
  read: (source: Source) => Promise<Facts>,
): Promise<FilesRead<Facts>> {
  const started = performance.now();
  await checkLooks(options);
  const { files, sources, passedOver } = await readEach(options, async (source) => {
    const facts = await read(source);
    if (facts.rows === 0) throw new NoRows(source.path, NO_ROW);
    return facts;
  });
  // Copied so as not to hold the files' frames, which are to be freed once the next stage has them.
  const places = files.map(({ rows, locate }) => ({ rows, locate })), { taken } = files[0].use;
  const report = readReport(options, files, sources, started);
  return {
    files,
    sources,
    locate: joinLocators(places),
    columnName: (role) => taken[role] ?? role,
    report: (warnings) => report([...passedOver, ...warnings]),
  };
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
  const refuse = (flag: string, among: readonly ReadFormat[]) => {
    if (formats.length === 0 || formats.some((format) => among.includes(format))) return;
    throw new InputError(
      `Cannot read ${files.join(", ")} with --${flag}: that is of delimited text such as CSV, not of ${
        [...new Set(formats)].join(" and ")
      }; leave it out`,
    );
  };
  if (delimiter !== undefined) refuse("delimiter", [...DELIMITED, "sequences"]);
  if (header !== undefined) refuse(header ? "header" : "no-header", DELIMITED);
  if (quotes !== undefined) refuse(quotes ? "quotes" : "no-quotes", DELIMITED);
}

/** Detects the formats of all files and checks the options against them, before any file is read. */
async function checkLooks(options: ReadOptions): Promise<void> {
  const { delimiter, header, quotes } = options;
  if ([delimiter, header, quotes].every((said) => said === undefined)) return;
  checkOptions(options);
  const formats: ReadFormat[] = [];
  for (const path of expandPaths(options.files)) {
    const source = await openFilled(path);
    if (source) formats.push(formatOf(source, options));
  }
  checkDelimited(options, formats);
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
    : format as Exclude<ReadFormat, "auto">;
}

/** A file by its path, and the columns it has. */
interface NamedFile extends Pick<FileFacts, "use"> {
  path: string;
}

/** Files that are read together must have the same roles. */
function checkSameRoles(first: NamedFile, last: NamedFile) {
  const has = ({ use }: NamedFile, role: ColumnRole) => use.taken[role] !== undefined;
  const differ = ROLES.find((role) => has(first, role) !== has(last, role));
  if (differ === undefined) return;
  const [having, lacking] = has(first, differ) ? [first, last] : [last, first];
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
