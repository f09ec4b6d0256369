/**
 * Reverse-mode differentiation over operations that come with their own gradients.
 *
 * The tensor library has a tape too, but it frees what a custom operation computed on the way before its gradient needs it, and
 * does not see operations that the native engine runs directly. This one records one function per operation, and everything
 * lives until the step's `tf.tidy` ends.
 *
 * @module
 */
import type { Kernels } from "../backend/types.ts";
import type { Tensor } from "../backend/tensor.ts";
import type { Value } from "./ops.ts";

/** A tensor within a computation; a tape records how it was computed. */
export class TensorValue<T extends Tensor = Tensor> implements Value<T> {
  declare readonly kind?: T;

  constructor(
    readonly tensor: T,
    /** Whether a gradient can flow to it. */
    readonly traced: boolean = false,
  ) {}

  get shape(): number[] {
    return this.tensor.shape;
  }
}

/**
 * Turns the gradient of an operation's output into those of its inputs, in their order; undefined for an input without gradient.
 *
 * @param before For an operation that joins gradients: that of the first input so far, which the result then includes.
 */
export type Backward<T extends Tensor = Tensor> = (dy: T, before?: Tensor) => readonly (Tensor | undefined)[];

interface Entry {
  output: TensorValue;
  inputs: readonly TensorValue[];
  backward: Backward;
  /** Whether `backward` adds the gradient of its first input to what later operations gave: its own may cover fewer positions. */
  joins: boolean;
}

/** Records operations in order. */
export class Tape {
  readonly #entries: Entry[] = [];

  /** Returns a value whose gradient will be computed. */
  leaf<T extends Tensor>(tensor: T): TensorValue<T> {
    return new TensorValue(tensor, true);
  }

  /** Records the output of an operation. Outputs that depend on no leaf are not recorded. */
  record<T extends Tensor>(
    tensor: T,
    inputs: readonly TensorValue[],
    backward: Backward<T>,
    joins = false,
  ): TensorValue<T> {
    if (!inputs.some(({ traced }) => traced)) return new TensorValue(tensor);
    const output = new TensorValue(tensor, true);
    this.#entries.push({ output, inputs, backward: backward as unknown as Backward, joins });
    return output;
  }

  /**
   * Computes the gradients of a loss.
   *
   * @param loss The last recorded value. Its operation gets no meaningful `dy` and must ignore it.
   * @returns Gradients by leaf or other value; values that the loss does not depend on are missing.
   */
  gradients(loss: TensorValue, kernels: Kernels): Map<TensorValue, Tensor> {
    const gradients = new Map<TensorValue, Tensor>([[loss, loss.tensor]]);
    for (const { output, inputs, backward, joins } of this.#entries.toReversed()) {
      const dy = gradients.get(output);
      if (!dy) continue;
      const found = backward(dy, joins ? gradients.get(inputs[0]) : undefined);
      inputs.forEach((input, i) => {
        const gradient = found[i];
        if (!gradient || !input.traced) return;
        const before = joins && i === 0 ? undefined : gradients.get(input);
        gradients.set(input, before ? kernels.sum([before, gradient]) : gradient);
      });
    }
    return gradients;
  }
}
