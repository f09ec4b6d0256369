/**
 * A job's options with what nobody named.
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { defaultDropout } from "../data_defaults.ts";
import type { JobOptions } from "./job_options.ts";
import { candidatesOf, isAutomlp } from "./options.ts";

/** The options with what a run of the job is to have on record beside them: the candidates, and the dropout that suits the data. */
export function withDefaults(dataset: SequenceDataset, given: JobOptions): JobOptions {
  const options = { ...given, candidates: candidatesOf(given) };
  return isAutomlp(given)
    ? { ...options, dropout: given.dropout ?? defaultDropout(dataset) }
    : { ...options, sizes: { ...given.sizes, dropout: given.sizes.dropout ?? defaultDropout(dataset) } };
}
