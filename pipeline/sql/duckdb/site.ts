/**
 * Runs the stages of a preparation on this machine with DuckDB, within a memory limit.
 *
 * @module
 */
import { InputError } from "../../contract/errors.ts";
import { formatSize } from "../../contract/options/size.ts";
import { VERSIONS } from "../../contract/version.ts";
import { filesOf, type Inputs } from "../../inputs.ts";
import type { PrepareConfig } from "../../prepare_options.ts";
import { Scratch } from "../../scratch.ts";
import type { Context, Site } from "../../site.ts";
import {
  fileFacts,
  knownOf,
  type Outcome,
  outcomeOf,
  readSides,
  withSides,
  type Work,
} from "../../stages.ts";
import { changedFile } from "../../unchanged.ts";
import { LEAST_MEMORY } from "../options.ts";
import { prepareOnEngine } from "../prepare.ts";
import { loadDuckDb } from "./library.ts";
import { arrangeOnDisk } from "./arrange.ts";
import { DuckDbRunner } from "./runner.ts";
import { readForDuckDb, refused } from "./source.ts";

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
