/**
 * What a model has computed from its weights and keeps.
 *
 * @module
 */
import type { Tensor, Tf } from "../backend/tensor.ts";

/** Frees what a model kept once nothing refers to the model any more. */
const forgotten = new FinalizationRegistry<Kept<Named>>((kept) => kept.forget());

/** Tensors by name; undefined if a network does not have one. */
type Named = { [name: string]: Tensor | undefined };

/** Tensors that are computed when first needed, and kept until the weights change or nothing refers to their model any more. */
export class Kept<T extends Named> {
  #now?: T;

  /** @param model The model that they belong to. */
  constructor(model: object) {
    forgotten.register(model, this);
  }

  /** Returns the kept tensors, or computes them first: within `tf.tidy`, which frees what is not kept. */
  of(tf: Tf, compute: () => T): T {
    if (this.#now) return this.#now;
    const made: Named = compute(), kept: Named = {};
    // Clones: a computed tensor may be one of the weights.
    for (const [name, tensor] of Object.entries(made)) kept[name] = tensor && tf.keep(tensor.clone());
    return this.#now = kept as T;
  }

  /** Frees the tensors. */
  forget(): void {
    for (const tensor of Object.values<Tensor | undefined>(this.#now ?? {})) tensor?.dispose();
    this.#now = undefined;
  }
}
