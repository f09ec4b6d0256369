/**
 * The operations of `model/ops/` as nodes of a graph, and a network's pass with them. A graph has all items at once, and asks for what
 * follows the newest place of each history.
 *
 * @module
 */
import type { ItemFeature } from "../../pipeline/contract/dataset/item_features.ts";
import type { Activation } from "../backend/feed_forward.ts";
import { valuesOf } from "../ops/feature_look_up.ts";
import type { Parameter } from "../layers/parameters.ts";
import type { Pass, ValuesOf } from "../layers/pass.ts";
import { type Cell, EPSILON, MIXER_EPSILON, type Ops, type Places, type Pooling } from "../ops/ops.ts";
import { TINY } from "../ops/tensor_ops.ts";
import { type Graph, TYPES, type Value } from "./graph.ts";

export const add = (g: Graph, a: Value, b: Value): Value => g.apply("Add", [a, b]);
export const mul = (g: Graph, a: Value, b: Value): Value => g.apply("Mul", [a, b]);
export const relu = (g: Graph, x: Value): Value => g.apply("Relu", [x]);
/** x·Φ(x), exact and not one of its approximations. */
export const gelu = (g: Graph, x: Value): Value => g.apply("Gelu", [x]);
export const transpose = (g: Graph, x: Value, ...perm: number[]): Value =>
  g.apply("Transpose", [x], { perm });
/** Rows of a table by number, in the shape of the numbers. */
export const gather = (g: Graph, table: Value, rows: Value): Value => g.apply("Gather", [table, rows]);
/** Concatenates values along an axis; −1 is the last. */
export const concat = (g: Graph, values: readonly Value[], axis: number): Value =>
  values.length === 1 ? values[0] : g.apply("Concat", values, { axis });
/** Reshapes a value: a size of 0 is that of the input, −1 the rest. */
export const reshape = (g: Graph, x: Value, ...shape: number[]): Value =>
  g.apply("Reshape", [x, g.whole(...shape)]);

/** The last `n` places of an axis, or all if there are fewer. */
export const newest = (g: Graph, x: Value, n: number, axis = 1): Value =>
  g.apply("Slice", [x, g.whole(-n), g.whole(Number.MAX_SAFE_INTEGER), g.whole(axis)]);

/** Far below every score, but finite: with infinity, a place that sees nothing would have NaN as its shares. */
const UNSEEN = -1e30;
/** The gates in ONNX's order, by their indices in ours: z, r, n of r, z, n; i, o, f, g of i, f, g, o. */
const ORDER: Record<Cell, readonly number[]> = { gru: [1, 0, 2], lstm: [0, 3, 1, 2] };

type InGraph = Places & { ids: Value };
type Weights<Names extends string> = Record<Names, Value>;

/** Operations that add nodes to a graph. */
export class GraphOps implements Ops {
  /** @param items Number of items. */
  constructor(readonly g: Graph, readonly items: number) {}

  matMul(a: Value, b: Value, transposeA = false, transposeB = false): Value {
    const turned = (x: Value, turns: boolean) => turns ? transpose(this.g, x, 1, 0) : x;
    return this.g.apply("MatMul", [turned(a, transposeA), turned(b, transposeB)]);
  }

  dense(x: Value, { w, b }: Weights<"w" | "b">): Value {
    return this.addBias(this.matMul(x, w, false, true), b);
  }

  addBias(x: Value, bias: Value): Value {
    return this.add(x, bias);
  }

  columns(x: Value, from: number, count: number): Value {
    const { g } = this;
    return g.apply("Slice", [x, g.whole(from), g.whole(from + count), g.whole(1)]);
  }

  feedForward(
    x: Value,
    { w1, b1, w2, b2 }: Weights<"w1" | "b1" | "w2" | "b2">,
    activation: Activation,
  ): Value {
    const hidden = this.dense(x, { w: w1, b: b1 });
    return this.dense(activation === "gelu" ? this.gelu(hidden) : this.relu(hidden), { w: w2, b: b2 });
  }

  add(a: Value, b: Value): Value {
    return add(this.g, a, b);
  }

  scale(x: Value, factor: number): Value {
    return mul(this.g, x, this.g.number(factor));
  }

  layerNorm(x: Value, { gain, bias }: Weights<"gain" | "bias">, epsilon = EPSILON): Value {
    return this.g.apply("LayerNormalization", [x, gain, bias], { axis: -1, epsilon: { real: epsilon } });
  }

  normalize(x: Value, epsilon: number): Value {
    const width = this.g.apply("Shape", [x], { start: -1 });
    const ones = this.g.apply("Expand", [this.g.number(1), width]);
    return this.g.apply("LayerNormalization", [x, ones], { axis: -1, epsilon: { real: epsilon } });
  }

  toLength(x: Value, length: number): Value {
    const { g } = this;
    const squares = g.apply("ReduceSum", [mul(g, x, x), g.whole(-1)], { keepdims: 1 });
    const own = g.apply("Sqrt", [add(g, squares, g.number(TINY))]);
    return this.scale(g.apply("Div", [x, own]), length);
  }

  relu(x: Value): Value {
    return relu(this.g, x);
  }

  gelu(x: Value): Value {
    return gelu(this.g, x);
  }

  gather(table: Value, rows: Value): Value {
    return gather(this.g, table, rows);
  }

  reshape(x: Value, shape: number[]): Value {
    return reshape(this.g, x, ...shape);
  }

  sequences(x: Value, length: number): Value {
    const { g } = this, width = g.apply("Shape", [x], { start: -1 });
    return g.apply("Reshape", [x, concat(g, [g.whole(length, -1), width], 0)]);
  }

  concat(values: readonly Value[]): Value {
    return concat(this.g, values, -1);
  }

  blend(values: readonly Value[], scores: readonly Value[]): Value {
    const { g } = this;
    const stack = (all: readonly Value[]) =>
      concat(g, all.map((value) => g.apply("Unsqueeze", [value, g.whole(0)])), 0); // [F, n, D]
    const shares = g.apply("Softmax", [stack(scores)], { axis: 0 });
    return g.apply("ReduceSum", [mul(g, shares, stack(values)), g.whole(0)], { keepdims: 0 });
  }

  attention(
    queries: Value,
    x: Value,
    { wq, wk, wv }: Weights<"wq" | "wk" | "wv">,
    { dim, heads, causal, ...places }: InGraph & { dim: number; heads: number; causal: boolean },
  ): Value {
    const { g } = this, size = dim / heads;
    const byHead = (from: Value, w: Value, ...perm: number[]) =>
      transpose(g, reshape(g, this.matMul(from, w, false, true), places.length, -1, heads, size), ...perm);
    const q = byHead(queries, wq, 1, 2, 0, 3), k = byHead(x, wk, 1, 2, 3, 0), v = byHead(x, wv, 1, 2, 0, 3);
    const scores = this.scale(g.apply("MatMul", [q, k]), 1 / Math.sqrt(size)); // [B, H, T, T]
    const sees = this.#sight(places, causal);
    const shares = g.apply("Softmax", [g.apply("Where", [sees, scores, g.number(UNSEEN)])], { axis: -1 });
    const kept = g.apply("Where", [sees, shares, g.number(0)]);
    return reshape(g, transpose(g, g.apply("MatMul", [kept, v]), 2, 0, 1, 3), -1, dim);
  }

  /** Which places see which, [B, 1, T, T]: padding sees nothing and is not seen by any place. */
  #sight({ length, ids }: InGraph, causal: boolean): Value {
    const { g } = this;
    const there = transpose(g, g.apply("Cast", [reshape(g, ids, length, -1)], { to: TYPES.bool }), 1, 0); // [B, T]
    const both = g.apply("And", [reshape(g, there, -1, 1, length, 1), reshape(g, there, -1, 1, 1, length)]);
    if (!causal) return both;
    const places = g.range(length);
    return g.apply("And", [both, g.apply("GreaterOrEqual", [reshape(g, places, length, 1), places])]);
  }

  convolution(
    x: Value,
    { w, b }: Weights<"w" | "b">,
    { taps, dilation, length, ids }: InGraph & { taps: number; dilation: number },
  ): Value {
    const { g } = this, known = g.apply("Cast", [ids], { to: TYPES.bool });
    const there = reshape(g, g.apply("Cast", [known], { to: TYPES.float }), length, -1, 1); // [T, B, 1]
    const channels = transpose(g, mul(g, x, there), 1, 2, 0); // [B, D, T]
    const settings = { kernel_shape: [taps], dilations: [dilation], pads: [(taps - 1) * dilation, 0] };
    const y = g.apply("Conv", [channels, transpose(g, w, 1, 2, 0), b], settings);
    return mul(g, transpose(g, y, 2, 0, 1), there);
  }

  /**
   * ONNX's cells support sequences that end early, not ones that begin late: the padding is moved from in front of the histories to behind
   * them, and back. Behind its end a sequence has zeros, which are the states before its begin.
   */
  recurrent(
    cell: Cell,
    x: Value,
    { wx, wh, bx, bh }: Weights<"wx" | "wh" | "bx" | "bh">,
    { hidden, length, ids }: InGraph & { hidden: number },
  ): Value {
    const { g } = this, first = g.whole(0), time = g.whole(length);
    const there = g.apply("Cast", [g.apply("Cast", [ids], { to: TYPES.bool })], { to: TYPES.int64 });
    const counts = g.apply("ReduceSum", [reshape(g, there, length, -1), first], { keepdims: 1 }); // [1, B]
    const lengths = g.apply("Cast", [g.apply("Squeeze", [counts, first])], { to: TYPES.int32 });
    const padding = g.apply("Sub", [time, counts]), times = reshape(g, g.range(length), length, 1);
    /** Sequences [T, B, n], each moved in time by its padding. */
    const moved = (sequences: Value, operation: "Add" | "Sub") => {
      const from = g.apply("Mod", [g.apply(operation, [times, padding]), time]); // [T, B]
      const each = [g.apply("Unsqueeze", [from, g.whole(2)]), g.apply("Shape", [sequences])];
      return g.apply("GatherElements", [sequences, g.apply("Expand", each)], { axis: 0 });
    };
    const weight = (value: Value) => g.apply("Unsqueeze", [value, first]);
    const inOrder = (value: Value) => this.#inOrder(cell, value);
    const biases = concat(g, [inOrder(bx), inOrder(bh)], 0);
    const inputs = [moved(x, "Add"), weight(inOrder(wx)), weight(inOrder(wh)), weight(biases), lengths];
    const settings = { hidden_size: hidden, ...(cell === "gru" && { linear_before_reset: 1 }) };
    const all = g.apply(cell.toUpperCase(), inputs, settings); // [T, 1, B, H]
    return moved(g.apply("Squeeze", [all, g.whole(1)]), "Sub");
  }

  /** A weight or bias with its gates' rows in ONNX's order. */
  #inOrder(cell: Cell, weight: Value): Value {
    const order = ORDER[cell], split = { axis: 0, num_outputs: order.length };
    const gates = this.g.applyTo(order.length, "Split", [weight], split);
    return concat(this.g, order.map((gate) => gates[gate]), 0);
  }

  sequenceMixer(
    x: Value,
    { gain, bias, w1, b1, w2, b2 }: Weights<"gain" | "bias" | "w1" | "b1" | "w2" | "b2">,
    { length, outputs }: { length: number; outputs: number },
  ): Value {
    const { g } = this, normal = this.layerNorm(newest(g, x, length, 0), { gain, bias }, MIXER_EPSILON);
    const mixed = this.feedForward(transpose(g, normal, 1, 2, 0), { w1, b1, w2, b2 }, "gelu"); // [B, D, m]
    return this.add(newest(g, x, outputs, 0), transpose(g, mixed, 2, 0, 1));
  }

  channelMixer(x: Value, { w3, b3, w4, b4 }: Weights<"w3" | "b3" | "w4" | "b4">): Value {
    const weights = { w1: w3, b1: b3, w2: w4, b2: b4 };
    return this.add(x, this.feedForward(this.normalize(x, MIXER_EPSILON), weights, "gelu"));
  }

  /** The vectors of all items, whichever are asked for. */
  featureVectors(table: Value, feature: ItemFeature, _items: unknown, pooling: Pooling): Value {
    const { g, items } = this;
    switch (feature.kind) {
      case "numeric":
        return this.matMul(g.constant(Float32Array.from(feature.numbers), [items + 1, 1]), table);
      case "categorical":
        return gather(g, table, g.constant(BigInt64Array.from(feature.codes, BigInt)));
      case "multi":
        return this.#pooled(table, feature, pooling);
    }
  }

  /** The pooled vectors of the values: computed here, because pooling operations differ between runtimes. */
  #pooled(table: Value, feature: ItemFeature & { kind: "multi" }, pooling: Pooling): Value {
    const { g, items } = this, { values, shape: [, dim] } = g.weights.get(table.name)!;
    const all = Int32Array.from({ length: items + 1 }, (_, i) => i);
    const { codes, owners, shares } = valuesOf(feature, all, pooling);
    const pooled = new Float32Array((items + 1) * dim);
    for (let i = 0; i < codes.length; i++) {
      const from = codes[i] * dim, to = owners[i] * dim;
      for (let d = 0; d < dim; d++) pooled[to + d] += shares[i] * values[from + d];
    }
    return g.constant(pooled, [items + 1, dim]);
  }

  /** All ids, which begin with the padding. */
  padded(ids: Value): Value {
    return ids;
  }

  withoutPadding(x: Value): Value {
    const { g, items } = this;
    return mul(g, x, g.constant(new Float32Array(items + 1).fill(1, 1), [items + 1, 1]));
  }

  count(): number {
    return 0;
  }

  take(ids: Value, places: Value): Value {
    return gather(this.g, ids, places);
  }

  equals(ids: Value, id: number): Value {
    const equal = this.g.apply("Equal", [ids, this.g.whole(id)]);
    return reshape(this.g, this.g.apply("Cast", [equal], { to: TYPES.float }), -1, 1);
  }

  positions({ length, ids }: InGraph): Value {
    const { g } = this, inTime = g.apply("Shape", [reshape(g, ids, length, -1)]);
    return reshape(g, g.apply("Expand", [reshape(g, g.range(length), length, 1), inTime]), -1);
  }

  upTo({ length, ids }: InGraph & { at: Value }, count: number) {
    const places = this.newest(ids, length, count), own = this.take(ids, places);
    return { places, ids: own, last: this.newest(own, count, 1) };
  }

  /** The places of the newest `count` of the positions of sequences, [count · B]. @param ids [length · B] */
  newest(ids: Value, length: number, count: number): Value {
    const { g } = this, scalar = (n: number) => g.constant(BigInt64Array.of(BigInt(n)), [], `scalar.${n}`);
    const all = g.apply("Range", [scalar(0), g.apply("Size", [ids]), scalar(1)]);
    return reshape(g, newest(g, reshape(g, all, length, -1), count, 0), -1);
  }

  /** All items, so that each id is the place of its item. */
  distinct(ids: Value) {
    return { items: this.g.range(this.items + 1), places: ids };
  }
}

/** A pass in a graph. Tables are whole: rows are numbered by their ids. */
export class GraphPass implements Pass {
  constructor(readonly ops: GraphOps) {}

  weight({ name }: Pick<Parameter, "name">): Value {
    return this.ops.g.weight(name);
  }

  weights<P extends Record<string, Parameter>>(parameters: P): ValuesOf<P> {
    const values = Object.entries(parameters).map(([part, parameter]) => [part, this.weight(parameter)]);
    return Object.fromEntries(values);
  }

  table(parameter: Pick<Parameter, "name">): Value {
    return this.weight(parameter);
  }

  rows(parameter: Pick<Parameter, "name">, ids: Value): Value {
    return gather(this.ops.g, this.weight(parameter), ids);
  }

  dropout(x: Value): Value {
    return x;
  }
}
