/**
 * A recurrent layer with its parameters.
 *
 * @module
 */
import type { Tensor1D, Tensor3D } from "../backend/tensor.ts";
import { type Cell, GATES, recurrent } from "../ops/recurrent.ts";
import type { Value } from "../ops/tape.ts";
import { bias, dense, type ParameterSpec } from "./parameters.ts";
import type { LayerPass } from "./pass.ts";

/**
 * The layer's parameters, the gates' rows one after the other as in PyTorch: r, z, n (GRU) or i, f, g, o (LSTM).
 *
 * @param dim Size of the input.
 * @param hidden Size of the state.
 */
export function recurrentParameters(cell: Cell, name: string, dim: number, hidden: number): ParameterSpec[] {
  const rows = GATES[cell] * hidden;
  // Each gate begins as a layer of its own would.
  const gates = (part: string, inputs: number): ParameterSpec => ({
    ...dense(`${name}.${part}`, hidden, inputs),
    shape: [rows, inputs],
  });
  return [gates("wx", dim), gates("wh", hidden), bias(`${name}.bx`, rows), bias(`${name}.bh`, rows)];
}

/**
 * The state after each position.
 *
 * @param x [T, B, D]
 * @param ids [T × B]: 0 is padding.
 * @returns [T, B, H]
 */
export function recurrentLayer(
  pass: LayerPass,
  cell: Cell,
  name: string,
  x: Value<Tensor3D>,
  ids: Int32Array,
): Value<Tensor3D> {
  return recurrent(pass.ops, cell, x, {
    wx: pass.weight(`${name}.wx`),
    wh: pass.weight(`${name}.wh`),
    bx: pass.weight<Tensor1D>(`${name}.bx`),
    bh: pass.weight<Tensor1D>(`${name}.bh`),
  }, ids);
}
