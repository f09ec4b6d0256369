/**
 * Options that follow from others if they are not named: naming them with their implied values does not make a different run.
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { defaultFusion, withDataDefaults } from "../data_defaults.ts";
import { relaxationOf, ruleOf } from "../search/options.ts";
import { LOSSES, lossOf } from "../train/losses/registry.ts";
import type { JobOptions } from "./job_options.ts";
import type { Identity } from "./identity.ts";

/** An identity with these options as they are. What {@link Identity} of a run on record lacks, its job's options lack, too. */
export function withImplied([hash, seed, given]: Identity, dataset: SequenceDataset): Identity {
  const options = given as Partial<JobOptions>, { layers, dim } = options;
  const relaxation = relaxationOf(options);
  const loss = LOSSES.find((name) => name === options.loss); // a later version may have others
  const features = options.embeddedFeatures ?? dataset.features().map(({ name }) => name);
  return [hash, seed, {
    ...withDataDefaults(dataset, options),
    fusion: options.fusion ?? defaultFusion(dataset),
    longLayers: options.longLayers ?? layers,
    channelHidden: options.channelHidden ?? dim,
    relaxation,
    select: options.select ?? ruleOf(relaxation),
    embeddedFeatures: features.toSorted(),
    trainNegatives: options.trainNegatives ?? (loss && lossOf(loss).defaultNegatives),
  }];
}
