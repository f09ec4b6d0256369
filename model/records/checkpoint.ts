/**
 * A checkpoint of any phase.
 *
 * @module
 */
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
