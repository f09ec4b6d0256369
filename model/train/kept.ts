/**
 * What a model has computed of its weights, and keeps.
 *
 * @module
 */
import type { Tensor, Tf } from "../backend/tensor.ts";

/** Frees what a model kept that nothing refers to any more. */
const forgotten = new FinalizationRegistry<Kept<Named>>((kept) => kept.forget());

/** Tensors by what they are; one that a network has not is undefined. */
type Named = { [name: string]: Tensor | undefined };

/** Tensors that are computed when they are first needed, and live until the weights change or nothing refers to their model any more. */
export class Kept<T extends Named> {
  #now?: T;

  /** @param model Whose they are. */
  constructor(model: object) {
    forgotten.register(model, this);
  }

  /** Those that are there, or else what is computed: within `tf.tidy`, which frees what is not kept. */
  of(tf: Tf, compute: () => T): T {
    if (this.#now) return this.#now;
    const made: Named = compute(), kept: Named = {};
    // Clones: what was computed may be a weight as it is.
    for (const [name, tensor] of Object.entries(made)) kept[name] = tensor && tf.keep(tensor.clone());
    return this.#now = kept as T;
  }

  /** Frees them. */
  forget(): void {
    for (const tensor of Object.values<Tensor | undefined>(this.#now ?? {})) tensor?.dispose();
    this.#now = undefined;
  }
}
