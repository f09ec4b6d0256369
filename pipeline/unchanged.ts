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
import { type Manifest, TABLES } from "./contract/manifest.ts";
import type { StageContext } from "./contract/stage.ts";
import { readDataset, readManifest } from "./contract/store.ts";
import { VERSIONS } from "./contract/version.ts";
import { filesOf, type Inputs, resolveInputs } from "./inputs.ts";

/** Whether the output folder holds a dataset of ours whose manifest can be read. */
export const holdsDataset = ({ out }: PrepareConfig): boolean => readManifestQuietly(out) !== undefined;

/** The dataset in the output folder, if it is undamaged and was made of the same sources by the same options and versions. */
export async function unchangedDataset(
  config: PrepareConfig,
  inputs: Inputs,
): Promise<SequenceDataset | undefined> {
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

/** The manifest in a folder; undefined if there is none of ours, or a damaged one. */
function readManifestQuietly(folder: string): Manifest | undefined {
  try {
    return readManifest(folder);
  } catch {
    return undefined;
  }
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
  const files = filesOf(inputs);
  if (files.length !== manifest.sources.length) {
    return `the number of files changed (${manifest.sources.length}, now ${files.length})`;
  }
  for (const [i, file] of files.entries()) {
    const { bytes, sha256 } = manifest.sources[i];
    if (Deno.statSync(file).size !== bytes || await hashFile(file) !== sha256) return `${file} changed`;
  }
  return undefined;
}
