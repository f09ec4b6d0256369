/**
 * Stage 1 for DuckDB: files are read here, in pieces, by the readers that read them for Polars.
 *
 * @module
 */
import { InputError } from "../../contract/errors.ts";
import type { DataFrame } from "../../contract/frame.ts";
import { flawsAmong } from "../../contract/row_flaws.ts";
import type { StageContext } from "../../contract/stage.ts";
import { readInteractionPieces } from "../../readers/interaction_pieces.ts";
import { noTime } from "../../readers/no_time.ts";
import type { ReadOptions, SourceFile } from "../../readers/types.ts";
import type { SourceTable } from "../source.ts";
import type { SourceTime } from "../text/schema.ts";
import { type DuckDbRunner, filesTable } from "./runner.ts";

/** Interactions, and the files that they are of. */
export interface DuckDbSource extends SourceTable {
  sources: SourceFile[];
}

/** @throws {InputError} as `readInteractions`, and for formats that are not read in pieces. */
export async function readForDuckDb(
  runner: DuckDbRunner,
  options: ReadOptions,
  context: StageContext,
): Promise<DuckDbSource> {
  const { folder } = runner.options;
  const read = await readInteractionPieces({ ...options, ...context, folder }, refused);
  const { pieces, files, sources, columnName } = read, warnings = files.flatMap((file) => file.warnings);
  const typesOf = (column: string) => new Set(pieces.flatMap(({ types }) => types[column] ?? []));
  const times = typesOf("timestamp"), ratings = typesOf("rating");
  const flaws = flawsAmong(pieces.flatMap(({ types }) => Object.keys(types))), hasRating = ratings.size > 0;
  const time = times.size === 0 ? "whole" : timeOf(times), ratingIsNumber = !ratings.has("String");
  if (times.size === 0) warnings.push(noTime(files.map(({ use }) => use)));
  const selects = Object.values(Object.groupBy(pieces, ({ types }) => JSON.stringify(types))).map((alike) => {
    const [{ types }] = alike!;
    const columns = [
      ...["user", "item"],
      ...(hasRating ? [ratingIsNumber ? "rating" : "cast(rating AS STRING) AS rating"] : []),
      `${times.size === 0 ? "source_row" : timeIn(types.timestamp, time)} AS timestamp`,
      ...flaws.map((flaw) => types[flaw] ? flaw : `false AS ${flaw}`),
      "source_row",
    ];
    return `SELECT ${columns.join(", ")} FROM (${filesTable(alike!.map(({ path }) => path))}) pieces`;
  });
  await runner.view("source", selects.join(" UNION ALL "));
  return {
    table: "source",
    hasRating,
    ratingIsNumber,
    flaws,
    time,
    sources,
    columnName,
    report: read.report(warnings),
    locate: async (wanted) => read.locate(await sourceRows(runner, wanted)),
  };
}

/** Of dates, which pieces have in one of two types. */
const MICROSECONDS = "Datetime(us)", NANOSECONDS = "Datetime(ns)";

/** Numbers of one type stay, and dates; dates in one piece are numbers beside others, and numbers beside text are text. */
function timeOf(types: Set<string>): SourceTime {
  const others = types.difference(new Set([MICROSECONDS, NANOSECONDS]));
  if (others.size === 0) return types.has(MICROSECONDS) ? "microseconds" : "nanoseconds";
  const numbers = types.size > others.size ? new Set([...others, "Int64"]) : others;
  if (numbers.size > 1 || numbers.has("String")) return "text";
  return numbers.has("Int64") ? "whole" : "number";
}

/** The time of a piece as all of them have it. */
function timeIn(type: string, time: SourceTime): string {
  const isDate = type === MICROSECONDS || type === NANOSECONDS;
  if (time === "nanoseconds") return "epoch_ns(timestamp)";
  if (time === "microseconds") return "epoch_us(timestamp)";
  const number = isDate ? "epoch_ms(timestamp)" : "timestamp";
  return time === "text" ? `cast(${number} AS STRING)` : number;
}

async function sourceRows(runner: DuckDbRunner, wanted: string): Promise<number[]> {
  const frame: DataFrame = await runner.rows(wanted);
  return Array.from(frame.getColumn("source_row").toArray() as (number | bigint)[], Number)
    .sort((a, b) => a - b);
}

/** @returns The error for a format that is not read in pieces. */
export const refused = (format: string): InputError =>
  new InputError(
    `Cannot read the format ${format} with --engine duckdb: there, files are CSV, TSV, MovieLens, RecBole, Amazon, JSON lines or ` +
      "Parquet; convert them, or take --engine polars",
  );
