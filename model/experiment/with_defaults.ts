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
  const candidates = candidatesOf(given), dropout = defaultDropout(dataset);
  return isAutomlp(given)
    ? { ...given, candidates, dropout: given.dropout ?? dropout }
    : { ...given, candidates, sizes: { dropout, ...given.sizes } };
}
