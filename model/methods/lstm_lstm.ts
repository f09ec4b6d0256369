/**
 * LSTM-LSTM: one network of long short-term memory over the whole history and another over only the newest k interactions.
 *
 * Source: AutoMLP (WWW 2023) compares itself with it and names no paper. It is read here as AutoMLP with both of its interest modules made
 * of LSTM cells (Hochreiter and Schmidhuber, "Long short-term memory", Neural Computation 1997, with the forget gate of Gers et al. 2000):
 * x^l = the state after the history, x^s = the state after its newest k items from an empty state, and AutoMLP's output layer,
 * h = W^o LayerNorm([x^s, x^l]) + b^o. k is an option (`short`) and not searched.
 *
 * Training predicts the next item at every position: the long-term network processes a window once, and the short-term one the k positions
 * up to each, so that none sees what comes later. One example for each prefix instead would process T + k positions for every target, not 1
 * + k.
 *
 * RecBole has no such method.
 *
 * @module
 */
import { z } from "zod";
import { InputError } from "../../pipeline/contract/errors.ts";
import type { Tensor1D, Tensor2D, Tensor3D } from "../backend/tensor.ts";
import { ITEM_TABLE } from "../layers/embedding.ts";
import { bias, dense, type ParameterSpec } from "../layers/parameters.ts";
import { recurrentLayers, recurrentParameters } from "../layers/recurrent.ts";
import { EPSILON } from "../layers/srsmlp.ts";
import { normalize } from "../ops/normalize.ts";
import type { Value } from "../ops/tape.ts";
import { type Batch, type Network, newest, type PlaceWindow } from "../train/network.ts";
import type { Pass } from "../train/pass.ts";
import { causal, type Configured, RECURRENT_TRAINING, shapes, withDefault } from "./config.ts";
import { neuralMethod } from "./neural.ts";

const shape = {
  ...shapes,
  layers: withDefault(shapes.layers, 1),
  hidden: z.int().positive().max(16_384).default(64)
    .meta({ title: "H", description: "size of each recurrent state", space: [64, 128, 256] }),
  short: z.int().positive().max(10_000).default(5)
    .meta({ title: "K", description: "number of newest interactions that the short-term network sees" }),
  ...causal,
};
/** The method's sizes and choices. */
export type Config = Configured<typeof shape>;

/** Embeddings are initially small, so that no item stands out. */
const DEVIATION = 0.02;

class LstmLstmNetwork implements Network {
  readonly parameters: readonly ParameterSpec[];
  readonly window: PlaceWindow;

  constructor(readonly config: Config) {
    const { items, dim, hidden, layers, short, length } = config;
    if (short > length) {
      throw new InputError(
        `Cannot build LSTM-LSTM: the short-term length ${short} is above the longest history, ${length}; give --short ${length} or less, or --length ${short} or more`,
      );
    }
    this.window = { prefix: "short.", places: short };
    this.parameters = [
      { name: ITEM_TABLE, shape: [items + 1, dim], deviation: DEVIATION, rows: "items" },
      ...recurrentParameters("lstm", "long", layers, dim, hidden),
      ...recurrentParameters("lstm", "short", layers, dim, hidden),
      dense("output.wo", dim, 2 * hidden),
      bias("output.bo", dim),
    ];
  }

  items(pass: Pass, ids: Uint32Array): Value<Tensor2D> {
    return pass.table(ITEM_TABLE, ids);
  }

  encode(pass: Pass, batch: Batch, items: Value<Tensor2D>): Value<Tensor2D> {
    const { ops } = pass, { size, length, ids, rows, at = newest(batch) } = batch;
    const x = pass.dropout(ops.gather(items, rows)); // [T·B, D]
    const long = this.#states(pass, "long", x, ids, size, length);
    const { places, seen } = this.#newest(batch, at), { short } = this.config;
    const recent = this.#states(pass, "short", ops.gather(x, places), seen, at.length, short);
    const last = Int32Array.from(at, (_, i) => (short - 1) * at.length + i);
    const joint = ops.concat([ops.gather(recent, last), ops.gather(long, at)]);
    const normal = pass.dropout(normalize(ops, joint, EPSILON));
    return ops.dense(normal, pass.weight("output.wo"), pass.weight<Tensor1D>("output.bo"));
  }

  /** Computes the states after each position, [length · size, H]. */
  #states(
    pass: Pass,
    name: string,
    x: Value<Tensor2D>,
    ids: Int32Array,
    size: number,
    length: number,
  ): Value<Tensor2D> {
    const { ops } = pass, { dim, hidden, layers } = this.config;
    const sequences = ops.reshape<Tensor3D>(x, [length, size, dim]);
    const y = recurrentLayers(pass, "lstm", name, layers, sequences, ids);
    return ops.reshape(y, [length * size, hidden]);
  }

  /** Returns the k positions up to each requested one, [k × n], time-major, and the items there; 0 before the first position. */
  #newest({ size, ids }: Batch, at: Int32Array): { places: Int32Array; seen: Int32Array } {
    const { short } = this.config, n = at.length;
    const places = new Int32Array(short * n), seen = new Int32Array(short * n);
    for (let back = 0, i = places.length - n; back < short; back++, i -= n) {
      for (let j = 0; j < n; j++) {
        const place = at[j] - back * size;
        if (place < 0) continue;
        places[i + j] = place;
        seen[i + j] = ids[place];
      }
    }
    return { places, seen };
  }
}

/** LSTM-LSTM, a method that the AutoMLP paper (Li et al., WWW 2023) compares against. */
export const lstmLstm = neuralMethod({
  name: "lstm-lstm",
  title: "LSTM-LSTM",
  paper: "Hochreiter and Schmidhuber, Neural Computation 1997",
  help: "long short-term memory over the whole history and over its newest items",
  shape,
  examples: ({ examples }) => examples,
  loss: "ce",
  training: RECURRENT_TRAINING,
  network: (_dataset, config) => new LstmLstmNetwork(config),
});
