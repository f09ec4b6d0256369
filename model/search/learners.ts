/**
 * Which candidates learn in a step: all candidates of one network side by side, so that the weights they share are
 * trained for all of them at once. If they took turns instead, the shared weights would settle for what the shortest
 * candidate can use, and the longer ones would lag behind (see `bench/README.md`). With many candidates, each learns
 * from a window of the batch (`automlp/batch_windows.ts`).
 *
 * @module
 */
import { RandomStream } from "../../pipeline/contract/random.ts";
import type { CandidatePlace } from "./space.ts";

/** Decides which candidates learn in a step: a pure function of the seed, the step, and the candidates that are left. */
export class Learners {
  readonly #random: RandomStream;

  /** @param places The candidates' places, with their networks. */
  constructor(readonly places: readonly CandidatePlace[], seed: number) {
    this.#random = new RandomStream(seed, "search/candidate");
  }

  /**
   * Returns the candidates that learn in a step, ascending: those of a randomly drawn network.
   *
   * @param left Places of the candidates that are left, ascending.
   */
  at(step: number, left: readonly number[]): number[] {
    const random = this.#random;
    random.seek(step, 0);
    const networkOf = (place: number) => this.places[place].network;
    const networks = [...new Set(left.map(networkOf))], network = networks[random.below(networks.length)];
    return left.filter((place) => networkOf(place) === network);
  }
}
