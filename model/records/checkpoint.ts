/**
 * A checkpoint, whatever it is of.
 *
 * @module
 */
import { objectWith, type Wanted } from "../../pipeline/contract/options/arguments.ts";
import type { SavedTensor } from "./safetensors.ts";

/**
 * A moment of a run to resume from. Both parts lie in one file, so that they always belong together. {@link packTraining} and {@link packSearch} make one.
 */
export interface Checkpoint {
  /** Plain data: step, place in the epoch, α … JSON must be able to hold it. */
  state: unknown;
  /** Weights, moments. */
  tensors: ReadonlyMap<string, SavedTensor>;
}

/** A checkpoint, as an argument. */
export const CHECKPOINT: Wanted = objectWith(
  "a checkpoint, as RunFolder.readCheckpoint() gives it",
  "tensors",
  "state",
);
