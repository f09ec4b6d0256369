/**
 * One pass through a network on an engine: its weights as values, its dropout, and the gradients.
 *
 * @module
 */
import type { Engine } from "../backend/types.ts";
import type { Tensor, Tensor2D } from "../backend/tensor.ts";
import type { Dropout } from "../layers/dropout.ts";
import type { Parameter, Weights } from "../layers/parameters.ts";
import type { Pass, ValuesOf } from "../layers/pass.ts";
import { Tape, type TensorValue } from "../ops/tape.ts";
import { TensorOps } from "../ops/tensor_ops.ts";
import type { BatchResult } from "./method.ts";

/** Gradients of a pass. */
export interface PassGradients extends Omit<BatchResult, "loss"> {
  /** Returns the gradient of a value that {@link TensorPass.leaf} made, if the loss depends on it. */
  of(leaf: TensorValue): Tensor | undefined;
}

/** Computes the result of a pass in `tf.tidy`, which frees what only the pass needed. */
export function withResult<R extends BatchResult>({ tf }: Engine, evaluate: () => R): R {
  let found!: R;
  tf.tidy(() => {
    found = evaluate();
    const { loss, gradients, rows, ...others } = found;
    return [loss, ...Object.values(gradients), ...rows.map(({ gradient }) => gradient), { ...others }];
  });
  return found;
}

/** A pass, within `tf.tidy`. With dropout it is a training pass: a tape records it. */
export class TensorPass implements Pass {
  readonly ops: TensorOps;
  readonly #tape?: Tape;
  readonly #weights = new Map<string, TensorValue>();
  readonly #rows: { table: string; rows: Int32Array; value: TensorValue<Tensor2D> }[] = [];
  /** Number of dropout places so far: each has its own mask. */
  #places = 0;

  /** @param fixed Whether the weights are constants: then only values of {@link TensorPass.leaf} have gradients. */
  constructor(
    readonly engine: Engine,
    readonly source: Weights,
    readonly droppingOut?: Dropout,
    readonly fixed = false,
  ) {
    this.#tape = droppingOut && new Tape();
    this.ops = new TensorOps(engine, this.#tape);
  }

  weight<T extends Tensor>({ name }: Parameter<T>): TensorValue<T> {
    let value = this.#weights.get(name);
    if (!value) this.#weights.set(name, value = this.#own(this.source(name)));
    return value as TensorValue<T>;
  }

  weights<P extends Record<string, Parameter>>(parameters: P): ValuesOf<P> {
    const values = Object.entries(parameters).map(([part, parameter]) => [part, this.weight(parameter)]);
    return Object.fromEntries(values);
  }

  table({ name }: Pick<Parameter, "name">, ids: Int32Array | Uint32Array): TensorValue<Tensor2D> {
    const { tf, kernels } = this.engine;
    const padded = this.ops.padded(ids);
    const own = this.source.rows?.(name, padded) ??
      kernels.gatherRows(this.source(name) as Tensor2D, tf.tensor1d(padded, "int32")) as Tensor2D;
    const value = this.#own(own);
    this.#rows.push({ table: name, rows: Int32Array.from(ids), value });
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

  dropout<T extends Tensor>(x: TensorValue<T>, place = this.#places++): TensorValue<T> {
    const dropout = this.droppingOut;
    if (!dropout || dropout.rate === 0) return x;
    return this.ops.dropout(x, dropout.rate, dropout.mask(place));
  }

  /** Returns a value that the pass gives the gradient of. */
  leaf<T extends Tensor>(tensor: T): TensorValue<T> {
    return this.#tape ? this.#tape.leaf(tensor) : this.ops.constant(tensor);
  }

  #own<T extends Tensor>(tensor: T): TensorValue<T> {
    return this.fixed ? this.ops.constant(tensor) : this.leaf(tensor);
  }

  /** Returns the gradients of the pass's loss, its last recorded value. */
  gradients(loss: TensorValue): PassGradients {
    const { tf, kernels } = this.engine, found = this.#tape!.gradients(loss, kernels);
    const gradients: Record<string, Tensor> = {};
    for (const [name, value] of this.#weights) {
      const gradient = found.get(value);
      if (gradient) gradients[name] = gradient;
    }
    const rows = this.#rows.flatMap(({ table, rows, value }) => {
      const gradient = found.get(value), [height, dim] = value.shape;
      // The padding's row has no gradient.
      return gradient
        ? [{ table, rows, gradient: tf.slice(gradient, [1, 0], [height - 1, dim]) as Tensor2D }]
        : [];
    });
    return { gradients, rows, of: (leaf) => found.get(leaf) };
  }

  /** Returns the loss with its gradients. */
  result(loss: TensorValue): BatchResult {
    const { gradients, rows } = this.gradients(loss);
    return { loss: loss.tensor, gradients, rows };
  }
}
