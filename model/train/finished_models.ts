/**
 * The networks that a training gives away: each with weights of its own, while the training goes on.
 *
 * @module
 */
import type { Model } from "./method.ts";
import type { LoadedModel } from "./model_weights.ts";

/** Whose weights a network has: those of the best epoch, or, before there is one, those after so many steps. */
export type WeightsOf = ReadonlyMap<string, Float32Array> | number;

/** Networks that live until the training is disposed of. */
export class FinishedModels {
  readonly #models: LoadedModel[] = [];
  #last?: { of: WeightsOf; model: Model };

  /** The network with these weights: the last one given, if it has them. */
  give(of: WeightsOf, make: () => LoadedModel): Model {
    if (this.#last?.of === of) return this.#last.model;
    const made = make();
    this.#models.push(made);
    this.#last = { of, model: made.model };
    return made.model;
  }

  /** To be called where as many steps are other weights than before. */
  forgetLast(): void {
    this.#last = undefined;
  }

  /** Frees the tensors of all of them. */
  dispose(): void {
    for (const model of this.#models.splice(0)) model.dispose();
    this.forgetLast();
  }
}
