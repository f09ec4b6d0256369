/** Stacked recurrent layers. */
import type { Tensor3D } from "../backend/tensor.ts";
import { type Cell, GATES, type Places, type Value } from "../ops/ops.ts";
import { bias, dense, type Layer } from "./parameters.ts";
import type { Pass } from "./pass.ts";

/** Recurrent layers on top of each other. */
export interface RecurrentLayers extends Layer {
  /**
   * Computes the last layer's state after each position.
   *
   * @param x [T, B, D]
   * @returns [T, B, H]
   */
  apply(pass: Pass, x: Value<Tensor3D>, places: Places): Value<Tensor3D>;
}

/**
 * Returns the layers, with the gates' rows one after the other as in PyTorch: r, z, n (GRU) or i, f, g, o (LSTM).
 *
 * @param sizes `dim`: size of the input; `hidden`: size of the state; `columns`: what the input's columns mean.
 */
export function recurrentLayers(
  cell: Cell,
  name: string,
  { layers, dim, hidden, columns }: { layers: number; dim: number; hidden: number; columns?: string },
): RecurrentLayers {
  const rows = GATES[cell] * hidden;
  // Each gate is initialised like a separate layer.
  const gates = (part: string, inputs: number) => ({ ...dense(part, hidden, inputs), shape: [rows, inputs] });
  const all = Array.from({ length: layers }, (_, i) => ({
    wx: i === 0 ? { ...gates(`${name}.0.wx`, dim), columns } : gates(`${name}.${i}.wx`, hidden),
    wh: gates(`${name}.${i}.wh`, hidden),
    bx: bias(`${name}.${i}.bx`, rows),
    bh: bias(`${name}.${i}.bh`, rows),
  }));
  return {
    parameters: all.flatMap((parts) => Object.values(parts)),
    apply: (pass, x, places) =>
      all.reduce((y, parts) => pass.ops.recurrent(cell, y, pass.weights(parts), { ...places, hidden }), x),
  };
}
