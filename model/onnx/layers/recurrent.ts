/**
 * Stacked recurrent layers, `model/layers/recurrent.ts`, of which only the last state is needed.
 *
 * ONNX's cells support sequences that end early, not ones that begin late: histories are moved so that their padding
 * is behind them.
 *
 * @module
 */
import type { Cell } from "../../ops/recurrent.ts";
import type { Graph, Value } from "../graph.ts";
import { TYPES } from "../proto.ts";
import { concat, transpose } from "../ops.ts";

/** The gates in ONNX's order, by their indices in ours: z, r, n of r, z, n; i, o, f, g of i, f, g, o. */
const ORDER: Record<Cell, readonly number[]> = { gru: [1, 0, 2], lstm: [0, 3, 1, 2] };

/** Histories with their padding behind them. */
export interface Moved {
  /** [B, T], int64 */
  ids: Value;
  /** Their lengths without padding, [B], int32. */
  lengths: Value;
}

/**
 * Moves the padding of histories from in front of them to behind them.
 *
 * @param ids [B, T]
 */
export function paddingBehind(g: Graph, ids: Value, length: number): Moved {
  const there = g.apply("Cast", [g.apply("Cast", [ids], { to: TYPES.bool })], { to: TYPES.int64 });
  const count = g.apply("ReduceSum", [there, g.whole(1)], { keepdims: 1 }); // [B, 1]
  // The i-th item is at T − count + i; places beyond the last wrap around to the padding in front.
  const places = g.apply("Sub", [g.range(length), count]); // −count + i: Mod gives the right place for negative numbers too
  const from = g.apply("Mod", [places, g.whole(length)]);
  const lengths = g.apply("Cast", [g.apply("Squeeze", [count, g.whole(1)])], { to: TYPES.int32 });
  return { ids: g.apply("GatherElements", [ids, from], { axis: 1 }), lengths };
}

/**
 * The last layer's state after the last item of each history; zeros if there is none.
 *
 * @param x [B, T, D], padding behind.
 * @param lengths [B]: see {@link paddingBehind}.
 * @returns [B, H]
 */
export function lastState(
  g: Graph,
  cell: Cell,
  name: string,
  { layers, hidden }: { layers: number; hidden: number },
  x: Value,
  lengths: Value,
): Value {
  const settings = { hidden_size: hidden, ...(cell === "gru" && { linear_before_reset: 1 }) };
  const one = g.whole(0);
  let inTime = transpose(g, x, 1, 0, 2), state = ""; // [T, B, D]
  for (let i = 0; i < layers; i++) {
    const weight = (part: string) => inOrder(g, cell, `${name}.${i}.${part}`);
    const [wx, wh, bias] = [weight("wx"), weight("wh"), concat(g, [weight("bx"), weight("bh")], 0)]
      .map((value) => g.apply("Unsqueeze", [value, one]));
    const inputs = [inTime, wx, wh, bias, lengths];
    const [all, final] = g.applyTo(2, cell.toUpperCase(), inputs, settings); // [T, 1, B, H], [1, B, H]
    [inTime, state] = [g.apply("Squeeze", [all, g.whole(1)]), g.apply("Squeeze", [final, one])];
  }
  return state;
}

/** A weight or bias with its gates' rows in ONNX's order. */
function inOrder(g: Graph, cell: Cell, name: string): Value {
  const order = ORDER[cell],
    gates = g.applyTo(order.length, "Split", [g.weight(name)], {
      axis: 0,
      num_outputs: order.length,
    });
  return concat(g, order.map((gate) => gates[gate]), 0);
}
