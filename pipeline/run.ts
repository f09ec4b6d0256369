/**
 * From raw interactions to a frozen dataset folder.
 *
 * @module
 */
import pl, { type DataFrame } from "nodejs-polars";
import { contentOptions, resolvePrepareConfig } from "./config.ts";
import type { PrepareConfig } from "./prepare_options.ts";
import { AN_OBJECT, checkCall } from "./contract/options/arguments.ts";
import { checkKnown } from "./contract/options/known.ts";
import { contextOf } from "./contract/context.ts";
import type { Rows } from "./contract/frame.ts";
import type { TableName } from "./contract/dataset/manifest.ts";
import { type Prepared, preparedWithDisplay, tellData } from "./contract/dataset/prepared.ts";
import { SPLITS, type StageContext } from "./contract/stage.ts";
import { claimDataset, fillDataset, type ManifestFacts } from "./contract/dataset/store.ts";
import { expandPaths } from "./readers/mod.ts";
import { atSite, type Place } from "./site.ts";
import { checkEngine, type EngineInput, engineSchema, engineShape } from "./scale/options.ts";
import type { Context, Outcome, Site } from "./stages.ts";
import { unreadEvents } from "./schema/events.ts";
import { sourceName, tableAmong } from "./tables/names.ts";
import { onDisk, type PrepareSource } from "./tables/input.ts";
import { checkOptions } from "./terminal/config.ts";
import { holdsDataset, unchangedDataset } from "./unchanged.ts";

/**
 * Prepares a dataset folder from raw interactions: files, a Polars frame, or an array with an object for each interaction. Does nothing if
 * the folder already holds the dataset of the same options and the same sources (unless `force`).
 *
 * @example
 * ```ts
 * import { prepare } from "automlp";
 *
 * const folder = await Deno.makeTempDir(), days = [1, 2, 3, 4];
 * const rows = ["ann,tea", "ann,cup", "ben,cup", "ben,tea", "cid,pot", "cid,tea"]
 *   .flatMap((row) => days.map((day) => `${row}${day},${day}`));
 * await Deno.writeTextFile(`${folder}/log.csv`, ["user_id,item_id,timestamp", ...rows].join("\n"));
 * const { dataset, reports } = await prepare({
 *   data: `${folder}/log.csv`,
 *   out: `${folder}/data`,
 *   minUser: 5,
 *   evalNegatives: 2,
 * });
 * console.log(dataset, reports);
 * ```
 * @throws {InputError} for options or data that cannot be used, and for a folder that cannot be written to; {@link RunError}
 * if a download fails; {@link Interrupted} if `signal` is aborted. In each case the folder stays as it was.
 */
export async function prepare(
  input: PrepareSource & EngineInput,
  context: StageContext = {},
): Promise<Prepared> {
  checkCall('prepare({ data: "ratings.csv", out: "data/mine" })', [input, AN_OBJECT], [context, AN_OBJECT]);
  checkKnown("prepare the data", context, {});
  const { engine, preparation } = parted(input), options = checkOptions(engineSchema, engine);
  const place = checkEngine(options), { partRows } = options;
  using files = await onDisk(preparation, contextOf(context));
  const config = resolvePrepareConfig(files.input);
  const prepared = await files.during(() => runPreparation(config, { ...context, place, partRows }));
  tellData(prepared.dataset.manifest, contextOf(context).progress);
  return prepared;
}

/** Separates the options that say where the work is done from all others. */
function parted(input: PrepareSource & EngineInput): { engine: EngineInput; preparation: PrepareSource } {
  const isEngine = ([key]: [string, unknown]) => Object.hasOwn(engineShape, key);
  const [engine, preparation] = [true, false].map((wanted) =>
    Object.fromEntries(Object.entries(input).filter((entry) => isEngine(entry) === wanted))
  );
  return { engine, preparation: preparation as PrepareSource };
}

/** Where and how a preparation runs. */
export interface PreparationContext extends StageContext, Partial<Place> {
  /** See {@link EngineInput}. */
  partRows?: number;
}

/** Prepares a dataset folder as `prepare` does, with options that are already checked. */
export async function runPreparation(
  config: PrepareConfig,
  { place = { engine: "auto" }, partRows, negativesInMemory, rowsAtOnce, ...options }: PreparationContext =
    {},
): Promise<Prepared> {
  const context = contextOf(options);
  const refused = refusalOf(config, place);
  // Download nothing if the dataset could not be written there anyway.
  if (refused && (config.force || !holdsDataset(config))) throw refused;
  const where = { place, config, negativesInMemory, rowsAtOnce, ...context };
  return await atSite(where, (site) => prepareAt(site, config, refused, { ...context, partRows }));
}

async function prepareAt(
  site: Site,
  config: PrepareConfig,
  refused: unknown,
  context: Context & Pick<PreparationContext, "partRows">,
): Promise<Prepared> {
  if (!config.force) {
    const dataset = await unchangedDataset(config, site.versions, site.changed);
    if (dataset) return preparedWithDisplay({ dataset, status: "unchanged", reports: [] });
  }
  if (refused) throw refused;
  const done = await site.run(), { rejected, scratch } = done;
  const stage = () => Promise.resolve(scratch.staged);
  const dataset = await fillDataset(config.out, stage, tablesOf(done), factsOf(config, site, done), {
    rejected: rejected.height > 0 ? rejectedOf(config, rejected) : undefined,
    written: () => scratch.clear(),
    ...context,
  });
  const unused = done.reports.flatMap(({ columns }) => columns?.interactions?.unused ?? []);
  const unread = unreadEvents(unused);
  if (unread !== undefined) context.progress.remark?.(unread);
  return preparedWithDisplay({ dataset, status: "prepared", reports: done.reports });
}

/** The error that says why the dataset may not be written to its folder; undefined if it may. */
function refusalOf(config: PrepareConfig, { engine }: Place["place"]): unknown {
  const { out, overwrite, data, items, users, sequenceTimestamps } = config;
  const files = data && engine !== "spark" ? expandPaths(data) : []; // a cluster's files need not be here
  const inputs = [...files, items, users, sequenceTimestamps].filter((file) => file !== undefined);
  try {
    claimDataset(out, { overwrite, inputs });
  } catch (error) {
    return error;
  }
}

function tablesOf({ vocabulary, split, negatives }: Outcome): Record<TableName, Rows> {
  return {
    interactions: split.frame,
    users: vocabulary.users,
    items: withPopularity(vocabulary.items, negatives.popularity),
    features: vocabulary.features,
    negatives: negatives.frame,
  };
}

/** Rows that were set aside, with their files named as in the sources; for a table in memory, its name stands in for a file. */
function rejectedOf({ data }: PrepareConfig, rejected: DataFrame): DataFrame {
  if (tableAmong({ data }) !== undefined) {
    return rejected.withColumn(pl.lit(sourceName(data![0])).alias("file"));
  }
  const files = rejected.getColumn("file").toArray() as string[];
  return rejected.withColumn(pl.Series("file", files.map(sourceName), pl.String));
}

/** The part of the manifest that does not describe the folder's own files. */
function factsOf(config: PrepareConfig, { inputs, versions }: Site, done: Outcome): ManifestFacts {
  const { name, download, truth } = inputs, { sources, vocabulary, split, reports, timeUnit } = done;
  const { count, protocols, lowered } = done.negatives;
  const [train, validation, test] = SPLITS.map((part) => split.report.counts[part]);
  return {
    name,
    config: contentOptions(config, count),
    seed: config.seed,
    sources: sources.map((source) => ({ ...source, path: sourceName(source.path) })),
    ...(download && { download }),
    ...(truth !== undefined && { truth }),
    counts: {
      users: vocabulary.users.height,
      items: vocabulary.items.height,
      interactions: split.frame.height,
      pairs: split.pairs,
      train,
      validation,
      test,
    },
    split: split.split,
    negatives: {
      protocols: [...protocols],
      count,
      ...(lowered && { lowered }),
      exponent: config.exponent,
    },
    features: vocabulary.featureInfo,
    hasRating: split.frame.columns.includes("rating"),
    ...(timeUnit && { timeUnit }),
    stages: reports.map((report) => report.written()),
    versions,
  };
}

/** Adds the column `popularity` after `interactions`. */
function withPopularity(items: DataFrame, popularity: Uint32Array): DataFrame {
  const [item, id, interactions, ...side] = items.columns;
  return items.withColumn(pl.Series("popularity", popularity.subarray(1)))
    .select(item, id, interactions, "popularity", ...side);
}
