/**
 * Candidate lengths of the search in one pass: side by side, where each is the network that it would be alone, or mixed by softmax(α). They
 * share everything but their short-term modules; the long-term module, which is most of the work, is computed once.
 *
 * Source: AutoMLP (WWW 2023): x^s_T = Σ_m softmax(α)_m · x^{s,k_m}_T.
 *
 * In a mixture each candidate's output is normalised first, without gain and bias: otherwise a module could compensate for a small weight
 * with large outputs, and α would mean nothing. DARTS does the same to its candidates ("no learnable affine parameters … to avoid rescaling
 * the outputs of the candidate operations", ICLR 2019, appendix A.1).
 *
 * @module
 */
import type { Tensor2D, Tensor3D } from "../../backend/tensor.ts";
import { MIXER_EPSILON } from "../../ops/ops.ts";
import type { TensorValue } from "../../ops/tape.ts";
import { newestPositions, widened } from "../../ops/tensor_ops.ts";
import type { TensorBatch } from "../../train/network.ts";
import type { TensorPass } from "../../train/pass.ts";
import type { AutomlpNetwork } from "./network.ts";

/** A range of targets of a batch; `to` is excluded. */
export type BatchWindow = readonly [from: number, to: number];

/** Some candidates, each the network that it would be alone. */
export interface SeparateCandidates {
  /** Their places, ascending. */
  candidates: readonly number[];
  /** The targets of the batch that each of them takes. Default: all. */
  windows?: readonly BatchWindow[];
  /** Whether their outputs are normalised, as in a mixture. */
  normalized?: boolean;
}

/** The candidates of a pass: some side by side, or all mixed by softmax(α), [1, candidates]. */
export type Mixture = SeparateCandidates | { shares: TensorValue<Tensor2D> };

/** A network of one candidate, which is what is trained and what recommends. */
export const ALONE: SeparateCandidates = { candidates: [0] };

/** Number of candidates that learn from a target, on average. */
export const LEARNERS = 5;

/**
 * Returns a window of the batch for each candidate. All are equally wide and evenly spread over the batch, so wide that {@link LEARNERS}
 * candidates learn from a target and a step costs about the same for any number of candidates. Batches are drawn at random, so no window
 * differs in kind from another.
 *
 * @param candidates Number of candidates.
 * @param batch Number of targets in the batch.
 */
export function windowsOf(candidates: number, batch: number): BatchWindow[] {
  const width = Math.min(batch, Math.ceil(batch * LEARNERS / candidates)), room = batch - width;
  return Array.from({ length: candidates }, (_, i) => {
    const from = candidates === 1 ? 0 : Math.round(i * room / (candidates - 1));
    return [from, from + width];
  });
}

/**
 * Returns the representations of the targets: one for a mixture, otherwise one for each candidate, [B, D] or those of its window.
 *
 * @param items The result of {@link AutomlpNetwork.items}.
 */
export function encodeCandidates(
  network: AutomlpNetwork,
  pass: TensorPass,
  batch: TensorBatch,
  items: TensorValue<Tensor2D>,
  mixture: Mixture,
): TensorValue<Tensor2D>[] {
  const { ops } = pass, embedded = network.embed(pass, batch, items);
  const newest = embedded.newest as TensorValue<Tensor3D>;
  const long = network.longTerm(pass, batch, embedded.whole) as TensorValue<Tensor2D> | undefined;
  const joint = (short: TensorValue<Tensor2D>, long?: TensorValue<Tensor2D>) =>
    network.joint(pass, short, long) as TensorValue<Tensor2D>;
  const outputOf = (place: number, x = newest) =>
    network.short[place].apply(pass, x) as TensorValue<Tensor2D>;
  // The longest first: gradients then run from the shortest to the longest, and each covers the positions of the previous ones.
  const fromLongest = <P, R>(places: readonly P[], make: (place: P, i: number) => R): R[] =>
    places.map((place, i) => [place, i] as const).reverse().map(([place, i]) => make(place, i)).reverse();
  if ("shares" in mixture) {
    const outputs = fromLongest(network.short, (_, place) => outputOf(place));
    const [size, dim] = outputs[0].shape;
    const rows = outputs.map((y) => ops.reshape<Tensor2D>(ops.normalize(y, MIXER_EPSILON), [1, size * dim]));
    const all = ops.reshape<Tensor2D>(ops.concat(rows), [outputs.length, size * dim]);
    return [joint(ops.reshape(ops.matMul(mixture.shares, all), [size, dim]), long)];
  }
  const { candidates, windows, normalized } = mixture;
  return fromLongest(candidates, (place, i) => {
    const window = windows?.[i], [, size] = newest.shape, { length } = network.short[place];
    const whole = !window || window[1] - window[0] === size;
    const y = outputOf(place, whole ? newest : sequencesOf(pass, newest, length, window));
    const short = normalized ? ops.normalize(y, MIXER_EPSILON) : y;
    return joint(short, whole || !long ? long : rowsOf(pass, long, window));
  });
}

/** The newest positions of some sequences, [n, to − from, D]. @param x [T, B, D] */
function sequencesOf(
  { engine: { tf, kernels }, ops }: TensorPass,
  x: TensorValue<Tensor3D>,
  n: number,
  [from, to]: BatchWindow,
): TensorValue<Tensor3D> {
  const [, size, dim] = x.shape;
  const part = tf.slice(newestPositions(tf, x.tensor, n), [0, from, 0], [n, to - from, dim]) as Tensor3D;
  return ops.record(part, [x], (dy, before) => {
    const whole = tf.pad(dy, [[0, 0], [from, size - to], [0, 0]]) as Tensor3D;
    return [before ? kernels.sum([whole, widened(tf, before as Tensor3D, n)]) : whole];
  }, true);
}

/** Some rows, [to − from, D]. @param y [B, D] */
function rowsOf(
  { engine: { tf }, ops }: TensorPass,
  y: TensorValue<Tensor2D>,
  [from, to]: BatchWindow,
): TensorValue<Tensor2D> {
  const [size, dim] = y.shape;
  return ops.record(
    tf.slice(y.tensor, [from, 0], [to - from, dim]) as Tensor2D,
    [y],
    (dy) => [tf.pad(dy, [[from, size - to], [0, 0]])],
  );
}
