/**
 * The identity of a run: the data, the seed and the options that must not change when it is resumed.
 *
 * @module
 */
import { USUAL_LENGTH } from "../history_lengths.ts";
import type { JobOptions } from "./job_options.ts";
import { isAutomlp, lengthShape, recordedShape, runShape } from "./options.ts";

/**
 * Options that may be changed when a run is resumed; the new values are recorded. With a learning rate schedule, `epochs` must not change,
 * because it determines the rate of every step ({@link identityOptions}).
 */
export const TAKEN_ANEW = ["epochs", "patience", "ks"] as const;
/** Options that may differ between the sessions of a run: how far it goes, how long, on which engine, what is reported. */
const CHANGEABLE: readonly string[] = ["until", ...Object.keys(runShape), ...TAKEN_ANEW, "adjustmentOfRun"];

/** What these options were, in effect, in versions that did not have them. */
export const BEFORE_THESE_OPTIONS: Partial<JobOptions> = {
  averaging: 0,
  precision: "float32",
  targetsPerHistory: 1,
  keepSeen: false,
  ensemble: 1,
  searchTargets: lengthShape.searchTargets.parse(undefined),
};

/** Returns the options that must not change when a run is resumed. */
export function identityOptions(options: JobOptions): Record<string, unknown> {
  // Runs of versions that knew one method do not name it, nor options that they did not have.
  const other = isAutomlp(options) ? ["method", "sizes"] : [];
  if (options.loss !== "bpr-max") other.push("scoreRegularisation");
  for (const [key, value] of Object.entries(BEFORE_THESE_OPTIONS)) {
    if (options[key as keyof JobOptions] === value) other.push(key);
  }
  const fixed = Object.keys(recordedShape).filter((key) =>
    !other.includes(key) &&
    (!CHANGEABLE.includes(key) || (key === "epochs" && options.schedule !== "constant"))
  ).sort();
  // Of other methods it is among their sizes, and runs of earlier versions had AutoMLP's default beside that.
  const { length = USUAL_LENGTH } = options;
  const values = { ...options, length, sizes: knownSizes(options.sizes) };
  return Object.fromEntries(fixed.map((key) => [key, values[key as keyof JobOptions]]));
}

/** The identity of a run: hash of the dataset, seed, and options. */
export type Identity = [hash: string, seed: number, options: Record<string, unknown>];

/** Returns the identity that a run has on record; undefined if it has none. In earlier versions, patience was part of it. */
export function identityOnRecord(identity: unknown): Identity | undefined {
  if (typeof identity !== "string") return undefined;
  const [hash, seed, { patience: _patience, ...options }] = JSON.parse(identity);
  return [hash, seed, options];
}

/** Runs of versions that asked every place of a sequence in any case do not say so. */
const knownSizes = ({ examples, ...sizes }: JobOptions["sizes"]) =>
  examples === undefined || examples === "each" ? sizes : { ...sizes, examples };
