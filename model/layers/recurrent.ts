/**
 * Stacked recurrent layers, with their parameters.
 *
 * @module
 */
import type { Tensor1D, Tensor3D } from "../backend/tensor.ts";
import { type Cell, GATES, recurrent } from "../ops/recurrent.ts";
import type { Value } from "../ops/tape.ts";
import { bias, dense, type ParameterSpec } from "./parameters.ts";
import type { LayerPass } from "./pass.ts";

/**
 * Returns the layers' parameters, with the gates' rows one after the other as in PyTorch: r, z, n (GRU) or i, f, g, o (LSTM).
 *
 * @param dim Size of the input.
 * @param hidden Size of the state.
 */
export function recurrentParameters(
  cell: Cell,
  name: string,
  layers: number,
  dim: number,
  hidden: number,
): ParameterSpec[] {
  const rows = GATES[cell] * hidden;
  // Each gate is initialised like a separate layer.
  const gates = (part: string, inputs: number): ParameterSpec => ({
    ...dense(part, hidden, inputs),
    shape: [rows, inputs],
  });
  return Array.from({ length: layers }, (_, i) => [
    gates(`${name}.${i}.wx`, i === 0 ? dim : hidden),
    gates(`${name}.${i}.wh`, hidden),
    bias(`${name}.${i}.bx`, rows),
    bias(`${name}.${i}.bh`, rows),
  ]).flat();
}

/**
 * Computes the last layer's state after each position.
 *
 * @param x [T, B, D]
 * @param ids [T × B]: 0 is padding.
 * @returns [T, B, H]
 */
export function recurrentLayers(
  pass: LayerPass,
  cell: Cell,
  name: string,
  layers: number,
  x: Value<Tensor3D>,
  ids: Int32Array,
): Value<Tensor3D> {
  for (let i = 0; i < layers; i++) {
    x = recurrent(pass.ops, cell, x, {
      wx: pass.weight(`${name}.${i}.wx`),
      wh: pass.weight(`${name}.${i}.wh`),
      bx: pass.weight<Tensor1D>(`${name}.${i}.bx`),
      bh: pass.weight<Tensor1D>(`${name}.${i}.bh`),
    }, ids);
  }
  return x;
}
