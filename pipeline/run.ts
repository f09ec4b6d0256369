/**
 * From raw interactions to a frozen dataset folder.
 *
 * @module
 */
import pl, { type DataFrame } from "nodejs-polars";
import { contentOptions, resolvePrepareConfig } from "./config.ts";
import type { PrepareConfig, PrepareInput } from "./prepare_options.ts";
import { contextOf } from "./contract/context.ts";
import type { TableName } from "./contract/manifest.ts";
import { type Prepared, preparedWithDisplay } from "./contract/prepared.ts";
import { SPLITS, type StageContext } from "./contract/stage.ts";
import { claimDataset, type ManifestFacts, writeDataset } from "./contract/store.ts";
import { VERSIONS } from "./contract/version.ts";
import { type Inputs, resolveInputs } from "./inputs.ts";
import { expandPaths } from "./readers/mod.ts";
import { type Results, runStages } from "./stages.ts";
import { holdsDataset, unchangedDataset } from "./unchanged.ts";

/**
 * Prepares a dataset folder from raw interactions. Does nothing where the folder already holds the dataset of the same
 * options and the same sources (unless `force`).
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
 * @throws {InputError} for options or data that cannot be used, and a place that cannot be written to; {@link RunError}
 * if a download fails; {@link Interrupted} if `signal` is aborted. In each case the folder is as it was before.
 */
export const prepare = (input: PrepareInput, context: StageContext = {}): Promise<Prepared> =>
  Promise.try(() => runPreparation(resolvePrepareConfig(input), context));

/** The same with options that are checked already. */
export async function runPreparation(config: PrepareConfig, options: StageContext = {}): Promise<Prepared> {
  const context = contextOf(options);
  const refused = refusalOf(config);
  // Nothing is downloaded for a place that can hold no dataset of ours.
  if (refused && (config.force || !holdsDataset(config))) throw refused;
  const inputs = await resolveInputs(config, context);
  if (!config.force) {
    const dataset = await unchangedDataset(config, inputs);
    if (dataset) return preparedWithDisplay({ dataset, status: "unchanged", reports: [] });
  }
  if (refused) throw refused;
  const done = await runStages({ config, inputs, ...context });
  const { rejected } = done.schema, tables = tablesOf(done);
  const dataset = await writeDataset(config.out, tables, factsOf(config, inputs, done), {
    rejected: rejected.height > 0 ? rejected : undefined,
    overwrite: config.overwrite,
    ...context,
  });
  return preparedWithDisplay({ dataset, status: "prepared", reports: reportsOf(done) });
}

/** Why the dataset may not be written where it is to go; undefined if it may. */
function refusalOf({ out, overwrite, data, items, users, sequenceTimestamps }: PrepareConfig): unknown {
  const files = data ? expandPaths(data) : [];
  const inputs = [...files, items, users, sequenceTimestamps].filter((file) => file !== undefined);
  try {
    claimDataset(out, { overwrite, inputs });
  } catch (error) {
    return error;
  }
}

const reportsOf = (done: Results) => Object.values(done).map(({ report }) => report);

function tablesOf({ vocabulary, split, negatives }: Results): Record<TableName, DataFrame> {
  return {
    interactions: split.frame,
    users: vocabulary.users,
    items: withPopularity(vocabulary.items, negatives.popularity),
    features: vocabulary.features,
    negatives: negatives.frame,
  };
}

/** What the manifest says beside what the folder says of itself. */
function factsOf(config: PrepareConfig, { name, download }: Inputs, done: Results): ManifestFacts {
  const { read, vocabulary, split } = done;
  const sources = [read, read.items, read.users].flatMap((result) => result?.sources ?? []);
  const [train, validation, test] = SPLITS.map((part) => split.report.counts[part]);
  return {
    name,
    config: contentOptions(config),
    seed: config.seed,
    sources: sources.map(({ path, bytes, sha256 }) => ({ path, bytes, sha256 })),
    ...(download && { download }),
    counts: {
      users: vocabulary.users.height,
      items: vocabulary.items.height,
      interactions: split.frame.height,
      ...{ train, validation, test },
    },
    split: split.split,
    negatives: {
      protocols: config.evalNegatives === 0 ? [] : [...config.protocols],
      count: config.evalNegatives,
      exponent: config.exponent,
    },
    features: vocabulary.featureInfo,
    hasRating: split.frame.columns.includes("rating"),
    stages: reportsOf(done).map((report) => ({ ...report })),
    versions: VERSIONS,
  };
}

/** `popularity` behind `interactions`. */
function withPopularity(items: DataFrame, popularity: Uint32Array): DataFrame {
  const [item, id, interactions, ...side] = items.columns;
  return items.withColumn(pl.Series("popularity", popularity.subarray(1)))
    .select(item, id, interactions, "popularity", ...side);
}
