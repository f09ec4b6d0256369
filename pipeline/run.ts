/**
 * The stages in their order: raw interactions in, a frozen dataset folder out.
 *
 * @module
 */
import pl, { type DataFrame } from "nodejs-polars";
import { basename } from "node:path";
import { contentOptions, type PrepareConfig, type PrepareInput, resolvePrepareConfig } from "./config.ts";
import type { SequenceDataset } from "./contract/dataset.ts";
import { checkInterrupt } from "./contract/errors.ts";
import { hashFile } from "./contract/hash.ts";
import type { Manifest } from "./contract/manifest.ts";
import { contextOf } from "./contract/context.ts";
import { type Prepared, shownPrepared } from "./contract/prepared.ts";
import type { StageReport } from "./contract/report.ts";
import type { StageContext } from "./contract/stage.ts";
import { readDataset, readManifest, writeDataset } from "./contract/store.ts";
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
 * ```ts ignore
 * const { dataset, reports } = await prepare({ data: "ratings.csv", out: "data/mine" });
 * ```
 * @throws {InputError} for options or data that cannot be used, and a place that cannot be written to; {@link RunError}
 * where a download fails; {@link Interrupted} where `signal` is aborted. In each case the folder is as it was before.
 */
export async function prepare(input: PrepareInput, options: StageContext = {}): Promise<Prepared> {
  const context = contextOf(options), { progress, signal } = context;
  const config = resolvePrepareConfig(input);
  const inputs = await resolveInputs(config, context);
  if (!config.force) {
    const dataset = await unchangedDataset(config, inputs);
    if (dataset) return shownPrepared({ dataset, status: "unchanged", reports: [] });
  }
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
  }, { rejected: checked.rejected.height > 0 ? checked.rejected : undefined, progress, signal });
  return shownPrepared({ dataset, status: "prepared", reports });
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

/** The dataset in the output folder, if it was made of the same sources by the same options and versions. */
async function unchangedDataset(config: PrepareConfig, inputs: Inputs): Promise<SequenceDataset | undefined> {
  let manifest: Manifest | undefined;
  try {
    manifest = readManifest(config.out);
  } catch {
    return undefined; // Not a manifest of ours, or a damaged one: prepare anew.
  }
  const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
  if (!manifest || !same(manifest.config, contentOptions(config)) || !same(manifest.versions, VERSIONS)) {
    return undefined;
  }
  const files = [
    ...await expandPaths(inputs.interactions.files),
    ...[inputs.interactions.sequenceTimestamps, inputs.items?.file, inputs.users?.file].filter((f) =>
      f !== undefined
    ),
  ];
  if (files.length !== manifest.sources.length) return undefined;
  for (const [i, file] of files.entries()) {
    const { bytes, sha256 } = manifest.sources[i];
    if (Deno.statSync(file).size !== bytes || await hashFile(file) !== sha256) return undefined;
  }
  try {
    return await readDataset(config.out);
  } catch {
    return undefined; // A table is missing or cut short.
  }
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
