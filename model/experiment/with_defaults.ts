/**
 * A job's options with what nobody named, and the network that they describe.
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

/** A job, as it is done. */
export interface ConfiguredJob {
  /** The given options, with length, candidates, dropout and batch size filled in where nobody named them: a run has these on record. */
  options: JobOptions;
  /** The network, one of them of an ensemble: where a length is searched, with all candidate lengths side by side. */
  config: MethodConfig;
}

/**
 * Fills in what nobody named.
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

/** The options alone; see {@link configuredJob}. */
export const withDefaults = (dataset: SequenceDataset, given: JobOptions): JobOptions =>
  configuredJob(dataset, given).options;
