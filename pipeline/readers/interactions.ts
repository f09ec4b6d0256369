/**
 * Stage 1, read: files of interactions, in whatever format people have them, become one frame.
 *
 * @module
 */
import pl, { type DataFrame } from "nodejs-polars";
import { checkInterrupt, didYouMean, InputError } from "../contract/errors.ts";
import { type ColumnRole, ROLES, type RowLocation, type RowLocator } from "../contract/location.ts";
import { StageReport } from "../contract/report.ts";
import { stageResult } from "../contract/stage_result.ts";
import { readColumnar } from "./columnar.ts";
import { readDelimited } from "./delimited.ts";
import { reading } from "./diagnose.ts";
import { detectFormat } from "./format.ts";
import { hashWhile } from "./hash.ts";
import { readJsonLines } from "./jsonl.ts";
import { expandPaths } from "./paths.ts";
import { type ColumnsWish, parseColumns } from "./roles.ts";
import { readSequences } from "./sequences.ts";
import { openSource, type Source } from "./source.ts";
import { textLayout } from "./text_layout.ts";
import {
  ENCODINGS,
  type FileTable,
  FORMATS,
  type ReadOptions,
  type ReadResult,
  type SourceFile,
} from "./types.ts";

/**
 * Reads files of interactions.
 *
 * @returns `frame` with `user`, `item` (Categorical: the ids as they are in the file), `rating` where the source has
 * it, `timestamp` (Int64 or Float64 where all are numbers of one type, else String), and `ragged` (Bool) where some row
 * has too many fields. Rows are in the order of the files; blank ones are left out. Where the source has no time, the
 * position of the row (of the item in its sequence) takes its place, and the report warns of that.
 * @throws {InputError} for files that cannot be read, with the place of the fault.
 *
 * @example
 * ```ts
 * import { readInteractions } from "automlp";
 * import assert from "node:assert/strict";
 *
 * const path = await Deno.makeTempFile({ suffix: ".csv" });
 * await Deno.writeTextFile(path, "userId,movieId,timestamp\n1,242,881250949\n");
 * const { frame, columnName } = await readInteractions({ files: [path] });
 * assert(frame.height === 1 && columnName("item") === "movieId");
 * await Deno.remove(path);
 * ```
 */
export async function readInteractions(options: ReadOptions): Promise<ReadResult> {
  const started = performance.now();
  checkOptions(options);
  const columns = parseColumns(options.columns);
  const tables: FileTable[] = [];
  const sources: SourceFile[] = [];
  for (const path of expandPaths(options.files)) {
    checkInterrupt(options.signal, `reading ${path}`);
    const source = await openSource(path);
    const { result: table, file } = await reading(
      source,
      () => hashWhile(source, options, () => readFile(source, options, columns)),
    );
    tables.push({ ...table, locate: (rows) => reading(source, () => table.locate(rows)) });
    sources.push({ ...file, rows: table.frame.height });
    checkSameRoles(tables, sources);
  }
  if (options.sequenceTimestamps !== undefined) {
    const source = await openSource(options.sequenceTimestamps);
    const { file } = await reading(source, () => hashWhile(source, options, () => Promise.resolve()));
    sources.push({ ...file, rows: 0 });
  }
  const warnings = tables.flatMap((table) => table.warnings);
  const frame = withTime(join(tables.map((table) => table.frame)), warnings);
  const blank = tables.reduce((sum, table) => sum + table.blank, 0);
  if (frame.height === 0) {
    throw new InputError(`Cannot read ${options.files.join(", ")}: no row of data in it`);
  }
  const report = new StageReport({
    stage: "read",
    rowsIn: frame.height + blank,
    rowsOut: frame.height,
    dropped: [{ reason: "blank line", rows: blank }],
    counts: { files: sources.length, bytes: sources.reduce((sum, { bytes }) => sum + bytes, 0) },
    warnings,
    seconds: (performance.now() - started) / 1000,
  });
  const columnName = (role: ColumnRole) => tables[0].names[role] ?? role;
  return stageResult({ frame, report, sources, locate: joinLocators(tables), columnName });
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
    throw new InputError(`Cannot use --encoding ${encoding}: the encodings are ${ENCODINGS.join(" and ")}`);
  }
  if (delimiter !== undefined && (delimiter === "" || /["\r\n]/.test(delimiter))) {
    throw new InputError(
      `Cannot use --delimiter ${
        JSON.stringify(delimiter)
      }: a delimiter is one or more characters, no quotes or line ends`,
    );
  }
}

function readFile(
  source: Source,
  options: ReadOptions,
  columns: ColumnsWish | undefined,
): Promise<FileTable> {
  const { encoding = "utf-8", delimiter, header } = options;
  const wanted = options.format ?? "auto";
  const format = wanted === "auto" ? detectFormat(source, encoding, delimiter) : wanted;
  if (options.sequenceTimestamps !== undefined && format !== "sequences") {
    throw new InputError(
      `Cannot read ${source.path}: a file of timestamps goes with sequences only, and it looks like ${format}; ` +
        "say --format sequences if it is one user a line",
    );
  }
  switch (format) {
    case "jsonl":
      return readJsonLines(source, columns, encoding, wanted === "amazon");
    case "parquet":
    case "arrow":
      return readColumnar(source, columns, options.signal);
    case "sequences":
      return readSequences(source, { encoding, delimiter, timestamps: options.sequenceTimestamps });
  }
  if (format === "amazon" && source.head[0] === "{".charCodeAt(0)) {
    return readJsonLines(source, columns, encoding, true);
  }
  const warnings: string[] = [];
  const layout = textLayout(source, format, { delimiter, header, columns, encoding }, warnings);
  return readDelimited(source, layout, warnings, format === "movielens");
}

/** Files that are read together must say the same of an interaction. */
function checkSameRoles(tables: FileTable[], sources: SourceFile[]) {
  const roles = (table: FileTable) => ROLES.filter((role) => table.names[role] !== undefined);
  const [first, last] = [tables[0], tables.at(-1)!];
  const differ = ROLES.find((role) => roles(first).includes(role) !== roles(last).includes(role));
  if (differ === undefined) return;
  const [having, lacking] = roles(first).includes(differ)
    ? [sources[0], sources.at(-1)!]
    : [sources.at(-1)!, sources[0]];
  throw new InputError(
    `Cannot read ${having.path} and ${lacking.path} together: only the first has a ${differ} column; ` +
      "name the columns that both have with --columns",
  );
}

/** The tables one below the other. */
function join(frames: DataFrame[]): DataFrame {
  if (frames.length === 1) return frames[0];
  const ragged = frames.some((frame) => frame.columns.includes("ragged"));
  const names = [...frames[0].columns.filter((name) => name !== "ragged"), ...(ragged ? ["ragged"] : [])];
  const alike = (name: string) => {
    const types = frames.filter((frame) => frame.columns.includes(name)).map((frame) =>
      frame.getColumn(name).dtype
    );
    return types.every((type) => type.equals(types[0]));
  };
  // Numbers in one file and text in another meet as text, which the schema stage reads.
  const column = (frame: DataFrame, name: string) => {
    if (!frame.columns.includes(name)) return pl.lit(false).alias(name);
    return alike(name) ? pl.col(name) : pl.col(name).cast(pl.String);
  };
  return pl.concat(frames.map((frame) => frame.select(...names.map((name) => column(frame, name)))), {
    how: "vertical",
    rechunk: false,
  });
}

/** The position of the row, where there is no time. */
function withTime(frame: DataFrame, warnings: string[]): DataFrame {
  if (frame.columns.includes("timestamp")) return frame;
  warnings.push("no timestamps: the order of the rows counts as the order of time");
  const roles = ["user", "item", "rating"].filter((role) => frame.columns.includes(role));
  return frame.lazy().withRowIndex("timestamp").select(
    ...roles,
    pl.col("timestamp").cast(pl.Int64),
    ...(frame.columns.includes("ragged") ? ["ragged"] : []),
  ).collectSync();
}

/** Finds rows of the joined frame through the tables' own locators. */
function joinLocators(tables: FileTable[]): RowLocator {
  const parts = tables.map(({ frame: { height }, locate }) => ({ height, locate }));
  return async (rows) => {
    const found: RowLocation[] = [];
    let start = 0;
    for (const { height, locate } of parts) {
      const own = rows.filter((row) => row >= start && row < start + height).map((row) => row - start);
      if (own.length > 0) found.push(...await locate(own));
      start += height;
    }
    return found;
  };
}
