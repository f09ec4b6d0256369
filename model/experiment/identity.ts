/**
 * What a run is: the data, the seed and the options that may not change when it is resumed.
 *
 * @module
 */
import { USUAL_LENGTH } from "../history_lengths.ts";
import type { JobOptions } from "./job_options.ts";
import { isAutomlp, lengthShape, recordedShape, runShape } from "./options.ts";

/**
 * Options that may be changed when a run is resumed; the new values go on record. With a learning rate schedule `epochs` may not: it shapes the rate of
 * every step ({@link identityOptions}).
 */
export const TAKEN_ANEW = ["epochs", "patience", "ks"] as const;
/** Options that may differ between the sessions of a run: how far it goes, how long, on which engine, what is reported. */
const CHANGEABLE: readonly string[] = ["until", ...Object.keys(runShape), ...TAKEN_ANEW, "adjustmentOfRun"];

/** How runs are of versions that did not have these options. */
export const BEFORE_THESE_OPTIONS: Partial<JobOptions> = {
  averaging: 0,
  precision: "float32",
  searchOver: undefined,
  targetsPerHistory: 1,
  keepSeen: false,
  ensemble: 1,
  searchTargets: lengthShape.searchTargets.parse(undefined),
};

/** What a run is: the options that may not change when it is resumed. */
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

/** What a run is: of which data, drawn by which seed, with which options. */
export type Identity = [hash: string, seed: number, options: Record<string, unknown>];

/** The same as a run has it on record; undefined where it has not. Earlier versions held the patience to be part of it. */
export function identityOnRecord(identity: unknown): Identity | undefined {
  if (typeof identity !== "string") return undefined;
  const [hash, seed, { patience: _patience, ...options }] = JSON.parse(identity);
  return [hash, seed, options];
}

/** Runs of versions that asked every place of a sequence in any case do not say so. */
const knownSizes = ({ examples, ...sizes }: JobOptions["sizes"]) =>
  examples === undefined || examples === "each" ? sizes : { ...sizes, examples };
