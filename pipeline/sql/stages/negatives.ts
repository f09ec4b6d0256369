/**
 * Stage 6 next to an engine that runs SQL: negatives are drawn on this machine. The interactions are here by then, and drawing
 * takes less time than sending the result.
 *
 * @module
 */
import type { Rows } from "../../contract/frame.ts";
import { countsByItem } from "../../negatives/popularity.ts";
import { drawToDisk, evaluatedOf } from "../../negatives/on_disk.ts";
import type { NegativesResult } from "../../negatives.ts";
import { announced, type EngineWork } from "./session.ts";
import type { Arranged } from "./split.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** The result of drawing: the table of negatives, as `sampleNegatives` returns it. */
export interface Drawn extends Omit<NegativesResult, "frame"> {
  frame: Rows;
}

/** Draws negatives as `sampleNegatives` does, into files in `folder`. */
export async function drawHere(
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
