/**
 * The network of a job: its options with defaults filled in, what is built of them, and that a resumed run trains the same.
 *
 * @module
 */
import { sizesShape } from "../methods/automlp/config.ts";
import type { JobOptions } from "./job_options.ts";
import { candidatesOf, isAutomlp, pick } from "./options.ts";
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { defaultDropout, defaultLength } from "../data_defaults.ts";
import type { MethodConfig } from "../train/method.ts";
import { methodOf, usualStep } from "../train/methods.ts";
import { withEnsemble } from "../train/ensemble.ts";
import { asFlags, begunAsOtherNetwork, differencesBetween } from "./begun.ts";
import type { JobWork } from "./phases/phase.ts";

/** The input that a method configures its network from. AutoMLP's sizes are separate options. */
export function networkInput(options: JobOptions): Record<string, unknown> {
  if (!isAutomlp(options)) return options.sizes;
  return {
    ...pick(sizesShape, options),
    features: options.embeddedFeatures,
    lengths: options.search === "none" ? [options.short!] : options.lengths,
  };
}

/** A job with all options set. */
export interface ConfiguredJob {
  /** The given options, with length, candidates, dropout and batch size filled in if they were not named; a run records these. */
  options: JobOptions;
  /** The network (a single one, even of an ensemble); if a length is searched, with all candidate lengths side by side. */
  config: MethodConfig;
}

/**
 * Fills in the options that were not named.
 *
 * @throws {InputError} if the network cannot be built, or not for this dataset.
 */
export function configuredJob(dataset: SequenceDataset, given: JobOptions): ConfiguredJob {
  const known: { short?: unknown; length?: number; dropout?: number } = networkInput(given);
  const { length = defaultLength(dataset, known), dropout = defaultDropout(dataset) } = known;
  const sized: JobOptions = isAutomlp(given)
    ? { ...given, length, dropout }
    : { ...given, sizes: { ...given.sizes, length, dropout } };
  const options = { ...sized, lengths: candidatesOf(sized, dataset) };
  const config = methodOf({ method: options.method }).configure(dataset, networkInput(options));
  return given.batchSize === undefined
    ? { options: { ...options, ...usualStep(dataset, config) }, config }
    : { options, config };
}

/** Returns only the options; see {@link configuredJob}. */
export const withDefaults = (dataset: SequenceDataset, given: JobOptions): JobOptions =>
  configuredJob(dataset, given).options;

/** What decides which network is trained. */
type Trained = Pick<JobWork, "options" | "config" | "folder" | "method">;

/** The network or ensemble that is trained; for AutoMLP, with the selected length. */
export const trainedConfig = (work: Trained): MethodConfig =>
  withEnsemble(selectedConfig(work), work.options.ensemble);

function selectedConfig({ options, config, folder, method }: Trained): MethodConfig {
  if (!isAutomlp(options)) return config;
  const { shortTermLength } = folder.read("architecture")!;
  return method.reconfigure(config, { lengths: [shortTermLength] });
}

/**
 * Checks that a training continues with the network that it was begun with: options that were not named are derived from the data, and
 * another version of the program may derive them differently.
 *
 * @throws {InputError} if the existing model is of another network.
 */
export function checkSameNetwork(work: Trained): void {
  const { folder } = work, there = folder.readModelConfig()?.config;
  if (there === undefined || !folder.hasCheckpoint("train")) return;
  if (isAutomlp(work.options) && folder.read("architecture") === undefined) return; // it is searched first, and asked of again
  const now = trainedConfig(work);
  if (there.method !== now.method) return;
  const flags = (config: MethodConfig) => {
    const { seenBias = 0, ...sizes } = methodOf(config).reconfigure(config, {});
    return asFlags({ ...sizes, seenBias });
  };
  const [differs] = differencesBetween(flags(there), flags(now), "none");
  if (differs !== undefined) throw begunAsOtherNetwork(folder.path, differs);
}
