/**
 * A job's options with defaults filled in, and the network that they describe.
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { defaultDropout, defaultLength } from "../data_defaults.ts";
import type { JobOptions } from "./job_options.ts";
import type { MethodConfig } from "../train/method.ts";
import { methodOf, usualStep } from "../train/methods.ts";
import { networkInput } from "./network_input.ts";
import { candidatesOf, isAutomlp } from "./options.ts";

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
  const options = { ...sized, candidates: candidatesOf(sized, dataset) };
  const config = methodOf({ method: options.method }).configure(dataset, networkInput(options));
  return given.batchSize === undefined
    ? { options: { ...options, ...usualStep(dataset, config) }, config }
    : { options, config };
}

/** Returns only the options; see {@link configuredJob}. */
export const withDefaults = (dataset: SequenceDataset, given: JobOptions): JobOptions =>
  configuredJob(dataset, given).options;
