/**
 * The networks that a training returns: each has its own weights, while the training continues.
 *
 * @module
 */
import type { Model } from "./method.ts";
import type { LoadedModel } from "./model_weights.ts";

/** The weights that a network has: those of the best epoch, or, before there is one, those after this number of steps. */
export type WeightsOf = ReadonlyMap<string, Float32Array> | number;

/** Networks that live until the training is disposed of. */
export class FinishedModels {
  readonly #models: LoadedModel[] = [];
  #last?: { of: WeightsOf; model: Model };

  /** Returns the network with these weights: the last one returned, if it has them. */
  give(of: WeightsOf, make: () => LoadedModel): Model {
    if (this.#last?.of === of) return this.#last.model;
    const made = make();
    this.#models.push(made);
    this.#last = { of, model: made.model };
    return made.model;
  }

  /** Call this when the same number of steps no longer means the same weights. */
  forgetLast(): void {
    this.#last = undefined;
  }

  /** Frees the tensors of all networks. */
  dispose(): void {
    for (const model of this.#models.splice(0)) model.dispose();
    this.forgetLast();
  }
}
