/**
 * Where the stages of a preparation run: on this machine, in memory or within a memory limit, or on a cluster. Nothing outside `scale/`
 * knows an engine, and what an engine needs is loaded when it is asked for.
 *
 * @module
 */
import { VERSIONS } from "./contract/version.ts";
import { filesOf, resolveInputs } from "./inputs.ts";
import type { PrepareConfig } from "./prepare_options.ts";
import { chooseEngine, type EnginePlace } from "./scale/options.ts";
import { type Context, runStages, type Site } from "./stages.ts";
import { changedFile } from "./unchanged.ts";

/** Where a preparation runs, and how much it holds there at once. */
export interface Place {
  /** Where the work is done: by default on this machine, by Polars, or by DuckDB if there is not enough memory. */
  place: EnginePlace;
  /** If there are more negatives than this, they are drawn to disk. Default: about 33 million. */
  negativesInMemory?: number;
  /** Number of rows that a cluster sends at once. Default: about two million. */
  rowsAtOnce?: number;
}

/**
 * Chooses an engine, and does `work` with it.
 *
 * @throws {InputError} for options that do not go with the engine, in addition to what the work throws.
 */
export async function atSite<R>(
  { place, config, negativesInMemory, rowsAtOnce, ...context }: Place & Context & { config: PrepareConfig },
  work: (site: Site) => Promise<R>,
): Promise<R> {
  if (place.engine === "spark") {
    const { onSpark } = await import("./scale/spark/site.ts"); // gRPC takes a tenth of a second to load
    return await onSpark(place, config, { ...context, rowsAtOnce }, work);
  }
  const inputs = await resolveInputs(config, context);
  const { place: chosen, reason } = await chooseEngine(place, config, inputs);
  if (reason !== undefined) context.progress.remark?.(reason);
  if (chosen.engine === "duckdb") {
    const { onDuckDb } = await import("./scale/duckdb/site.ts"); // a native library
    return await work(await onDuckDb(chosen.memory, config, inputs, context));
  }
  return await work({
    inputs,
    versions: VERSIONS,
    changed: (sources) => changedFile(sources, filesOf(inputs)),
    run: () => runStages({ config, inputs, negativesInMemory, ...context }),
  });
}
