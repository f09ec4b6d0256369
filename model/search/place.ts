/**
 * Where a search stands in its data.
 *
 * @module
 */
import { damagedCheckpoint, otherParts } from "../train/checkpoint_state.ts";
import { type Cursor, sameParts } from "../train/order.ts";
import type { SearchState } from "./state.ts";

/** The places by their names in a {@link SearchState}. */
const PLACES = ["train", "validation", "heldOut"] as const;

/** Of a {@link SearchState} what says where it stands. */
type PlaceState = Pick<SearchState, (typeof PLACES)[number] | "parts">;

/** The places in what the weights learn from, in what α learns from where outputs are mixed, and in what the candidates are judged by. */
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
   * Checks that there are such places.
   *
   * @param from Where the state is from, for messages.
   * @throws {InputError} if it is in the midst of an epoch of other parts, or at a batch that there is not.
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

  /** Goes to places that {@link SearchPlace.check} has found to be there. */
  restore(state: PlaceState): void {
    for (const name of PLACES) {
      const [epoch, batch] = state[name];
      this.cursors[name].seek(epoch, batch);
    }
  }
}
