/**
 * The losses of a search since its last record.
 *
 * @module
 */
import type { SearchStep } from "../records/records.ts";
import type { SearchState } from "./state.ts";

/** Sums and counts of losses: each step of the weights has one, and each judgement of the candidates. */
export class RecentLosses {
  #train = 0;
  #validation = 0;
  #steps = 0;
  #judged = 0;

  /** Adds the losses of a step; without `validationLoss`, the candidates were not judged in it. */
  add({ trainLoss, validationLoss }: SearchStep): void {
    this.#train += trainLoss;
    this.#steps++;
    if (validationLoss === undefined) return;
    this.#validation += validationLoss;
    this.#judged++;
  }

  /** Number of steps since the last record. */
  get steps(): number {
    return this.#steps;
  }

  /** The mean loss of the steps; NaN if there were none. */
  get trainLoss(): number {
    return this.#train / this.#steps;
  }

  /** The mean loss of the judgements; NaN if there were none. */
  get validationLoss(): number {
    return this.#validation / this.#judged;
  }

  /** Starts again from zero after the losses were recorded. */
  clear(): void {
    this.restore([0, 0, 0, 0]);
  }

  state(): SearchState["sums"] {
    return [this.#train, this.#validation, this.#steps, this.#judged];
  }

  restore(sums: SearchState["sums"]): void {
    [this.#train, this.#validation, this.#steps, this.#judged] = sums;
  }
}
