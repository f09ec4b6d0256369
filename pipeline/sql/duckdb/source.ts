/**
 * Stage 1 for DuckDB: files are read on this machine, in pieces, by the same readers as for Polars.
 *
 * @module
 */
import { InputError } from "../../contract/errors.ts";
import type { DataFrame } from "../../contract/frame.ts";
import { flawsAmong } from "../../contract/stage/row_flaws.ts";
import type { StageContext } from "../../contract/stage.ts";
import { readInteractionPieces } from "../../readers/pieces/interactions.ts";
import { noTime } from "../../readers/no_time.ts";
import type { ReadOptions, SourceFile } from "../../readers/types.ts";
import type { SourceTable } from "../source.ts";
import type { SourceTime } from "../text/schema.ts";
import { timeAmong, timeTogether } from "../text/times.ts";
import { type DuckDbRunner, filesTable } from "./runner.ts";

/** Interactions, and the files that they come from. */
export interface DuckDbSource extends SourceTable {
  sources: SourceFile[];
}

/**
 * Reads interactions for DuckDB.
 *
 * @throws {InputError} as `readInteractions` does, and for formats that cannot be read in pieces.
 */
export async function readForDuckDb(
  runner: DuckDbRunner,
  options: ReadOptions,
  context: StageContext,
): Promise<DuckDbSource> {
  const { folder } = runner.options;
  const read = await readInteractionPieces({ ...options, ...context, folder }, refused);
  const { pieces, files, sources, columnName } = read, warnings = files.flatMap((file) => file.warnings);
  const typesOf = (column: string) => new Set(pieces.flatMap(({ types }) => types[column] ?? []));
  const times = new Set([...typesOf("timestamp")].map((type) => TIMES[type])), ratings = typesOf("rating");
  const hasEvent = typesOf("event").size > 0;
  const flaws = flawsAmong(pieces.flatMap(({ types }) => Object.keys(types))), hasRating = ratings.size > 0;
  const time = times.size === 0 ? "whole" : timeTogether(times), ratingIsNumber = !ratings.has("String");
  if (times.size === 0) warnings.push(noTime(files.map(({ use }) => use)));
  const selects = Object.values(Object.groupBy(pieces, ({ types }) => JSON.stringify(types))).map((alike) => {
    const [{ types }] = alike!;
    const columns = [
      ...["user", "item"],
      ...(hasRating ? [ratingIsNumber ? "rating" : "cast(rating AS STRING) AS rating"] : []),
      `${times.size === 0 ? "source_row" : timeIn(runner, TIMES[types.timestamp], time)} AS timestamp`,
      ...(hasEvent ? ["event"] : []),
      ...flaws.map((flaw) => types[flaw] ? flaw : `false AS ${flaw}`),
      "source_row",
    ];
    return `SELECT ${columns.join(", ")} FROM (${filesTable(alike!.map(({ path }) => path))}) pieces`;
  });
  await runner.view("source", selects.join(" UNION ALL "));
  return {
    table: "source",
    hasRating,
    hasEvent,
    ratingIsNumber,
    flaws,
    time,
    sources,
    columnName,
    report: read.report(warnings),
    locate: async (wanted) => read.locate(await sourceRows(runner, wanted)),
  };
}

/** Kind of time in a piece, by the name of its Polars type. */
const TIMES: Record<string, SourceTime> = {
  "Datetime(us)": "microseconds",
  "Datetime(ns)": "nanoseconds",
  Int64: "whole",
  Float64: "number",
  String: "text",
};

/** Returns the expression for a piece's time, given the kind of all times together. */
function timeIn(runner: DuckDbRunner, own: SourceTime, together: SourceTime): string {
  const counted = { microseconds: "epoch_us(timestamp)", nanoseconds: "epoch_ns(timestamp)" };
  const time = own === "microseconds" || own === "nanoseconds" ? counted[own] : "timestamp";
  return timeAmong(runner.dialect, time, own, together);
}

async function sourceRows(runner: DuckDbRunner, wanted: string): Promise<number[]> {
  const frame: DataFrame = await runner.rows(wanted);
  return Array.from(frame.getColumn("source_row").toArray() as (number | bigint)[], Number)
    .sort((a, b) => a - b);
}

/**
 * Returns the error for a format that cannot be read in pieces.
 *
 * @returns The error for a format that cannot be read in pieces.
 */
export const refused = (format: string): InputError =>
  new InputError(
    `Cannot read the format ${format} with --engine duckdb: there, files are CSV, TSV, MovieLens, RecBole, Amazon, JSON lines or ` +
      "Parquet; convert them, or take --engine polars",
  );
