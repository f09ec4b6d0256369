/**
 * This machine, by DuckDB: the stages of a preparation within a limit of memory.
 *
 * @module
 */
import { join } from "node:path";
import { InputError } from "../../contract/errors.ts";
import { dropQuietly, type StagedFolder, stageFolder } from "../../contract/files/swap.ts";
import { formatSize } from "../../contract/size.ts";
import { claimDataset } from "../../contract/store.ts";
import { VERSIONS } from "../../contract/version.ts";
import { filesOf, type Inputs } from "../../inputs.ts";
import type { PrepareConfig } from "../../prepare_options.ts";
import type { Context, Site } from "../../site.ts";
import { fileFacts, type Outcome, readSides, withSides, type Work } from "../../stages.ts";
import { changedFile } from "../../unchanged.ts";
import { LEAST_MEMORY } from "../options.ts";
import { prepareOnEngine } from "../prepare.ts";
import { loadDuckDb } from "./library.ts";
import { arrangeOnDisk } from "./arrange.ts";
import { drawInRanges } from "./negatives.ts";
import { DuckDbRunner } from "./runner.ts";
import { readForDuckDb, refused } from "./source.ts";

/** Parts of tables that are put in order one by one. */
const PARTS = 16;

/**
 * This machine as the place of the work.
 *
 * @param memory Bytes that the process may take.
 * @throws {InputError} for too little memory, and what is only read into memory.
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
    run: async () => {
      const place = claimDataset(config.out, { overwrite: config.overwrite, inputs: filesOf(inputs) });
      const staged = await stageFolder(place);
      try {
        return await prepareIn(staged, memory, { config, inputs, ...context });
      } catch (error) {
        dropQuietly(staged);
        throw error;
      }
    },
  };
}

/** All that does not fit into memory is in a folder of the dataset that is being made: a kill leaves nothing else. */
async function prepareIn(staged: StagedFolder, memory: number, work: Work): Promise<Outcome> {
  const folder = join(staged.path, "scratch"), { signal, inputs } = work;
  Deno.mkdirSync(folder);
  const side = await readSides(work), frames = { items: side.items?.frame, users: side.users?.frame };
  return await DuckDbRunner.with({ memory, folder, signal }, async (runner) => {
    const done = await prepareOnEngine(
      {
        read: async () => {
          const source = await readForDuckDb(runner, inputs.interactions, work);
          return { ...source, report: withSides(source.report, side) };
        },
        arrange: arrangeOnDisk(runner),
        draw: (split, vocabulary, work) => drawInRanges(folder, split, vocabulary, work),
      },
      frames,
      { runner, parts: PARTS, ...work },
    );
    const { read, schema, vocabulary, split, negatives } = done;
    return {
      vocabulary,
      split,
      negatives,
      rejected: schema.rejected,
      sources: [read, side.items, side.users].flatMap((table) => fileFacts(table?.sources ?? [])),
      reports: Object.values(done).map(({ report }) => report),
      scratch: { staged, clear: () => Deno.removeSync(folder, { recursive: true }) },
    };
  });
}
