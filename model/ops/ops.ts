/**
 * The operations that networks are written in. There are three interpreters: tensors with a tape, which training differentiates, and without
 * one, for scoring (`tensor_ops.ts`); and the nodes of an ONNX graph (`model/onnx/graph_ops.ts`). A network is written once for all of them.
 *
 * @module
 */
import type { ItemFeature } from "../../pipeline/contract/dataset/item_features.ts";
import type { Activation } from "../backend/feed_forward.ts";
import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from "../backend/tensor.ts";

/** A value within a computation: a tensor, or a node of a graph. Only the operations know which. */
export interface Value<T extends Tensor = Tensor> {
  /** The tensor's rank, for the compiler alone. */
  readonly kind?: T;
}

/** Whole numbers: items' ids, places, rows. Only the operations know whether they are numbers already, or nodes of a graph. */
export type Ids = Int32Array | Uint32Array | Value;

/** Number that LayerNorm adds to the variance. */
export const EPSILON = 1e-8;
/** The same in AutoMLP's layers. */
export const MIXER_EPSILON = 1e-5;

/** The kinds of cells, with their number of gates. */
export const GATES = { gru: 3, lstm: 4 };
export type Cell = keyof typeof GATES;

/** Gain and bias of a LayerNorm, [D] each. */
export type NormValues = { gain: Value<Tensor1D>; bias: Value<Tensor1D> };
/** A fully connected layer: w [outputs, inputs], b [outputs]. */
export type DenseValues = { w: Value<Tensor2D>; b: Value<Tensor1D> };
/** A feed-forward block: w1 [H, D], b1 [H], w2 [E, H], b2 [E]. */
export type FeedForwardValues = Record<"w1" | "w2", Value<Tensor2D>> & Record<"b1" | "b2", Value<Tensor1D>>;
/** An attention's matrices, [D, D] each. */
export type AttentionValues = Record<"wq" | "wk" | "wv", Value<Tensor2D>>;
/** A convolution: w [taps, D, E], b [E]. */
export type ConvolutionValues = { w: Value<Tensor3D>; b: Value<Tensor1D> };
/** A recurrent layer, with its gates' rows one after the other: wx [G · H, D], wh [G · H, H], bx and bh [G · H]. */
export type RecurrentValues = Record<"wx" | "wh", Value<Tensor2D>> & Record<"bx" | "bh", Value<Tensor1D>>;

/** A sequence mixer: gain and bias [D], w1 [R, n], b1 [R], w2 [m, R], b2 [m]. */
export type SequenceMixerValues =
  & Record<"w1" | "w2", Value<Tensor2D>>
  & Record<"gain" | "bias" | "b1" | "b2", Value<Tensor1D>>;
/** A channel mixer: w3 [R, D], b3 [R], w4 [D, R], b4 [D]. */
export type ChannelMixerValues = Record<"w3" | "w4", Value<Tensor2D>> & Record<"b3" | "b4", Value<Tensor1D>>;

/** How several values of a feature enter: their vectors are averaged, or each adds its own. */
export type Pooling = "mean" | "sum";

/** The sequences that rows belong to. */
export interface Places {
  /** Length of a sequence, T. */
  length: number;
  /** [T × B], time-major: 0 is padding. */
  ids: Ids;
}

/** The operations. */
export interface Ops {
  /** Multiplies two matrices, each transposed first if asked. */
  matMul(a: Value<Tensor2D>, b: Value<Tensor2D>, transposeA?: boolean, transposeB?: boolean): Value<Tensor2D>;
  /** A fully connected layer of each row: x Wᵀ + b. */
  dense(x: Value<Tensor2D>, weights: DenseValues): Value<Tensor2D>;
  /** w2 g(w1 x + b1) + b2 of each row. */
  feedForward(x: Value<Tensor2D>, weights: FeedForwardValues, activation: Activation): Value<Tensor2D>;
  /** Adds a bias, [D], to each row. */
  addBias(x: Value<Tensor2D>, bias: Value<Tensor1D>): Value<Tensor2D>;
  /** Some columns of a matrix. */
  columns(x: Value<Tensor2D>, from: number, count: number): Value<Tensor2D>;
  /** Adds two values of the same shape. */
  add<T extends Tensor>(a: Value<T>, b: Value<T>): Value<T>;
  /** Multiplies a value by a number. */
  scale<T extends Tensor>(x: Value<T>, factor: number): Value<T>;
  /** LayerNorm over the last axis, with gain and bias. */
  layerNorm<T extends Tensor>(x: Value<T>, weights: NormValues): Value<T>;
  /** LayerNorm over the last axis without gain and bias, which a following dense layer would absorb. */
  normalize<T extends Tensor>(x: Value<T>, epsilon: number): Value<T>;
  /** Scales each row to a Euclidean length; a row of zeros stays zero. */
  toLength(x: Value<Tensor2D>, length: number): Value<Tensor2D>;
  /** max(x, 0) */
  relu<T extends Tensor>(x: Value<T>): Value<T>;
  /** x·Φ(x) (Hendrycks and Gimpel 2016). */
  gelu<T extends Tensor>(x: Value<T>): Value<T>;
  /** Gathers rows of a table [V, D] by their numbers, [n, D]. */
  gather(table: Value<Tensor2D>, rows: Ids): Value<Tensor2D>;
  /** Reshapes a value; −1 stands for what is left. */
  reshape<T extends Tensor>(x: Value, shape: number[]): Value<T>;
  /** Rows [T · B, D] as sequences, [T, B, D]. */
  sequences(x: Value<Tensor2D>, length: number): Value<Tensor3D>;
  /** Concatenates values along the last axis. */
  concat(values: readonly Value<Tensor2D>[]): Value<Tensor2D>;
  /**
   * A weighted mean of several values: Σ a_k ⊙ v_k, a = softmax over k of the scores, element by element.
   *
   * @param values v_k, [n, D] each.
   * @param scores One for each value, [n, D] each.
   */
  blend(values: readonly Value<Tensor2D>[], scores: readonly Value<Tensor2D>[]): Value<Tensor2D>;
  /**
   * Multi-head self-attention over time: softmax(q kᵀ / √(D / heads)) v for each head, q = queries Wqᵀ, k = x Wkᵀ, v = x Wvᵀ
   * (Vaswani et al., "Attention is all you need", NeurIPS 2017, equation 1). Padding sees nothing and is not seen.
   *
   * @param queries [T · B, D]
   * @param x [T · B, D]; may be the same value as `queries`.
   * @param options `causal`: whether a position sees only itself and earlier ones.
   * @returns [T · B, D], the heads side by side.
   */
  attention(
    queries: Value<Tensor2D>,
    x: Value<Tensor2D>,
    weights: AttentionValues,
    options: Places & { dim: number; heads: number; causal: boolean },
  ): Value<Tensor2D>;
  /**
   * Dilated causal convolution over time: y[t] = b + Σ w[taps − 1 − i] x[t − i · dilation]; the newest tap is the last.
   *
   * @param x [T, B, D]
   * @param options `taps`: number of positions that are covered, as in `weights`. Where ids are 0, x counts as zero and y is zero.
   * @returns [T, B, E]
   */
  convolution(
    x: Value<Tensor3D>,
    weights: ConvolutionValues,
    options: Places & { taps: number; dilation: number },
  ): Value<Tensor3D>;
  /**
   * The state after each position, starting from zeros, as PyTorch's `nn.GRU` and `nn.LSTM` compute it. Padding leaves it unchanged.
   *
   * @param x [T, B, D]
   * @param options `hidden`: size of the state, H.
   * @returns [T, B, H]
   */
  recurrent(
    cell: Cell,
    x: Value<Tensor3D>,
    weights: RecurrentValues,
    options: Places & { hidden: number },
  ): Value<Tensor3D>;
  /**
   * x + W² g(W¹ LayerNorm(x) + b¹) + b² along the positions, g being GELU.
   *
   * @param x [T, B, D]; the newest `length` positions are mixed. Mixers of the same x must be applied to the most positions first.
   * @param options `outputs`: number of newest positions that are computed, m.
   * @returns [m, B, D]
   */
  sequenceMixer(
    x: Value<Tensor3D>,
    weights: SequenceMixerValues,
    options: { length: number; outputs: number },
  ): Value<Tensor3D>;
  /** x + W⁴ g(W³ LayerNorm(x) + b³) + b⁴ along the channels, for x [n, B, D]; this LayerNorm has no gain and bias. */
  channelMixer(x: Value<Tensor3D>, weights: ChannelMixerValues): Value<Tensor3D>;
  /**
   * The vectors of a feature of some items.
   *
   * @param table Vectors of the feature's values, [values + 1, D]; of a number, [1, D].
   * @param items [n]; 0, the padding, has no value.
   * @returns [n, D]
   */
  featureVectors(
    table: Value<Tensor2D>,
    feature: ItemFeature,
    items: Ids,
    pooling: Pooling,
  ): Value<Tensor2D>;
  /** The padding, 0, and some ids. */
  padded(ids: Ids): Ids;
  /** Sets row 0, the padding's, to zero. */
  withoutPadding(x: Value<Tensor2D>): Value<Tensor2D>;
  /** Number of ids; 0 if it is not known. */
  count(ids: Ids): number;

  /** Some of several ids. @param places [n] */
  take(ids: Ids, places: Ids): Ids;
  /** 1 where ids are `id`, 0 elsewhere, [n, 1]. */
  equals(ids: Ids, id: number): Value<Tensor2D>;
  /** The position in its sequence of each row, 0 … T − 1, [T · B]. */
  positions(places: Places): Ids;
  /**
   * The `count` positions up to each one asked for.
   *
   * @param at [n]
   * @returns Places and the ids there, [count · n], time-major, 0 before the first position; and the last of each among them, [n].
   */
  upTo(places: Places & { at: Ids }, count: number): { places: Ids; ids: Ids; last: Ids };
  /**
   * The items among ids, so that something is computed once for each.
   *
   * @returns The items, and for each id the place of its item.
   */
  distinct(ids: Ids): { items: Ids; places: Ids };
}
