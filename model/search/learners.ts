/**
 * Which candidates learn in a step: those of one network side by side, so that all that they share learns for all of them at once. Where they take
 * turns instead, what they share settles for what the shortest can do as well, and the longer ones stay behind (see `bench/README.md`). Of many
 * candidates each learns from a window of the batch (`automlp/batch_windows.ts`).
 *
 * @module
 */
import { RandomStream } from "../../pipeline/contract/random.ts";
import type { CandidatePlace } from "./space.ts";

/** Who learns in which step: a pure function of the seed, the step, and who is left. */
export class Learners {
  readonly #random: RandomStream;

  /** @param places Of the candidates, by network. */
  constructor(readonly places: readonly CandidatePlace[], seed: number) {
    this.#random = new RandomStream(seed, "search/candidate");
  }

  /**
   * The candidates that learn in a step, ascending: those of a network that is drawn.
   *
   * @param left Of whom, ascending.
   */
  at(step: number, left: readonly number[]): number[] {
    const random = this.#random;
    random.seek(step, 0);
    const networkOf = (place: number) => this.places[place].network;
    const networks = [...new Set(left.map(networkOf))], network = networks[random.below(networks.length)];
    return left.filter((place) => networkOf(place) === network);
  }
}
