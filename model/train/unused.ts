/**
 * Settings that a training has no use for.
 *
 * @module
 */
import { type LossName, lossOf } from "./losses/registry.ts";
import { settingsShape, type TrainingSettings } from "./settings.ts";

/** A setting that some losses know. */
interface OfSome {
  name: "trainNegatives" | "trainDistribution" | "logitAdjustment" | "scoreRegularisation";
  /** As on a command line. */
  flag: string;
  fits(loss: LossName): boolean;
  /** Which these are. */
  losses: string;
}

const ofDrawing = {
  fits: (loss: LossName) => lossOf(loss).negatives !== "none",
  losses: "one that draws negatives",
};
const ofOne = (one: LossName) => ({ fits: (loss: LossName) => loss === one, losses: one });

const OF_SOME: readonly OfSome[] = [
  { name: "trainNegatives", flag: "--train-negatives", ...ofDrawing },
  { name: "trainDistribution", flag: "--train-distribution", ...ofDrawing },
  { name: "logitAdjustment", flag: "--logit-adjustment", ...ofOne("ce") },
  { name: "scoreRegularisation", flag: "--score-regularisation", ...ofOne("bpr-max") },
];

/**
 * What there is to say of settings that were given and change nothing, for they are of another loss.
 *
 * @param given A number of negatives only where somebody named one.
 */
export const unusedSettings = (given: Pick<TrainingSettings, "loss"> & Partial<TrainingSettings>): string[] =>
  OF_SOME.flatMap(({ name, flag, fits, losses }) => {
    const value = given[name], usual = settingsShape[name].parse(undefined);
    return value === undefined || value === usual || fits(given.loss)
      ? []
      : [`${flag} ${value} changes nothing with the loss ${given.loss}: it goes with ${losses}`];
  });
