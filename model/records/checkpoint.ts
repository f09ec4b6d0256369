/**
 * A checkpoint of any phase.
 *
 * @module
 */
import { objectWith, type Wanted } from "../../pipeline/contract/options/arguments.ts";
import type { SavedTensor } from "./safetensors.ts";

/**
 * A state of a run to resume from. Both parts are in one file, so that they always belong together. {@link packTraining} and
 * {@link packSearch} make one.
 */
export interface Checkpoint {
  /** Plain data that JSON can represent: step, place in the epoch, α … */
  state: unknown;
  /** Weights, and moments of the optimizer. */
  tensors: ReadonlyMap<string, SavedTensor>;
}

/** A checkpoint, as an argument. */
export const CHECKPOINT: Wanted = objectWith(
  "a checkpoint, as RunFolder.readCheckpoint() gives it",
  "tensors",
  "state",
);
