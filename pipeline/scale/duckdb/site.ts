/**
 * Runs the stages of a preparation on this machine with DuckDB, within a memory limit.
 *
 * @module
 */
import { InputError } from "../../contract/errors.ts";
import type { DataFrame } from "../../contract/frame.ts";
import { formatSize } from "../../contract/options/shapes.ts";
import type { StageContext } from "../../contract/stage.ts";
import { flawsAmong } from "../../contract/stage/row_flaws.ts";
import { VERSIONS } from "../../contract/version.ts";
import { filesOf, type Inputs } from "../../inputs.ts";
import type { PrepareConfig } from "../../prepare_options.ts";
import { readInteractionPieces } from "../../readers/pieces.ts";
import { noTime } from "../../readers/roles.ts";
import type { ReadOptions, SourceFile } from "../../readers/types.ts";
import { Scratch } from "../../scratch.ts";
import {
  type Context,
  fileFacts,
  knownOf,
  type Outcome,
  outcomeOf,
  readSides,
  type Site,
  withSides,
  type Work,
} from "../../stages.ts";
import { changedFile } from "../../unchanged.ts";
import type { SourceTable } from "../engine.ts";
import { LEAST_MEMORY } from "../options.ts";
import { prepareOnEngine } from "../prepare.ts";
import { type SourceTime, timeAmong, timeTogether } from "../stages/schema_sql.ts";
import type { Arrange } from "../stages/split.ts";
import { placed, timeOrder, toSort } from "../stages/split_sql.ts";
import { DuckDbRunner, filesTable, loadDuckDb } from "./runner.ts";

/** Number of parts of a table that are sorted one by one. */
const PARTS = 16;

/**
 * Prepares to run the stages on this machine.
 *
 * @param memory Memory limit of the process in bytes.
 * @throws {InputError} for too little memory, and for formats that can only be read into memory.
 */
export async function onDuckDb(
  memory: number,
  config: PrepareConfig,
  inputs: Inputs,
  context: Context,
): Promise<Site> {
  if (memory < LEAST_MEMORY) {
    throw new InputError(
      `Cannot work within the memory that is free, ${formatSize(memory)}: DuckDB takes ${
        formatSize(LEAST_MEMORY)
      } or more; end other programs, or say --engine polars`,
    );
  }
  const { format, sequenceTimestamps } = inputs.interactions;
  if (format === "arrow" || format === "sequences") throw refused(format);
  if (sequenceTimestamps !== undefined) throw refused("sequences");
  const { version } = await loadDuckDb();
  return {
    inputs,
    versions: { ...VERSIONS, duckdb: version() },
    changed: (sources) => changedFile(sources, filesOf(inputs)),
    run: () => {
      const work = { config, inputs, ...context };
      return Scratch.during(
        config,
        filesOf(inputs),
        (room) => prepareIn(room, memory, work),
      );
    },
  };
}

async function prepareIn(folder: string, memory: number, work: Work): Promise<Outcome> {
  const { signal, inputs } = work;
  const side = await readSides(work);
  return await DuckDbRunner.with({ memory, folder, signal }, async (runner) => {
    const done = await prepareOnEngine(
      {
        read: async () => {
          const source = await readForDuckDb(runner, inputs.interactions, work);
          return { ...source, report: withSides(source.report, side) };
        },
        arrange: arrangeOnDisk(runner),
        room: folder,
      },
      knownOf(side),
      { runner, parts: PARTS, ...work },
    );
    return outcomeOf(done, fileFacts(done.read.sources), side);
  });
}

/** Interactions, and the files that they come from. */
interface DuckDbSource extends SourceTable {
  sources: SourceFile[];
}

/**
 * Reads interactions for DuckDB.
 *
 * @throws {InputError} as `readInteractions` does, and for formats that cannot be read in pieces.
 */
async function readForDuckDb(
  runner: DuckDbRunner,
  options: ReadOptions,
  context: StageContext,
): Promise<DuckDbSource> {
  const { folder } = runner.options;
  const read = await readInteractionPieces({ ...options, ...context, folder }, refused);
  const { pieces, uses, sources, columnName } = read, warnings: string[] = [];
  const typesOf = (column: string) => new Set(pieces.flatMap(({ types }) => types[column] ?? []));
  const times = new Set([...typesOf("timestamp")].map((type) => TIMES[type])), ratings = typesOf("rating");
  const hasEvent = typesOf("event").size > 0;
  const flaws = flawsAmong(pieces.flatMap(({ types }) => Object.keys(types))), hasRating = ratings.size > 0;
  const time = times.size === 0 ? "whole" : timeTogether(times), ratingIsNumber = !ratings.has("String");
  if (times.size === 0) warnings.push(noTime(uses));
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
const refused = (format: string): InputError =>
  new InputError(
    `Cannot read the format ${format} with --engine duckdb: there, files are CSV, TSV, MovieLens, RecBole, Amazon, JSON lines or ` +
      "Parquet; convert them, or take --engine polars",
  );

/** Orders and splits interactions. */
const arrangeOnDisk = (runner: DuckDbRunner): Arrange => async (arrangement) => {
  const table = "interactions";
  const inSource = await runner.sorted(toSort(arrangement), `user, ${timeOrder(arrangement)}`);
  const rows = await runner.keepInOrder(table, placed(runner.dialect, inSource.numbered, arrangement));
  return { table, rows, inSource };
};
