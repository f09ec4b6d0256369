/**
 * Whether a folder already holds what a preparation would make: the same options and the same sources.
 *
 * @module
 */
import { contentOptions, prepareSchema } from "./config.ts";
import type { PrepareConfig } from "./prepare_options.ts";
import { contextOf } from "./contract/context.ts";
import type { SequenceDataset } from "./contract/dataset.ts";
import { InputError } from "./contract/errors.ts";
import { hashFile } from "./contract/files/checksums.ts";
import { isThere } from "./contract/files/readable.ts";
import { type Manifest, type SourceInfo, TABLES } from "./contract/dataset/manifest.ts";
import type { StageContext } from "./contract/stage.ts";
import { readDataset, readManifest } from "./contract/dataset/store.ts";
import { optionName } from "./terminal/schema_options.ts";
import { filesOf, resolveInputs } from "./inputs.ts";
import { USUAL_RATIOS } from "./split/parts.ts";

/** Whether the output folder holds a dataset of ours whose manifest can be read. */
export const holdsDataset = ({ out }: PrepareConfig): boolean => readManifestQuietly(out) !== undefined;

/** Checks whether the sources of a dataset are still the same. */
export interface SourceCheck {
  /** Returns what differs, as in `log.csv changed`; undefined if nothing does. */
  (sources: readonly SourceInfo[]): Promise<string | undefined>;
}

/** Returns the dataset in the output folder if it is undamaged and was made from the same sources with the same options and versions. */
export async function unchangedDataset(
  config: PrepareConfig,
  versions: Record<string, string>,
  changed: SourceCheck,
): Promise<SequenceDataset | undefined> {
  const manifest = readManifestQuietly(config.out);
  if (!manifest || !same(withoutDuckDb(manifest.versions), withoutDuckDb(versions))) return undefined;
  if (changedOptions(manifest, config) ?? await changed(manifest.sources)) return undefined;
  try {
    const dataset = await readDataset(config.out);
    TABLES.forEach((name) => dataset.scan(name));
    return dataset;
  } catch {
    return undefined; // A table is missing or damaged.
  }
}

/** Returns a source of the dataset in the output folder that no longer exists, for example because it is on another machine. */
export const goneSource = ({ out }: PrepareConfig): string | undefined =>
  readManifestQuietly(out)?.sources.find(({ path }) => !isThere(path))?.path;

/**
 * Opens the dataset that an earlier preparation made, for use as it is.
 *
 * @param sources Whether the sources exist (`there`), so that they can be compared.
 * @returns The dataset, or undefined if the folder holds none.
 * @throws {InputError} if it is damaged, or if options or sources have changed since; the error names what changed.
 */
export async function preparedDataset(
  config: PrepareConfig,
  context: StageContext = {},
  sources: "there" | "gone" = "there",
): Promise<SequenceDataset | undefined> {
  const manifest = readManifest(config.out);
  if (!manifest) return undefined;
  const files = sources === "gone" ? undefined : filesOf(await resolveInputs(config, contextOf(context)));
  const changed = changedOptions(manifest, config) ?? (files && await changedFile(manifest.sources, files));
  if (changed) {
    throw new InputError(`Cannot use the dataset ${config.out}: ${changed} since it was prepared`);
  }
  return await readDataset(config.out);
}

/** Reads the manifest in a folder; undefined if there is none of ours, or if it is damaged. */
function readManifestQuietly(folder: string): Manifest | undefined {
  try {
    return readManifest(folder);
  } catch {
    return undefined;
  }
}

/** Ignores DuckDB's version: which engine of this machine does the work may depend on the free memory. */
const withoutDuckDb = ({ duckdb: _, ...others }: Record<string, string>) => others;

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/** Values that options have if they are not given; giving these values changes nothing. */
const UNNAMED: Record<string, unknown> = { ratios: USUAL_RATIOS, encoding: "utf-8", decimal: "point" };

/** Names the options whose values differ from those of the dataset, as in `option --min-user changed (10, now 3)`. */
function changedOptions(manifest: Manifest, config: PrepareConfig): string | undefined {
  const { negatives } = manifest;
  // If a number is given, lists are drawn for all protocols, or refused.
  const before = config.evalNegatives && negatives.lowered
    ? { ...manifest.config, protocols: negatives.protocols }
    : manifest.config;
  // If no number is given, the same data lower it to the same value again.
  const now = contentOptions(
    config,
    config.evalNegatives ?? (negatives.lowered ? negatives.count : undefined),
  );
  const changed = [...new Set([...Object.keys(before), ...Object.keys(now)])]
    .filter((key) => !same(before[key] ?? UNNAMED[key], now[key] ?? UNNAMED[key]))
    .map((key) =>
      `${optionName(key, prepareSchema.shape)} changed (${said(before[key] ?? UNNAMED[key])}, now ${
        said(now[key] ?? UNNAMED[key])
      })`
    );
  if (changed.length === 0) return undefined;
  return `${changed.length === 1 ? "option" : "options"} ${changed.join(", ")}`;
}

const said = (value: unknown): string => JSON.stringify(value) ?? "none";

/** Returns what differs between the sources and the files that would be read now; undefined if nothing does. */
export async function changedFile(
  sources: readonly SourceInfo[],
  files: readonly string[],
): Promise<string | undefined> {
  if (files.length !== sources.length) {
    return `the number of files changed (${sources.length}, now ${files.length})`;
  }
  for (const [i, file] of files.entries()) {
    const { bytes, sha256 } = sources[i];
    if (Deno.statSync(file).size !== bytes || await hashFile(file) !== sha256) return `${file} changed`;
  }
}
