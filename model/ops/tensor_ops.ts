/**
 * Operations on tensors, each with its gradient. With a tape they are recorded; without one they only compute.
 *
 * @module
 */
import type { ItemFeature } from "../../pipeline/contract/dataset/item_features.ts";
import type { Activation } from "../backend/feed_forward.ts";
import type { ChannelMixerWeights, SequenceMixerWeights } from "../backend/mixers.ts";
import type { Tensor, Tensor1D, Tensor2D, Tensor3D, Tf } from "../backend/tensor.ts";
import type { Engine } from "../backend/types.ts";
import { featureLookUp, featureValues } from "./feature_look_up.ts";
import { type Cell, EPSILON, MIXER_EPSILON, type Ops, type Pooling } from "./ops.ts";
import { type Backward, type Tape, TensorValue } from "./tape.ts";

/** Weights of an operation, as tensors. */
type Values<W> = { [K in keyof W]: TensorValue<W[K] extends Tensor ? W[K] : never> };
type Places = { length: number; ids: Int32Array };
type Named = Record<string, Tensor>;

/** The tensors of values. */
const tensorsOf = <W extends Named>(values: Values<W>): W =>
  Object.fromEntries(Object.entries<TensorValue>(values).map(([name, { tensor }]) => [name, tensor])) as W;

/** Prevents a division by zero for the length of a zero vector. */
export const TINY = 1e-12;

/** The newest n positions of sequences [T, B, D]. */
export const newestPositions = (tf: Tf, x: Tensor3D, n: number): Tensor3D =>
  x.shape[0] === n ? x : tf.slice(x, [x.shape[0] - n, 0, 0], [n]);

/** Widens a gradient of the newest positions to n of them, with zeros for the older ones. */
export function widened(tf: Tf, gradient: Tensor3D, n: number): Tensor3D {
  const [m, batch, dim] = gradient.shape;
  return m === n ? gradient : tf.concat([tf.zeros([n - m, batch, dim]), gradient], 0) as Tensor3D;
}

/** The padding and some ids: the same array for the same ids, as a loss over all items has them in every step. */
const paddedIds = new WeakMap<Int32Array | Uint32Array, Int32Array>();

/** The operations. They all run within the `tf.tidy` of the pass that they belong to. */
export class TensorOps implements Ops {
  constructor(readonly engine: Engine, readonly tape?: Tape) {}

  /** Returns a value without gradient. */
  constant<T extends Tensor>(tensor: T): TensorValue<T> {
    return new TensorValue(tensor);
  }

  /** Records the output of an operation, given its gradient function. */
  record<T extends Tensor>(
    tensor: T,
    inputs: readonly TensorValue[],
    backward: Backward<T>,
    joins = false,
  ): TensorValue<T> {
    return this.tape ? this.tape.record(tensor, inputs, backward, joins) : new TensorValue(tensor);
  }

  matMul(
    a: TensorValue<Tensor2D>,
    b: TensorValue<Tensor2D>,
    transposeA = false,
    transposeB = false,
  ): TensorValue<Tensor2D> {
    const { kernels } = this.engine;
    const ofA = (dy: Tensor2D) =>
      transposeA
        ? kernels.matMul(b.tensor, dy, transposeB, true)
        : kernels.matMul(dy, b.tensor, false, !transposeB);
    const ofB = (dy: Tensor2D) =>
      transposeB ? kernels.matMul(dy, a.tensor, true, transposeA) : kernels.matMul(a.tensor, dy, !transposeA);
    const y = kernels.matMul(a.tensor, b.tensor, transposeA, transposeB);
    return this.record(y, [a, b], (dy) => [a.traced ? ofA(dy) : undefined, b.traced ? ofB(dy) : undefined]);
  }

  dense(x: TensorValue<Tensor2D>, { w, b }: Values<{ w: Tensor2D; b: Tensor1D }>): TensorValue<Tensor2D> {
    return this.addBias(this.matMul(x, w, false, true), b);
  }

  addBias(x: TensorValue<Tensor2D>, b: TensorValue<Tensor1D>): TensorValue<Tensor2D> {
    const { kernels } = this.engine;
    const y = kernels.biasAdd(x.tensor, b.tensor, "last");
    return this.record(y, [x, b], (dy) => [dy, b.traced ? kernels.biasGrad(dy, "last") : undefined]);
  }

  columns(x: TensorValue<Tensor2D>, from: number, count: number): TensorValue<Tensor2D> {
    const { tf } = this.engine;
    const [rows, all] = x.shape;
    return this.record(
      tf.slice(x.tensor, [0, from], [rows, count]) as Tensor2D,
      [x],
      (dy) => [tf.pad(dy, [[0, 0], [from, all - from - count]])],
    );
  }

  feedForward(
    x: TensorValue<Tensor2D>,
    values: Values<{ w1: Tensor2D; b1: Tensor1D; w2: Tensor2D; b2: Tensor1D }>,
    activation: Activation,
  ): TensorValue<Tensor2D> {
    const { kernels } = this.engine;
    const { w1, b1, w2, b2 } = values;
    const weights = tensorsOf(values);
    return this.record(kernels.feedForward(x.tensor, weights, activation), [x, w1, b1, w2, b2], (dy) => {
      const d = kernels.feedForwardGrad(dy, x.tensor, weights, activation);
      return [d.dx, d.w1, d.b1, d.w2, d.b2];
    });
  }

  add<T extends Tensor>(a: TensorValue<T>, b: TensorValue<T>): TensorValue<T> {
    return this.record(this.engine.kernels.sum([a.tensor, b.tensor]), [a, b], (dy) => [dy, dy]);
  }

  scale<T extends Tensor>(x: TensorValue<T>, factor: number): TensorValue<T> {
    const { tf } = this.engine;
    return this.record(tf.mul(x.tensor, factor) as T, [x], (dy) => [tf.mul(dy, factor)]);
  }

  layerNorm<T extends Tensor>(
    x: TensorValue<T>,
    values: Values<{ gain: Tensor1D; bias: Tensor1D }>,
  ): TensorValue<T> {
    const { kernels } = this.engine;
    const { gain, bias } = values;
    const weights = tensorsOf(values);
    return this.record(kernels.affineLayerNorm(x.tensor, weights, EPSILON), [x, gain, bias], (dy) => {
      const d = kernels.affineLayerNormGrad(dy, x.tensor, weights, EPSILON);
      return [d.dx, d.gain, d.bias];
    });
  }

  normalize<T extends Tensor>(x: TensorValue<T>, epsilon: number): TensorValue<T> {
    const { kernels } = this.engine;
    const { y, scale } = kernels.layerNorm(x.tensor, epsilon);
    return this.record(y, [x], (dy) => [kernels.layerNormGrad(dy, y, scale)]);
  }

  toLength(x: TensorValue<Tensor2D>, length: number): TensorValue<Tensor2D> {
    const { tf } = this.engine;
    const factor = tf.mul(tf.rsqrt(tf.add(tf.sum(tf.square(x.tensor), 1, true), TINY)), length);
    const y = tf.mul(x.tensor, factor) as Tensor2D;
    // dx = factor · (dy − ŷ(ŷ·dy)), ŷ the unit vector: components that would change the length do not count.
    return this.record(y, [x], (dy) => {
      const along = tf.mul(y, tf.mul(tf.sum(tf.mul(dy, y), 1, true), 1 / length ** 2));
      return [tf.mul(tf.sub(dy, along), factor)];
    });
  }

  relu<T extends Tensor>(x: TensorValue<T>): TensorValue<T> {
    const { tf, kernels } = this.engine;
    return this.record(tf.relu(x.tensor) as T, [x], (dy) => [kernels.reluGrad(dy, x.tensor)]);
  }

  gelu<T extends Tensor>(x: TensorValue<T>): TensorValue<T> {
    const { tf } = this.engine;
    const phi = tf.mul(tf.add(tf.erf(tf.mul(x.tensor, Math.SQRT1_2)), 1), 0.5);
    return this.record(tf.mul(x.tensor, phi) as T, [x], (dy) => {
      const density = tf.mul(tf.exp(tf.mul(tf.square(x.tensor), -0.5)), 1 / Math.sqrt(2 * Math.PI));
      return [tf.mul(dy, tf.add(phi, tf.mul(x.tensor, density)))];
    });
  }

  /** Sets elements to zero at random; see the engine's kernel. */
  dropout<T extends Tensor>(x: TensorValue<T>, rate: number, seed: number): TensorValue<T> {
    if (rate === 0) return x;
    const { kernels } = this.engine;
    return this.record(kernels.dropout(x.tensor, rate, seed), [x], (dy) => [kernels.dropout(dy, rate, seed)]);
  }

  gather(table: TensorValue<Tensor2D>, rows: Int32Array): TensorValue<Tensor2D> {
    const { kernels, tf } = this.engine;
    const ids = tf.tensor1d(rows, "int32");
    return this.record(
      kernels.gatherRows(table.tensor, ids) as Tensor2D,
      [table],
      (dy) => [kernels.segmentSum(dy, ids, table.shape[0])],
    );
  }

  reshape<T extends Tensor>(x: TensorValue, shape: number[]): TensorValue<T> {
    const { tf } = this.engine;
    return this.record(tf.reshape(x.tensor, shape) as T, [x], (dy) => [tf.reshape(dy, x.shape)]);
  }

  /** Its gradient may cover only the newest positions. */
  sequences(x: TensorValue<Tensor2D>, length: number): TensorValue<Tensor3D> {
    const { tf } = this.engine;
    const [rows, dim] = x.shape;
    return this.record(
      tf.reshape(x.tensor, [length, rows / length, dim]) as Tensor3D,
      [x],
      (dy) => [tf.reshape(widened(tf, dy, length), [rows, dim])],
    );
  }

  concat(values: readonly TensorValue<Tensor2D>[]): TensorValue<Tensor2D> {
    const { tf } = this.engine;
    const sizes = values.map(({ shape }) => shape[1]);
    return this.record(
      tf.concat(values.map(({ tensor }) => tensor), 1) as Tensor2D,
      values,
      (dy) => tf.split(dy, sizes, 1),
    );
  }

  blend(
    values: readonly TensorValue<Tensor2D>[],
    scores: readonly TensorValue<Tensor2D>[],
  ): TensorValue<Tensor2D> {
    const { tf, kernels } = this.engine;
    const stacked = tf.stack(scores.map(({ tensor }) => tensor), 2);
    const shares = tf.unstack(tf.softmax(stacked), 2) as Tensor2D[];
    const y = kernels.sum(values.map(({ tensor }, k) => tf.mul(shares[k], tensor) as Tensor2D));
    return this.record(y, [...values, ...scores], (dy) => {
      const own = shares.map((share) => tf.mul(share, dy));
      // ∂y/∂s_k = a_k ⊙ (v_k − y)
      return [...own, ...own.map((of, k) => tf.mul(of, tf.sub(values[k].tensor, y)))];
    });
  }

  attention(
    queries: TensorValue<Tensor2D>,
    x: TensorValue<Tensor2D>,
    values: Values<{ wq: Tensor2D; wk: Tensor2D; wv: Tensor2D }>,
    { dim, heads, causal, length, ids }: Places & { dim: number; heads: number; causal: boolean },
  ): TensorValue<Tensor2D> {
    const { tf, kernels } = this.engine;
    const { wq, wk, wv } = values;
    const inTime = (y: Tensor2D) => tf.reshape(y, [length, -1, dim]) as Tensor3D;
    const flat = (y: Tensor3D) => tf.reshape(y, [-1, dim]) as Tensor2D;
    const from = inTime(x.tensor), asking = queries === x ? from : inTime(queries.tensor);
    const weights = tensorsOf(values), settings = { heads, causal, ids: this.#inTime({ length, ids }) };
    const y = flat(kernels.attention(asking, from, weights, settings));
    return this.record(y, [queries, x, wq, wk, wv], (dy) => {
      const d = kernels.attentionGrad(inTime(dy), asking, from, weights, settings);
      return [d.dQueries && flat(d.dQueries), flat(d.dx), d.wq, d.wk, d.wv];
    });
  }

  convolution(
    x: TensorValue<Tensor3D>,
    values: Values<{ w: Tensor3D; b: Tensor1D }>,
    { dilation, ...places }: Places & { taps: number; dilation: number },
  ): TensorValue<Tensor3D> {
    const { kernels } = this.engine;
    const { w, b } = values;
    const weights = tensorsOf(values), padding = this.#inTime(places);
    return this.record(kernels.convolution(x.tensor, weights, dilation, padding), [x, w, b], (dy) => {
      const d = kernels.convolutionGrad(dy, x.tensor, weights, dilation, padding);
      return [d.dx, d.w, d.b];
    });
  }

  recurrent(
    cell: Cell,
    x: TensorValue<Tensor3D>,
    values: Values<{ wx: Tensor2D; wh: Tensor2D; bx: Tensor1D; bh: Tensor1D }>,
    places: Places & { hidden: number },
  ): TensorValue<Tensor3D> {
    const { kernels } = this.engine;
    const { wx, wh, bx, bh } = values;
    const weights = tensorsOf(values), padding = this.#inTime(places);
    const recurred = kernels[cell](x.tensor, weights, padding);
    const gradient = cell === "gru" ? kernels.gruGrad : kernels.lstmGrad;
    return this.record(recurred.y, [x, wx, wh, bx, bh], (dy) => {
      const d = gradient(dy, x.tensor, weights, recurred, padding);
      return [d.dx, d.wx, d.wh, d.bx, d.bh];
    });
  }

  sequenceMixer(x: TensorValue<Tensor3D>, values: Values<SequenceMixerWeights>): TensorValue<Tensor3D> {
    const { kernels } = this.engine;
    const { gain, bias, w1, b1, w2, b2 } = values;
    const weights = tensorsOf<SequenceMixerWeights & Named>(values);
    const { y, kept } = kernels.sequenceMixer(x.tensor, weights, MIXER_EPSILON);
    return this.record(y, [x, gain, bias, w1, b1, w2, b2], (dy, before) => {
      const add = before as Tensor3D | undefined;
      const d = kernels.sequenceMixerGrad(dy, x.tensor, weights, kept, MIXER_EPSILON, add);
      return [d.dx, d.gain, d.bias, d.w1, d.b1, d.w2, d.b2];
    }, true);
  }

  channelMixer(x: TensorValue<Tensor3D>, values: Values<ChannelMixerWeights>): TensorValue<Tensor3D> {
    const { kernels } = this.engine;
    const { w3, b3, w4, b4 } = values;
    const weights = tensorsOf<ChannelMixerWeights & Named>(values);
    const { y, kept } = kernels.channelMixer(x.tensor, weights, MIXER_EPSILON);
    return this.record(y, [x, w3, b3, w4, b4], (dy) => {
      const d = kernels.channelMixerGrad(dy, x.tensor, weights, kept, MIXER_EPSILON);
      return [d.dx, d.w3, d.b3, d.w4, d.b4];
    });
  }

  featureVectors(
    table: TensorValue<Tensor2D>,
    feature: ItemFeature,
    items: Int32Array,
    pooling: Pooling,
  ): TensorValue<Tensor2D> {
    const counts = { items: items.length, rows: table.shape[0] };
    const lookUp = featureLookUp(this.engine, featureValues(feature, items, pooling), counts);
    return this.record(lookUp.vectors(table.tensor), [table], (dy) => [lookUp.gradient(dy)]);
  }

  padded(ids: Int32Array | Uint32Array): Int32Array {
    let all = paddedIds.get(ids);
    if (!all) {
      all = new Int32Array(ids.length + 1);
      all.set(ids, 1);
      paddedIds.set(ids, all);
    }
    return all;
  }

  withoutPadding(x: TensorValue<Tensor2D>): TensorValue<Tensor2D> {
    const { tf } = this.engine;
    const [rows, dim] = x.shape;
    const zeroed = (y: Tensor2D) =>
      tf.concat([tf.zeros([1, dim]), tf.slice(y, [1, 0], [rows - 1, dim])], 0) as Tensor2D;
    return this.record(zeroed(x.tensor), [x], (dy) => [zeroed(dy)]);
  }

  count(ids: Int32Array | Uint32Array): number {
    return ids.length;
  }

  take(ids: Int32Array, places: Int32Array): Int32Array {
    return places.map((place) => ids[place]);
  }

  equals(ids: Int32Array, id: number): TensorValue<Tensor2D> {
    const there = Float32Array.from(ids, (other) => Number(other === id));
    return this.constant(this.engine.tf.tensor2d(there, [ids.length, 1]));
  }

  positions({ length, ids }: Places): Int32Array {
    const size = ids.length / length;
    return Int32Array.from(ids, (_, place) => Math.floor(place / size));
  }

  upTo({ length, ids, at }: Places & { at: Int32Array }, count: number) {
    const size = ids.length / length, n = at.length;
    const places = new Int32Array(count * n), seen = new Int32Array(count * n);
    for (let back = 0, i = places.length - n; back < count; back++, i -= n) {
      for (let j = 0; j < n; j++) {
        const place = at[j] - back * size;
        if (place < 0) continue;
        places[i + j] = place;
        seen[i + j] = ids[place];
      }
    }
    return { places, ids: seen, last: Int32Array.from(at, (_, i) => (count - 1) * n + i) };
  }

  distinct(ids: Int32Array) {
    const items = Int32Array.from(new Set(ids));
    const placeOf = new Map(Array.from(items, (id, i) => [id, i]));
    return { items, places: ids.map((id) => placeOf.get(id)!) };
  }

  /** Ids as [T, B]. */
  #inTime({ length, ids }: Places): Tensor2D {
    return this.engine.tf.tensor2d(ids, [length, ids.length / length], "int32");
  }
}
