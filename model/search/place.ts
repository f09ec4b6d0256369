/**
 * The current place of a search in its data.
 *
 * @module
 */
import { damagedCheckpoint, otherParts } from "../train/checkpoint_state.ts";
import { type Cursor, sameParts } from "../train/order.ts";
import type { SearchState } from "./state.ts";

/** Names of the places in a {@link SearchState}. */
const PLACES = ["train", "validation", "heldOut"] as const;

/** The part of a {@link SearchState} that describes the place. */
type PlaceState = Pick<SearchState, (typeof PLACES)[number] | "parts">;

/**
 * Places in the training data of the weights, in the validation data of α for mixed outputs, and in the held-out data
 * for judging candidates.
 */
export class SearchPlace {
  constructor(readonly cursors: Record<(typeof PLACES)[number], Cursor>) {}

  state(): PlaceState {
    const { train, validation, heldOut } = this.cursors;
    return {
      train: [train.epoch, train.batch],
      validation: [validation.epoch, validation.batch],
      heldOut: [heldOut.epoch, heldOut.batch],
      ...(train.parts && { parts: train.parts }),
    };
  }

  /**
   * Checks that these places exist.
   *
   * @param from Where the state comes from, for messages.
   * @throws {InputError} if it is within an epoch of other parts, or at a batch that does not exist.
   */
  check(state: PlaceState, from: string): void {
    if (PLACES.some((name) => state[name][1] > 0) && !sameParts(state, this.cursors.train)) {
      throw otherParts(from);
    }
    for (const name of PLACES) {
      const [, batch] = state[name], cursor = this.cursors[name];
      if (!cursor.has(batch)) throw damagedCheckpoint(from, `batch ${batch} of ${cursor.batches}`);
    }
  }

  /** Goes to places that {@link SearchPlace.check} has accepted. */
  restore(state: PlaceState): void {
    for (const name of PLACES) {
      const [epoch, batch] = state[name];
      this.cursors[name].seek(epoch, batch);
    }
  }
}
