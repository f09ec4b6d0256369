/**
 * Writes recommendations to a file, in the format given by its extension.
 *
 * @module
 */
import pl, { type DataFrame, type Expr } from "nodejs-polars";
import { InputError } from "../../pipeline/contract/errors.ts";
import { claimFile } from "../../pipeline/contract/files/claim.ts";
import { absolutePath, headOf } from "../../pipeline/contract/files/readable.ts";
import { replaceFileByPath, writeAll } from "../../pipeline/contract/files/stage.ts";
import { type Progress, silent } from "../../pipeline/contract/progress.ts";
import { freeFrames } from "../../pipeline/contract/machine/free_frames.ts";
import { BYTE_ORDER_MARK, safeCells } from "../../pipeline/display/text/safe_cell.ts";
import { joined } from "./recommend.ts";

/** The first columns of recommendations. */
const COLUMNS = ["user", "rank", "item", "score"];
const startsWith = (columns: string[]) => COLUMNS.every((column, i) => columns[i] === column);

interface FileFormat {
  /** Some lists as bytes, to be appended to those before; omitted if all are written at once. */
  bytesOf?(frame: DataFrame, isFirst: boolean): Uint8Array;
  /** What the file begins with if it is meant for a spreadsheet. */
  mark?: string;
  /** Whether an existing file holds recommendations. */
  isOurs(path: string): boolean;
}

const FORMATS: Record<string, FileFormat> = {
  csv: {
    bytesOf: (frame, isFirst) => readable(frame).writeCSV({ includeHeader: isFirst }),
    mark: BYTE_ORDER_MARK,
    isOurs: (path) => startsWith(headOf(path).replace(BYTE_ORDER_MARK, "").split(/\r?\n/)[0].split(",")),
  },
  parquet: {
    isOurs: (path) => startsWith(pl.scanParquet(absolutePath(path), { glob: false }).columns),
  },
  jsonl: {
    bytesOf: (frame) => frame.writeJSON({ format: "lines" }),
    isOurs: (path) => startsWith(Object.keys(JSON.parse(headOf(path, 1 << 16).split("\n")[0]))),
  },
};

/** A file that recommendations may be written to. */
export interface RecommendationFile {
  /** Whether all lists are collected before writing, so that they have to fit into memory; otherwise they are written as they come. */
  keepsAll: boolean;
  /** Writes the file completely or not at all, which takes a while for millions of lines at once; returns the number of recommendations. */
  write(frames: Frames, progress?: Progress): Promise<number>;
}

type Frames = AsyncIterable<DataFrame> | Iterable<DataFrame>;

/**
 * Checks that recommendations may be written to a file, before they are computed.
 *
 * @param options.inputs Files that are read, which are never replaced.
 * @param options.overwrite Replace a file that holds something else.
 * @param options.forSpreadsheet Begin a CSV with a byte-order mark: without one, Excel assumes the system's own encoding.
 * @throws {InputError} if the name has no known extension, or something else is there.
 */
export function claimRecommendations(
  out: string,
  { inputs, overwrite, forSpreadsheet = false }: {
    inputs?: readonly string[];
    overwrite?: boolean;
    forSpreadsheet?: boolean;
  } = {},
): RecommendationFile {
  const format = FORMATS[out.split(".").at(-1)!];
  if (!format) throw new InputError(`Cannot write ${out}: the name must end in .csv, .parquet or .jsonl`);
  const { isOurs, bytesOf, mark = "" } = format;
  const path = claimFile(out, { what: "the recommendations", inputs, overwrite, isOurs });
  return {
    keepsAll: bytesOf === undefined,
    write: async (frames, progress = silent) => {
      let rows = 0;
      await replaceFileByPath(path, async (part) => {
        rows = bytesOf
          ? await append(part, frames, bytesOf, forSpreadsheet ? mark : "")
          : await writeAtOnce(out, part, frames, progress);
      });
      return rows;
    },
  };
}

async function append(
  part: string,
  frames: Frames,
  bytesOf: NonNullable<FileFormat["bytesOf"]>,
  begin: string,
): Promise<number> {
  let rows = 0, isFirst = true;
  using file = Deno.openSync(part, { write: true });
  await writeAll(file, new TextEncoder().encode(begin));
  for await (const frame of frames) {
    await writeAll(file, bytesOf(frame, isFirst));
    rows += frame.height;
    isFirst = false;
    freeFrames();
  }
  return rows;
}

async function writeAtOnce(out: string, part: string, frames: Frames, progress: Progress): Promise<number> {
  const pieces = await Array.fromAsync<DataFrame>(frames), frame = joined(pieces);
  const task = progress.start(`writing ${out}`, frame.height, "lines");
  try {
    frame.writeParquet(part);
    task.advance(frame.height);
  } finally {
    task.end();
  }
  return frame.height;
}

/** Returns recommendations as CSV, for a terminal or a pipe. */
export const csvOf = (frame: DataFrame): string => readable(frame).writeCSV().toString().trimEnd();

/**
 * Significant digits of a score in CSV, which people read: further digits differ from one call to another. The other formats have all
 * digits.
 */
const DIGITS = 6;

function readable(frame: DataFrame): DataFrame {
  const score = pl.col("score").cast(pl.Float64);
  // Polars cannot raise a number to the power of a column: 10^(5 − ⌊log₁₀ |score|⌋).
  const scale = pl.lit(DIGITS - 1).sub(score.abs().log(10).floor()).mul(pl.lit(Math.LN10)).exp();
  const rounded = pl.when(score.eq(pl.lit(0))).then(score).otherwise(
    score.mul(scale).round(0).div(scale) as Expr,
  ) as unknown as Expr;
  return frame.withColumn(rounded.cast(pl.Float32).alias("score"));
}

/** Returns the frame with an apostrophe before ids and titles that a spreadsheet would take for formulas. */
export function withSafeCells(frame: DataFrame): DataFrame {
  const texts = ["user", "item", "title"].filter((name) => frame.columns.includes(name));
  return frame.withColumns(...texts.map((name) => safeCells(pl.col(name))));
}
