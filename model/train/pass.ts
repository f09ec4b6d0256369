/**
 * One pass through a network on an engine: its weights as values, its dropout, and the gradients.
 *
 * @module
 */
import type { Engine } from "../backend/types.ts";
import type { Tensor, Tensor2D } from "../backend/tensor.ts";
import type { Dropout } from "../layers/dropout.ts";
import { Gradients, type Parameter, type Weights } from "../layers/parameters.ts";
import type { Pass, ValuesOf } from "../layers/pass.ts";
import { Tape, type TensorValue } from "../ops/tape.ts";
import { TensorOps } from "../ops/tensor_ops.ts";
import type { BatchResult } from "./method.ts";

/** A pass, within `tf.tidy`. With dropout it is a training pass: a tape records it. */
export class TensorPass implements Pass {
  readonly ops: TensorOps;
  readonly #tape?: Tape;
  readonly #weights = new Map<string, TensorValue>();
  readonly #rows: { table: string; rows: Int32Array; value: TensorValue<Tensor2D> }[] = [];
  /** Number of dropout places so far: each has its own mask. */
  #places = 0;

  constructor(readonly engine: Engine, readonly source: Weights, readonly droppingOut?: Dropout) {
    this.#tape = droppingOut && new Tape();
    this.ops = new TensorOps(engine, this.#tape);
  }

  weight<T extends Tensor>({ name }: Parameter<T>): TensorValue<T> {
    let value = this.#weights.get(name);
    if (!value) this.#weights.set(name, value = this.#leaf(this.source(name)));
    return value as TensorValue<T>;
  }

  weights<P extends Record<string, Parameter>>(parameters: P): ValuesOf<P> {
    const values = Object.entries(parameters).map(([part, parameter]) => [part, this.weight(parameter)]);
    return Object.fromEntries(values);
  }

  table({ name }: Pick<Parameter, "name">, ids: Int32Array | Uint32Array): TensorValue<Tensor2D> {
    const { tf, kernels } = this.engine;
    const rows = Int32Array.from(ids), padded = new Int32Array(rows.length + 1);
    padded.set(rows, 1);
    const own = kernels.gatherRows(this.source(name) as Tensor2D, tf.tensor1d(padded, "int32"));
    const value = this.#leaf(own as Tensor2D);
    this.#rows.push({ table: name, rows, value });
    return value;
  }

  rows(parameter: Pick<Parameter, "name">, ids: Int32Array | Uint32Array): TensorValue<Tensor2D> {
    const places = new Map<number, number>([[0, 0]]);
    const rows = Int32Array.from(ids, (id) => {
      let place = places.get(id);
      if (place === undefined) places.set(id, place = places.size);
      return place;
    });
    return this.ops.gather(this.table(parameter, Uint32Array.from([...places.keys()].slice(1))), rows);
  }

  dropout<T extends Tensor>(x: TensorValue<T>): TensorValue<T> {
    const dropout = this.droppingOut;
    if (!dropout || dropout.rate === 0) return x;
    return this.ops.dropout(x, dropout.rate, dropout.mask(this.#places++));
  }

  #leaf<T extends Tensor>(tensor: T): TensorValue<T> {
    return this.#tape ? this.#tape.leaf(tensor) : this.ops.constant(tensor);
  }

  /** Returns the gradients of the pass's loss. */
  result(loss: TensorValue): BatchResult {
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
