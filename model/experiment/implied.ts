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
import { isAutomlp } from "./options.ts";
import type { Identity } from "./recorded.ts";

/** An identity with these options as they are. What {@link Identity} of a run on record lacks, its job's options lack, too. */
export function withImplied(
  { options: given, ...identity }: Identity,
  dataset: SequenceDataset,
  job: JobOptions,
): Identity {
  const options = given as Partial<JobOptions>, { layers, dim } = options;
  const loss = LOSSES.find((name) => name === options.loss); // a later version may have others
  const trainNegatives = options.trainNegatives ?? (loss && lossOf(loss).defaultNegatives);
  if (!isAutomlp(job)) return { ...identity, options: { ...given, trainNegatives } };
  const relaxation = relaxationOf(options);
  const features = options.embeddedFeatures ?? dataset.features().map(({ name }) => name);
  return {
    ...identity,
    options: {
      ...withDataDefaults(dataset, options),
      fusion: options.fusion ?? defaultFusion(dataset),
      longLayers: options.longLayers ?? layers,
      channelHidden: options.channelHidden ?? dim,
      relaxation,
      select: options.select ?? ruleOf(relaxation),
      embeddedFeatures: features.toSorted(),
      trainNegatives,
    },
  };
}
