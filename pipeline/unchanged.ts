/**
 * Whether a folder holds what a preparation would make: the same options, the same sources.
 *
 * @module
 */
import { contentOptions } from "./config.ts";
import type { PrepareConfig } from "./prepare_options.ts";
import { contextOf } from "./contract/context.ts";
import type { SequenceDataset } from "./contract/dataset.ts";
import { InputError } from "./contract/errors.ts";
import { hashFile } from "./contract/files/hash.ts";
import { isThere } from "./contract/files/readable.ts";
import { type Manifest, type SourceInfo, TABLES } from "./contract/dataset/manifest.ts";
import type { StageContext } from "./contract/stage.ts";
import { readDataset, readManifest } from "./contract/dataset/store.ts";
import { toFlag } from "./display/text/to_key.ts";
import { filesOf, resolveInputs } from "./inputs.ts";
import { USUAL_RATIOS } from "./split/parts.ts";

/** Whether the output folder holds a dataset of ours whose manifest can be read. */
export const holdsDataset = ({ out }: PrepareConfig): boolean => readManifestQuietly(out) !== undefined;

/** What says whether the sources of a dataset are still the same. */
export interface SourceCheck {
  /** What differs, as in `log.csv changed`; undefined where nothing does. */
  (sources: readonly SourceInfo[]): Promise<string | undefined>;
}

/** The dataset in the output folder, if it is undamaged and was made of the same sources by the same options and versions. */
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

/** A source of the dataset in the output folder that is not there any more: on another machine, say. */
export const goneSource = ({ out }: PrepareConfig): string | undefined =>
  readManifestQuietly(out)?.sources.find(({ path }) => !isThere(path))?.path;

/**
 * The dataset that a preparation has made, to be used as it is.
 *
 * @param sources Whether they are there, to be compared.
 * @returns undefined if the folder holds none.
 * @throws {InputError} if it is damaged, or options or sources have changed since: the error names what.
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

/** The manifest in a folder; undefined if there is none of ours, or a damaged one. */
function readManifestQuietly(folder: string): Manifest | undefined {
  try {
    return readManifest(folder);
  } catch {
    return undefined;
  }
}

/** Which engine of this machine did the work may change with the memory that is free. */
const withoutDuckDb = ({ duckdb: _, ...others }: Record<string, string>) => others;

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/** What options are where nobody names them: named so, they change nothing. */
const UNNAMED: Record<string, unknown> = { ratios: USUAL_RATIOS, encoding: "utf-8", decimal: "point" };

/** An option as it is compared: earlier versions kept protocols in the order in which they were named. */
const compared = (key: string, value: unknown = UNNAMED[key]) =>
  key === "protocols" && Array.isArray(value) ? value.toSorted() : value;

/** The options that a dataset was made with other values of, as in `option --min-user changed (10, now 3)`. */
function changedOptions(manifest: Manifest, config: PrepareConfig): string | undefined {
  const { negatives } = manifest;
  // With a number that is named, lists are drawn by all protocols, or refused.
  const before = config.evalNegatives && negatives.lowered
    ? { ...manifest.config, protocols: negatives.protocols }
    : manifest.config;
  // Where nobody names a number, the same data lower it to the same again.
  const now = contentOptions(
    config,
    config.evalNegatives ?? (negatives.lowered ? negatives.count : undefined),
  );
  const changed = [...new Set([...Object.keys(before), ...Object.keys(now)])]
    .filter((key) => !same(compared(key, before[key]), compared(key, now[key])))
    .map((key) =>
      `--${toFlag(key)} changed (${said(before[key] ?? UNNAMED[key])}, now ${said(now[key] ?? UNNAMED[key])})`
    );
  if (changed.length === 0) return undefined;
  return `${changed.length === 1 ? "option" : "options"} ${changed.join(", ")}`;
}

const said = (value: unknown): string => JSON.stringify(value) ?? "none";

/** What differs between sources and the files that would be read now. */
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
