/**
 * Recommendations as a file, in the format that its ending says.
 *
 * @module
 */
import pl, { type DataFrame, type Expr } from "nodejs-polars";
import { InputError } from "../../pipeline/contract/errors.ts";
import { absolutePath } from "../../pipeline/contract/files/literal.ts";
import { claimFile } from "../../pipeline/contract/files/place.ts";
import { headOf } from "../../pipeline/contract/files/system.ts";
import { replaceFileByPath } from "../../pipeline/contract/files/write.ts";
import { type Progress, silent } from "../../pipeline/contract/progress.ts";
import { safeCells } from "../../pipeline/display/text/safe_cell.ts";

/** The first columns of recommendations. */
const COLUMNS = ["user", "rank", "item", "score"];
const startsWith = (columns: string[]) => COLUMNS.every((column, i) => columns[i] === column);

interface FileFormat {
  write(frame: DataFrame, path: string): void;
  /** Whether a file holds recommendations. */
  isOurs(path: string): boolean;
}

/** Polars' sinkCSV and sinkNdJson say nothing where the end of a file does not fit on the disk. */
const FORMATS: Record<string, FileFormat> = {
  csv: {
    write: (frame, path) => readable(frame).writeCSV(path),
    isOurs: (path) => startsWith(headOf(path).split(/\r?\n/)[0].split(",")),
  },
  parquet: {
    write: (frame, path) => frame.writeParquet(path),
    isOurs: (path) => startsWith(pl.scanParquet(absolutePath(path), { glob: false }).columns),
  },
  jsonl: {
    write: (frame, path) => frame.writeJSON(path, { format: "lines" }),
    isOurs: (path) => startsWith(Object.keys(JSON.parse(headOf(path, 1 << 16).split("\n")[0]))),
  },
};

/** A file that recommendations may be written to. */
export interface RecommendationFile {
  /** Writes it whole or not at all; of millions of lines that takes a while. */
  write(frame: DataFrame, progress?: Progress): Promise<void>;
}

/**
 * Checks that recommendations may be written to a file, before they are computed.
 *
 * @param options.inputs Files that are read: they are never replaced.
 * @param options.overwrite Replace a file that holds something else.
 * @throws {InputError} if the name has no known ending, or something else is there.
 */
export function claimRecommendations(
  out: string,
  { inputs, overwrite }: { inputs?: readonly string[]; overwrite?: boolean } = {},
): RecommendationFile {
  const format = FORMATS[out.split(".").at(-1)!];
  if (!format) throw new InputError(`Cannot write ${out}: the name must end in .csv, .parquet or .jsonl`);
  const path = claimFile(out, { what: "the recommendations", inputs, overwrite, isOurs: format.isOurs });
  return {
    write: async (frame, progress = silent) => {
      const task = progress.start(`writing ${out}`, frame.height, "lines");
      try {
        await replaceFileByPath(path, (part) => format.write(frame, part));
        task.advance(frame.height);
      } finally {
        task.end();
      }
    },
  };
}

/** As CSV, for a terminal or a pipe. */
export const csvOf = (frame: DataFrame): string => readable(frame).writeCSV().toString().trimEnd();

/** Digits of a score in CSV, which people read: the next one differs from one call to another. The other formats have all. */
const DIGITS = 6;

function readable(frame: DataFrame): DataFrame {
  const score = pl.col("score").cast(pl.Float64);
  // Polars raises no number to a column: 10^(5 − ⌊log₁₀ |score|⌋).
  const scale = pl.lit(DIGITS - 1).sub(score.abs().log(10).floor()).mul(pl.lit(Math.LN10)).exp();
  const rounded = pl.when(score.eq(pl.lit(0))).then(score).otherwise(
    score.mul(scale).round(0).div(scale) as Expr,
  ) as unknown as Expr;
  return frame.withColumn(rounded.cast(pl.Float32).alias("score"));
}

/** The same with an apostrophe in front of ids and titles that a spreadsheet would take for formulas. */
export function withSafeCells(frame: DataFrame): DataFrame {
  const texts = ["user", "item", "title"].filter((name) => frame.columns.includes(name));
  return frame.withColumns(...texts.map((name) => safeCells(pl.col(name))));
}
