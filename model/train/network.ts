/**
 * What a network is to training and scoring: vectors of histories and vectors of items, whose dot products are the scores, with a
 * number that each item may add.
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
  /** [T × B], time-major, newest last: item ids, 0 for padding in front. A hidden item (Cloze) is `items + 1`. */
  ids: Int32Array;
  /** [T × B]: for each id its row among the items' vectors that {@link Network.encode} is given; 0 for padding and hidden items. */
  rows: Int32Array;
  /** [B]: users, from 1; 0 for one never seen. */
  users: Uint32Array;
  /** [n]: the places t·B + b whose next item is asked for. Left out: the newest of each history, n = B. */
  at?: Int32Array;
}

/** [B]: the newest place of each history. */
export const newest = ({ size, length }: Pick<Batch, "size" | "length">): Int32Array =>
  Int32Array.from({ length: size }, (_, b) => (length - 1) * size + b);

/** A part of a network that has so many places of its own for each one that is asked for. */
export interface PlaceWindow {
  /** How its parameters' names begin. */
  prefix: string;
  places: number;
}

/** A network, written once for training and scoring. */
export interface Network {
  readonly parameters: readonly ParameterSpec[];
  /** What goes by itself through the newest places up to each one that is asked for, if there is such a thing. */
  readonly window?: PlaceWindow;
  /**
   * Vectors of some items.
   *
   * @param ids [n] item ids, from 1, each once.
   * @returns [n + 1, E]; row 0 is the padding's, and zero.
   */
  items(pass: Pass, ids: Uint32Array): Value<Tensor2D>;
  /**
   * What is added to the scores of some items, if there is such a thing.
   *
   * @param ids [n] item ids, from 1, each once.
   * @returns [n + 1]; the first is the padding's.
   */
  biases?(pass: Pass, ids: Uint32Array): Value<Tensor1D> | undefined;
  /**
   * Vectors of histories at the places asked for.
   *
   * @param items What {@link Network.items} gave for the items of the batch.
   * @returns [n, E]
   */
  encode(pass: Pass, batch: Batch, items: Value<Tensor2D>): Value<Tensor2D>;
}
