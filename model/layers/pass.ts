/**
 * What a layer sees of the pass that it is part of.
 *
 * @module
 */
import type { Tensor, Tensor2D } from "../backend/tensor.ts";
import type { Ops } from "../ops/ops.ts";
import type { Value } from "../ops/tape.ts";

/** The operations and the parameters of a pass. */
export interface LayerPass {
  readonly ops: Ops;
  /** A parameter that is no table. */
  weight<T extends Tensor = Tensor2D>(name: string): Value<T>;
  /** Sets elements to zero at random, in training. */
  dropout<T extends Tensor>(x: Value<T>): Value<T>;
}
