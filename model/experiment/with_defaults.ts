/**
 * A job's options with what nobody named.
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { defaultDropout } from "../data_defaults.ts";
import type { JobOptions } from "./job_options.ts";
import { methodOf, usualStep } from "../train/method.ts";
import { networkInput } from "./network_input.ts";
import { candidatesOf, isAutomlp } from "./options.ts";

/** The options with what a run of the job is to have on record beside them: the candidates, and the dropout and the size of a step that suit the data. */
export function withDefaults(dataset: SequenceDataset, given: JobOptions): JobOptions {
  const searched = { ...given, candidates: candidatesOf(given) };
  const options = isAutomlp(given)
    ? { ...searched, dropout: given.dropout ?? defaultDropout(dataset) }
    : { ...searched, sizes: { ...given.sizes, dropout: given.sizes.dropout ?? defaultDropout(dataset) } };
  if (given.batchSize !== undefined) return options;
  const config = methodOf(options).configure(dataset, networkInput(options));
  return { ...options, ...usualStep(dataset, config) };
}
