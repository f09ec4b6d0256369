/**
 * A network's view of the pass that it is part of: the same for tensors and for a graph.
 *
 * @module
 */
import type { Tensor, Tensor2D } from "../backend/tensor.ts";
import type { Ids, Ops, Value } from "../ops/ops.ts";
import type { Parameter } from "./parameters.ts";

/** The values of some parameters, under the same names. */
export type ValuesOf<P extends Record<string, Parameter>> = {
  [K in keyof P]: P[K] extends Parameter<infer T> ? Value<T> : never;
};

/** The operations and the parameters of a pass. */
export interface Pass {
  readonly ops: Ops;
  /** Returns a parameter that is not a table of items or users. */
  weight<T extends Tensor>(parameter: Parameter<T>): Value<T>;
  /** Returns several such parameters. */
  weights<P extends Record<string, Parameter>>(parameters: P): ValuesOf<P>;
  /**
   * Returns rows of a table: row 0, the padding, and those asked for.
   *
   * @param ids Row numbers, [n], from 1, without duplicates.
   * @returns [n + 1, D]
   */
  table(parameter: Parameter<Tensor2D>, ids: Ids): Value<Tensor2D>;
  /**
   * Returns rows of a table, in any order and with repetitions.
   *
   * @param ids Row numbers, [n]; 0 gives the padding's zeros.
   * @returns [n, D]
   */
  rows(parameter: Parameter<Tensor2D>, ids: Ids): Value<Tensor2D>;
  /**
   * Sets elements to zero at random in training.
   *
   * @param place The number of the mask, for places that share one. Default: each place has its own.
   */
  dropout<T extends Tensor>(x: Value<T>, place?: number): Value<T>;
}
