/**
 * The network that a run trains, and the check that a resumed run trains the same one.
 *
 * @module
 */
import type { MethodConfig } from "../train/method.ts";
import { methodOf } from "../train/methods.ts";
import { withEnsemble } from "../train/ensemble.ts";
import { begunAsOtherNetwork } from "./begun.ts";
import { asFlags, differencesBetween } from "./differences.ts";
import { isAutomlp } from "./options.ts";
import type { JobWork } from "./phases/phase.ts";

/** What decides which network is trained. */
type Trained = Pick<JobWork, "options" | "config" | "folder" | "method">;

/** The network or ensemble that is trained; for AutoMLP, with the selected length. */
export const trainedConfig = (work: Trained): MethodConfig =>
  withEnsemble(selectedConfig(work), work.options.ensemble);

function selectedConfig({ options, config, folder, method }: Trained): MethodConfig {
  if (!isAutomlp(options)) return config;
  const { shortTermLength } = folder.readArchitecture()!;
  return method.reconfigure(config, { candidates: [shortTermLength] });
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
  if (isAutomlp(work.options) && folder.readArchitecture() === undefined) return; // it is searched first, and asked of again
  const now = trainedConfig(work);
  if (there.method !== now.method) return;
  const flags = (config: MethodConfig) => {
    const { seenBias = 0, ...sizes } = methodOf(config).reconfigure(config, {});
    return asFlags({ ...sizes, seenBias });
  };
  const [differs] = differencesBetween(flags(there), flags(now), "none");
  if (differs !== undefined) throw begunAsOtherNetwork(folder.path, differs);
}
