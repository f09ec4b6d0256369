/**
 * Options that follow from others where nobody names them: named as they are anyway, they make no other run.
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { defaultDropout, defaultFusion } from "../data_defaults.ts";
import { relaxationOf, ruleOf } from "../search/options.ts";
import { seenBiasOf } from "../seen_bias.ts";
import { LOSSES, lossOf } from "../train/losses/registry.ts";
import type { JobOptions } from "./job_options.ts";
import type { Identity } from "./identity.ts";

/** What goes by the data where nobody names it. */
const goesByData = (dataset: SequenceDataset, { dropout, seenBias, fusion }: Partial<JobOptions>) => ({
  dropout: dropout ?? defaultDropout(dataset),
  seenBias: seenBias ?? seenBiasOf(dataset),
  fusion: fusion ?? defaultFusion(dataset),
});

/** An identity with these options as they are. What {@link Identity} of a run on record lacks, its job's options lack, too. */
export function withImplied([hash, seed, given]: Identity, dataset: SequenceDataset): Identity {
  const options = given as Partial<JobOptions>, { layers, dim, searchOver = {} } = options;
  const relaxation = relaxationOf(options), isSearchedOver = Object.keys(searchOver).length > 0;
  const loss = LOSSES.find((name) => name === options.loss); // a later version may have others
  const features = options.embeddedFeatures ?? dataset.features().map(({ name }) => name);
  return [hash, seed, {
    ...options,
    ...goesByData(dataset, options),
    longLayers: options.longLayers ?? layers,
    // Where D is searched, each candidate has its own.
    channelHidden: options.channelHidden ?? ("dim" in searchOver ? undefined : dim),
    searchOver: isSearchedOver ? searchOver : undefined,
    relaxation,
    select: options.select ?? ruleOf(relaxation),
    embeddedFeatures: features.toSorted(),
    trainNegatives: options.trainNegatives ?? (loss && lossOf(loss).defaultNegatives),
  }];
}
