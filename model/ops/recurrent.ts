/**
 * Recurrent layers over whole sequences as operations.
 *
 * @module
 */
import type { RecurrentWeights } from "../backend/recurrent.ts";
import type { Tensor2D, Tensor3D } from "../backend/tensor.ts";
import type { Ops } from "./ops.ts";
import type { Value } from "./tape.ts";

/** The kinds of cells, with their number of gates. */
export const GATES = { gru: 3, lstm: 4 };
export type Cell = keyof typeof GATES;

/** Weights of a layer; see {@link RecurrentWeights}. */
export type RecurrentValues = { [K in keyof RecurrentWeights]: Value<RecurrentWeights[K]> };

/**
 * Computes the state after each position, starting from zeros, as PyTorch's `nn.GRU` and `nn.LSTM` do.
 *
 * @param x [T, B, D]
 * @param ids [T × B]: positions with 0 are padding, which leaves the state unchanged.
 * @returns [T, B, H]
 */
export function recurrent(
  ops: Ops,
  cell: Cell,
  x: Value<Tensor3D>,
  { wx, wh, bx, bh }: RecurrentValues,
  ids: Int32Array,
): Value<Tensor3D> {
  const { tf, kernels } = ops.engine, [length, batch] = x.shape;
  const weights: RecurrentWeights = { wx: wx.tensor, wh: wh.tensor, bx: bx.tensor, bh: bh.tensor };
  const padding = tf.tensor2d(ids, [length, batch], "int32") as Tensor2D;
  const recurred = kernels[cell](x.tensor, weights, padding);
  const gradient = cell === "gru" ? kernels.gruGrad : kernels.lstmGrad;
  return ops.record(recurred.y, [x, wx, wh, bx, bh], (dy) => {
    const d = gradient(dy, x.tensor, weights, recurred, padding);
    return [d.dx, d.wx, d.wh, d.bx, d.bh];
  });
}
