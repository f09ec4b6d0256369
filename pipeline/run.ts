/**
 * The stages in their order: raw interactions in, a frozen dataset folder out.
 *
 * @module
 */
import pl, { type DataFrame } from "nodejs-polars";
import { basename } from "node:path";
import { contentOptions, type PrepareConfig, type PrepareInput, resolvePrepareConfig } from "./config.ts";
import type { SequenceDataset } from "./contract/dataset.ts";
import { checkInterrupt, InputError } from "./contract/errors.ts";
import { hashFile } from "./contract/files/hash.ts";
import { type Manifest, TABLES } from "./contract/manifest.ts";
import { contextOf } from "./contract/context.ts";
import { type Prepared, preparedWithDisplay } from "./contract/prepared.ts";
import type { StageReport } from "./contract/report.ts";
import type { StageContext } from "./contract/stage.ts";
import { claimDataset, readDataset, readManifest, writeDataset } from "./contract/store.ts";
import { type FeatureSpec, parseFeatureSpec } from "./features.ts";
import { filterInteractions } from "./filter.ts";
import { sampleNegatives } from "./negatives.ts";
import {
  expandPaths,
  readInteractions,
  type ReadOptions,
  readSideTable,
  type SideTableOptions,
} from "./readers/mod.ts";
import { resolveDataset } from "./readers/registry.ts";
import { checkSchema } from "./schema.ts";
import { splitInteractions } from "./split.ts";
import { VERSIONS } from "./contract/version.ts";
import { buildVocabulary } from "./vocabulary.ts";

/** Where the interactions and the side tables come from, once a known data set's name is resolved. */
interface Inputs {
  name: string;
  interactions: ReadOptions;
  items?: SideTableOptions;
  users?: SideTableOptions;
  download?: Manifest["download"];
}

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
 *   negatives: 2,
 * });
 * console.log(dataset, reports);
 * ```
 * @throws {InputError} for options or data that cannot be used, and a place that cannot be written to; {@link RunError}
 * where a download fails; {@link Interrupted} where `signal` is aborted. In each case the folder is as it was before.
 */
export const prepare = (input: PrepareInput, context: StageContext = {}): Promise<Prepared> =>
  Promise.try(() => runPreparation(resolvePrepareConfig(input), context));

/** The same with options that are checked already. */
export async function runPreparation(config: PrepareConfig, options: StageContext = {}): Promise<Prepared> {
  const context = contextOf(options), { progress, signal } = context;
  const refused = await refusalOf(config);
  // Nothing is downloaded for a place that can hold no dataset of ours.
  if (refused && (config.force || !readManifestQuietly(config.out))) throw refused;
  const inputs = await resolveInputs(config, context);
  if (!config.force) {
    const dataset = await unchangedDataset(config, inputs);
    if (dataset) return preparedWithDisplay({ dataset, status: "unchanged", reports: [] });
  }
  if (refused) throw refused;
  const reports: StageReport[] = [];
  /** Keeps the report, hands on what else the stage returned. */
  const after = <R extends { report: StageReport }>(result: R): R => {
    reports.push(result.report);
    result.report.warnings.forEach((warning) => progress.warn(warning));
    checkInterrupt(signal, "preparing the dataset");
    return result;
  };
  const working = async <R>(label: string, work: () => R | Promise<R>): Promise<R> => {
    const task = progress.start(label);
    // Polars computes on the calling thread: what is drawn before it must be given the time to appear.
    await new Promise((resolve) => setTimeout(resolve, 0));
    try {
      return await work();
    } finally {
      task.end();
    }
  };

  const read = after(await readInteractions({ ...inputs.interactions, progress, signal }));
  const items = inputs.items && await readSideTable({ ...inputs.items, key: "item", progress, signal });
  const users = inputs.users && await readSideTable({ ...inputs.users, key: "user", progress, signal });

  const checked = after(
    await working("checking rows", () =>
      checkSchema(read.frame, {
        onBadRow: config.onBadRow,
        duplicates: config.duplicates,
        minRating: config.minRating,
        ties: config.ties,
        locate: read.locate,
        columnName: read.columnName,
        signal,
      })),
  );
  const kept = after(
    await working("filtering", () =>
      filterInteractions(checked.frame, {
        minUser: config.minUser,
        minItem: config.minItem,
        mode: config.filter,
        signal,
      })),
  );
  const numbered = after(
    await working("numbering users and items", () =>
      buildVocabulary(kept.frame, {
        items: items?.frame,
        users: users?.frame,
        features: featureSpecs(config),
        signal,
      })),
  );
  const parted = after(
    await working("splitting", () =>
      splitInteractions(numbered.frame, {
        kind: config.split,
        ratios: config.ratios,
        validFrom: config.validFrom,
        testFrom: config.testFrom,
        ties: config.ties,
        users: numbered.users,
      })),
  );
  const drawn = after(
    await sampleNegatives(parted.frame, {
      count: config.negatives,
      protocols: config.protocols,
      exponent: config.exponent,
      seed: config.seed,
      items: numbered.items,
      users: numbered.users,
      progress,
      signal,
    }),
  );

  const tables = {
    interactions: parted.frame,
    users: numbered.users,
    items: withPopularity(numbered.items, drawn.popularity),
    features: numbered.features,
    negatives: drawn.frame,
  };
  const [train, validation, test] = ["train", "validation", "test"].map((part) => parted.report.counts[part]);
  const dataset = await writeDataset(config.out, tables, {
    name: inputs.name,
    config: contentOptions(config),
    seed: config.seed,
    sources: [read.sources, items?.sources ?? [], users?.sources ?? []].flat()
      .map(({ path, bytes, sha256 }) => ({ path, bytes, sha256 })),
    ...(inputs.download && { download: inputs.download }),
    counts: {
      users: tables.users.height,
      items: tables.items.height,
      interactions: tables.interactions.height,
      train,
      validation,
      test,
    },
    split: parted.split,
    negatives: {
      protocols: config.negatives === 0 ? [] : [...config.protocols],
      count: config.negatives,
      exponent: config.exponent,
    },
    features: numbered.featureInfo,
    hasRating: tables.interactions.columns.includes("rating"),
    stages: reports.map((report) => ({ ...report })),
    versions: VERSIONS,
  }, {
    rejected: checked.rejected.height > 0 ? checked.rejected : undefined,
    overwrite: config.overwrite,
    progress,
    signal,
  });
  return preparedWithDisplay({ dataset, status: "prepared", reports });
}

/** Why the dataset may not be written where it is to go; undefined if it may. */
async function refusalOf(config: PrepareConfig): Promise<unknown> {
  const { out, overwrite, data, items, users, sequenceTimestamps } = config;
  const files = data ? await expandPaths(data) : [];
  const inputs = [...files, items, users, sequenceTimestamps].filter((file) => file !== undefined);
  try {
    claimDataset(out, { overwrite, inputs });
  } catch (error) {
    return error;
  }
}

/** Files and reader options, from the configuration alone or with a known data set's entry beneath it. */
async function resolveInputs(config: PrepareConfig, context: StageContext): Promise<Inputs> {
  const known = config.dataset === undefined ? undefined : await resolveDataset(config.dataset, {
    data: config.data && await expandPaths(config.data),
    cacheDir: config.cache,
    ...context,
  });
  const given = Object.fromEntries(
    Object.entries({
      format: config.format === "auto" && known ? undefined : config.format,
      delimiter: config.delimiter,
      header: config.header,
      columns: config.columns,
      encoding: config.encoding,
      sequenceTimestamps: config.sequenceTimestamps,
    }).filter(([, value]) => value !== undefined),
  );
  const interactions = { ...(known?.read ?? { files: config.data! }), ...given } as ReadOptions;
  return {
    name: config.name ?? config.dataset ??
      basename(config.data![0]).replace(/\.gz$/, "").replace(/\.[^.]+$/, ""),
    interactions,
    items: config.items ? { file: config.items } : known?.items,
    users: config.users ? { file: config.users } : known?.users,
    download: known?.source && pick(known.source),
  };
}

/** The manifest in a folder; undefined if there is none of ours, or a damaged one. */
function readManifestQuietly(folder: string): Manifest | undefined {
  try {
    return readManifest(folder);
  } catch {
    return undefined;
  }
}

/** The dataset in the output folder, if it is undamaged and was made of the same sources by the same options and versions. */
async function unchangedDataset(config: PrepareConfig, inputs: Inputs): Promise<SequenceDataset | undefined> {
  const manifest = readManifestQuietly(config.out);
  if (!manifest || !same(manifest.versions, VERSIONS)) return undefined;
  if (await difference(manifest, config, inputs)) return undefined;
  try {
    const dataset = await readDataset(config.out);
    TABLES.forEach((name) => dataset.scan(name));
    return dataset;
  } catch {
    return undefined; // A table is missing or damaged.
  }
}

/**
 * The dataset that a preparation has made, to be used as it is.
 *
 * @returns undefined if the folder holds none.
 * @throws {InputError} if it is damaged, or options or sources have changed since: the error names what.
 */
export async function preparedDataset(
  config: PrepareConfig,
  context: StageContext = {},
): Promise<SequenceDataset | undefined> {
  const manifest = readManifest(config.out);
  if (!manifest) return undefined;
  const changed = await difference(manifest, config, await resolveInputs(config, contextOf(context)));
  if (changed) {
    throw new InputError(`Cannot use the dataset ${config.out}: ${changed} since it was prepared`);
  }
  return await readDataset(config.out);
}

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/** What differs between a dataset and what a preparation would make now: options or sources. */
async function difference(
  manifest: Manifest,
  config: PrepareConfig,
  inputs: Inputs,
): Promise<string | undefined> {
  const before = manifest.config, now = contentOptions(config);
  const keys = [...new Set([...Object.keys(before), ...Object.keys(now)])];
  const option = keys.find((key) => !same(before[key], now[key]));
  if (option) {
    return `option ${option} changed (${JSON.stringify(before[option])}, now ${JSON.stringify(now[option])})`;
  }
  const files = [
    ...await expandPaths(inputs.interactions.files),
    ...[inputs.interactions.sequenceTimestamps, inputs.items?.file, inputs.users?.file].filter((file) =>
      file !== undefined
    ),
  ];
  if (files.length !== manifest.sources.length) {
    return `the number of files changed (${manifest.sources.length}, now ${files.length})`;
  }
  for (const [i, file] of files.entries()) {
    const { bytes, sha256 } = manifest.sources[i];
    if (Deno.statSync(file).size !== bytes || await hashFile(file) !== sha256) return `${file} changed`;
  }
  return undefined;
}

const pick = ({ from, bytes, sha256 }: { from: string; bytes: number; sha256: string }) => ({
  from,
  bytes,
  sha256,
});

const featureSpecs = ({ features }: PrepareConfig): FeatureSpec[] | undefined =>
  features?.map(parseFeatureSpec);

/** `popularity` behind `interactions`. */
function withPopularity(items: DataFrame, popularity: Uint32Array): DataFrame {
  const [item, id, interactions, ...side] = items.columns;
  return items.withColumn(pl.Series("popularity", popularity.subarray(1)))
    .select(item, id, interactions, "popularity", ...side);
}
