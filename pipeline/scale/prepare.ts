/**
 * Runs the stages of a preparation, in order, on an engine that runs SQL.
 *
 * @module
 */
import type { Rows } from "../contract/frame.ts";
import type { NegativesResult } from "../negatives.ts";
import { drawToDisk, evaluatedOf } from "../negatives/on_disk.ts";
import { countsByItem } from "../negatives/popularity.ts";
import { announced, type EngineWork, type SourceTable } from "./engine.ts";
import { filterOnEngine, type Kept } from "./stages/filter.ts";
import { checkOnEngine, type Typed } from "./stages/schema.ts";
import { type Arrange, type Arranged, splitOnEngine } from "./stages/split.ts";
import { type Known, numberOnEngine, type Vocabulary } from "./stages/vocabulary.ts";

/** Results of the stages, by name. */
interface EngineResults<Source extends SourceTable> {
  read: Source;
  schema: Typed;
  filter: Kept;
  vocabulary: Vocabulary;
  split: Arranged;
  negatives: Drawn;
}

/** What each engine does in its own way. */
interface OwnStages<Source extends SourceTable> {
  /** Reads the interactions. */
  read(): Promise<Source>;
  /** Orders the interactions. */
  arrange: Arrange;
  /** Folder where this process writes data that does not fit into memory. */
  room: string;
}

/**
 * Runs the stages one after another, each with the same result as its counterpart on Polars.
 *
 * @param side Tables of items and users, read on this machine.
 * @throws {InputError} for data that a stage cannot use; {@link Interrupted} if the work's `signal` is aborted.
 */
export async function prepareOnEngine<Source extends SourceTable>(
  { read, arrange, room }: OwnStages<Source>,
  side: Known,
  work: EngineWork,
): Promise<EngineResults<Source>> {
  async function stage<R extends { report: { warnings: string[] } }>(
    doing: string,
    run: () => Promise<R>,
  ): Promise<R> {
    const result = await run();
    work.runner.finished?.(doing);
    result.report.warnings.forEach((warning) => work.progress.warn(warning));
    return result;
  }
  const onEngine: typeof stage = (doing, run) => stage(doing, () => announced(doing, work, run));
  const source = await onEngine("reading", read);
  const schema = await onEngine("checking rows", () => checkOnEngine(source, work));
  const filter = await onEngine("filtering", () => filterOnEngine(schema, work));
  const vocabulary = await onEngine("numbering users and items", () => numberOnEngine(filter, side, work));
  const split = await onEngine("splitting", () => splitOnEngine(filter, vocabulary, work, arrange));
  const negatives = await stage("drawing negatives", () => drawHere(room, split, vocabulary, work));
  return { read: source, schema, filter, vocabulary, split, negatives };
}

/** The result of drawing: the table of negatives, as `sampleNegatives` returns it. */
interface Drawn extends Omit<NegativesResult, "frame"> {
  frame: Rows;
}

/** Draws negatives as `sampleNegatives` does, into files in `folder`. */
async function drawHere(
  folder: string,
  { table, frame, report }: Arranged,
  { users, items }: Vocabulary,
  work: EngineWork,
): Promise<Drawn> {
  const popularity = await announced(
    "counting targets",
    work,
    () => countTargets(table, items.height, work),
  );
  return await drawToDisk(folder, { ...work, frame, users, popularity, evaluated: evaluatedOf(report) });
}

/** Counts how often each item is a target [items + 1]. */
async function countTargets(
  interactions: string,
  items: number,
  { runner }: EngineWork,
): Promise<Uint32Array> {
  const counted = await runner.rows(
    `SELECT item, count(*) AS n FROM ${interactions} WHERE position > 1 GROUP BY item`,
  );
  return countsByItem(counted, items);
}
