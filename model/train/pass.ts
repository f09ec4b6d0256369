/**
 * One pass through a network: its weights as values, its dropout, and the gradients.
 *
 * @module
 */
import type { Engine } from "../backend/types.ts";
import type { Tensor, Tensor2D } from "../backend/tensor.ts";
import type { Dropout } from "../layers/dropout.ts";
import { Gradients, type Weights } from "../layers/parameters.ts";
import { Ops } from "../ops/ops.ts";
import { Tape, type Value } from "../ops/tape.ts";
import type { BatchResult } from "./method.ts";

/** A pass, within `tf.tidy`. With dropout it is a training pass: a tape records it. */
export class Pass {
  readonly ops: Ops;
  readonly #tape?: Tape;
  readonly #weights = new Map<string, Value>();
  readonly #rows: { table: string; rows: Int32Array; value: Value<Tensor2D> }[] = [];
  /** Number of dropout places so far: each has its own mask. */
  #places = 0;

  constructor(readonly engine: Engine, readonly weights: Weights, readonly droppingOut?: Dropout) {
    this.#tape = droppingOut && new Tape();
    this.ops = new Ops(engine, this.#tape);
  }

  /** Whether this is a training pass. */
  get training(): boolean {
    return this.#tape !== undefined;
  }

  /** Returns a parameter that is not a table. */
  weight<T extends Tensor = Tensor2D>(name: string): Value<T> {
    let value = this.#weights.get(name);
    if (!value) this.#weights.set(name, value = this.#leaf(this.weights(name)));
    return value as Value<T>;
  }

  /**
   * Returns rows of a table: row 0, the padding, and those asked for.
   *
   * @param ids Row numbers, [n], from 1, without duplicates.
   * @returns [n + 1, D]
   */
  table(name: string, ids: ArrayLike<number>): Value<Tensor2D> {
    const { tf, kernels } = this.engine,
      rows = Int32Array.from(ids),
      padded = new Int32Array(rows.length + 1);
    padded.set(rows, 1);
    const value = this.#leaf(
      kernels.gatherRows(this.weights(name) as Tensor2D, tf.tensor1d(padded, "int32")) as Tensor2D,
    );
    this.#rows.push({ table: name, rows, value });
    return value;
  }

  /**
   * Returns rows of a table, in any order and with repetitions.
   *
   * @param ids Row numbers, [n]; 0 gives the padding's zeros.
   * @returns [n, D]
   */
  rows(name: string, ids: ArrayLike<number>): Value<Tensor2D> {
    const places = new Map<number, number>([[0, 0]]);
    const rows = Int32Array.from(ids, (id) => {
      let place = places.get(id);
      if (place === undefined) places.set(id, place = places.size);
      return place;
    });
    return this.ops.gather(this.table(name, [...places.keys()].slice(1)), rows);
  }

  /** Sets elements to zero at random in training. */
  dropout<T extends Tensor>(x: Value<T>): Value<T> {
    const dropout = this.droppingOut;
    if (!dropout || dropout.rate === 0) return x;
    return this.ops.dropout(x, dropout.rate, dropout.mask(this.#places++));
  }

  #leaf<T extends Tensor>(tensor: T): Value<T> {
    return this.#tape ? this.#tape.leaf(tensor) : this.ops.constant(tensor);
  }

  /** Returns the gradients of the pass's loss. */
  result(loss: Value): BatchResult {
    const { tf, kernels } = this.engine, found = this.#tape!.gradients(loss, kernels);
    const gradients = new Gradients(kernels);
    for (const [name, value] of this.#weights) {
      const gradient = found.get(value);
      if (gradient) gradients.add(name, gradient);
    }
    const rows = this.#rows.flatMap(({ table, rows, value }) => {
      const gradient = found.get(value), [height, dim] = value.shape;
      // The padding's row has no gradient.
      return gradient
        ? [{ table, rows, gradient: tf.slice(gradient, [1, 0], [height - 1, dim]) as Tensor2D }]
        : [];
    });
    return { loss: loss.tensor, gradients, rows };
  }
}
