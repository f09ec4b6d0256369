/**
 * The interface of a network for training, scoring and export: vectors of histories and vectors of items, whose dot products are the scores,
 * with an optional bias for each item.
 *
 * @module
 */
import type { Tensor1D, Tensor2D } from "../backend/tensor.ts";
import type { Layer } from "../layers/parameters.ts";
import type { Pass } from "../layers/pass.ts";
import type { Ids, Places, Value } from "../ops/ops.ts";

/** Histories, padded to one length T, newest last. A hidden item (Cloze) has the id `items + 1`. */
export interface Batch extends Places {
  /** For each id its row among the items' vectors that {@link Network.encode} is given, [T × B]; 0 for padding and hidden items. */
  rows: Ids;
  /** The places t·B + b whose next item is asked for, [n]. */
  at: Ids;
  /** The user at each of these places, [n], from 1; 0 for one never seen. */
  users: Ids;
  /** What belongs to each target by itself, if several share a history; then `at` and `users` are left empty. */
  recent?: Recent;
}

/** The newest items before each target of a batch whose targets share histories. */
export interface Recent {
  /** Number of these items, K. */
  length: number;
  /** Their rows among the items' vectors, [K × n], in the form of {@link Batch.rows}. */
  rows: Ids;
  /** The number of each target's history, from 0, [n]. */
  historyOf: Ids;
}

/** A batch on an engine. */
export interface TensorBatch extends Batch {
  ids: Int32Array;
  rows: Int32Array;
  at: Int32Array;
  users: Int32Array;
  recent?: Recent & { rows: Int32Array; historyOf: Int32Array };
}

/** The newest place of each of `size` histories, [B]. */
export const newest = (size: number, length: number): Int32Array =>
  Int32Array.from({ length: size }, (_, b) => (length - 1) * size + b);

/** A part of a network that has its own places for each place that is asked for. */
export interface PlaceWindow {
  /** The prefix of its parameters' names. */
  prefix: string;
  places: number;
}

/** A network, written once for training, scoring and export. */
export interface Network extends Layer {
  /** The part that processes only the newest places up to each one that is asked for, if there is one. */
  readonly window?: PlaceWindow;
  /**
   * Returns the vectors of some items.
   *
   * @param ids Item ids, [n], from 1, without duplicates.
   * @returns Vectors, [n + 1, E]; row 0 is the padding's, and zero.
   */
  items(pass: Pass, ids: Ids): Value<Tensor2D>;
  /**
   * Returns the values added to the scores of some items, if there are any.
   *
   * @param ids Item ids, [n], from 1, without duplicates.
   * @returns Biases, [n + 1]; the first is the padding's.
   */
  biases?(pass: Pass, ids: Ids): Value<Tensor1D> | undefined;
  /**
   * Maps vectors of items, or of histories, to those whose dot products are the scores. Default: they are the same.
   *
   * @param vectors What {@link Network.items} or {@link Network.encode} returned.
   */
  compared?(pass: Pass, vectors: Value<Tensor2D>): Value<Tensor2D>;
  /**
   * Returns the vectors of histories at the places asked for.
   *
   * @param items The result of {@link Network.items} for the items of the batch.
   * @returns [n, E]
   */
  encode(pass: Pass, batch: Batch, items: Value<Tensor2D>): Value<Tensor2D>;
}
