/**
 * The view that a layer has of the pass it is part of.
 *
 * @module
 */
import type { Tensor, Tensor2D } from "../backend/tensor.ts";
import type { Ops } from "../ops/ops.ts";
import type { Value } from "../ops/tape.ts";

/** The operations and the parameters of a pass. */
export interface LayerPass {
  readonly ops: Ops;
  /** Returns a parameter that is not a table. */
  weight<T extends Tensor = Tensor2D>(name: string): Value<T>;
  /** Sets elements to zero at random in training. */
  dropout<T extends Tensor>(x: Value<T>): Value<T>;
}
