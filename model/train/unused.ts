/**
 * Settings that a training does not use.
 *
 * @module
 */
import { type LossName, lossOf } from "./losses/registry.ts";
import { settingsShape, type TrainingSettings } from "./settings.ts";

/** A setting that only some losses use. */
interface OfSome {
  name: "trainNegatives" | "trainDistribution" | "logitAdjustment" | "scoreRegularisation";
  fits(loss: LossName): boolean;
  /** Which losses these are, in words. */
  losses: string;
}

const ofDrawing = {
  fits: (loss: LossName) => lossOf(loss).negatives !== "none",
  losses: "one that draws negatives",
};
const ofOne = (one: LossName) => ({ fits: (loss: LossName) => loss === one, losses: one });

const OF_SOME: readonly OfSome[] = [
  { name: "trainNegatives", ...ofDrawing },
  { name: "trainDistribution", ...ofDrawing },
  { name: "logitAdjustment", ...ofOne("ce") },
  { name: "scoreRegularisation", ...ofOne("bpr-max") },
];

/**
 * Returns remarks on settings that were given but change nothing because they belong to another loss.
 *
 * @param given The settings; a number of negatives only if one was given explicitly.
 */
export const unusedSettings = (given: Pick<TrainingSettings, "loss"> & Partial<TrainingSettings>): string[] =>
  OF_SOME.flatMap(({ name, fits, losses }) => {
    const value = given[name], usual = settingsShape[name].parse(undefined);
    return value === undefined || value === usual || fits(given.loss)
      ? []
      : [`${name}: ${value} changes nothing with the loss ${given.loss}: it goes with ${losses}`];
  });
