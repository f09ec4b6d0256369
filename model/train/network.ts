/**
 * The interface of a network for training and scoring: vectors of histories and vectors of items, whose dot products
 * are the scores, with an optional bias for each item.
 *
 * @module
 */
import type { Tensor1D, Tensor2D } from "../backend/tensor.ts";
import type { ParameterSpec } from "../layers/parameters.ts";
import type { Value } from "../ops/tape.ts";
import type { Pass } from "./pass.ts";

/** Histories, padded to one length. */
export interface Batch {
  /** Number of histories, B. */
  size: number;
  /** Their length, T. */
  length: number;
  /** Item ids, [T × B], time-major, newest last, 0 for padding in front. A hidden item (Cloze) is `items + 1`. */
  ids: Int32Array;
  /** For each id its row among the items' vectors that {@link Network.encode} is given, [T × B]; 0 for padding and hidden items. */
  rows: Int32Array;
  /** Users, [B], from 1; 0 for one never seen. */
  users: Uint32Array;
  /** The places t·B + b whose next item is asked for, [n]. Left out: the newest of each history, n = B. */
  at?: Int32Array;
}

/** The newest place of each history, [B]. */
export const newest = ({ size, length }: Pick<Batch, "size" | "length">): Int32Array =>
  Int32Array.from({ length: size }, (_, b) => (length - 1) * size + b);

/** A part of a network that has its own places for each place that is asked for. */
export interface PlaceWindow {
  /** The prefix of its parameters' names. */
  prefix: string;
  places: number;
}

/** A network, written once for training and scoring. */
export interface Network {
  readonly parameters: readonly ParameterSpec[];
  /** The part that processes only the newest places up to each one that is asked for, if there is one. */
  readonly window?: PlaceWindow;
  /**
   * Returns the vectors of some items.
   *
   * @param ids Item ids, [n], from 1, without duplicates.
   * @returns Vectors, [n + 1, E]; row 0 is the padding's, and zero.
   */
  items(pass: Pass, ids: Uint32Array): Value<Tensor2D>;
  /**
   * Returns the values added to the scores of some items, if there are any.
   *
   * @param ids Item ids, [n], from 1, without duplicates.
   * @returns Biases, [n + 1]; the first is the padding's.
   */
  biases?(pass: Pass, ids: Uint32Array): Value<Tensor1D> | undefined;
  /**
   * Returns the vectors of histories at the places asked for.
   *
   * @param items The result of {@link Network.items} for the items of the batch.
   * @returns [n, E]
   */
  encode(pass: Pass, batch: Batch, items: Value<Tensor2D>): Value<Tensor2D>;
}
